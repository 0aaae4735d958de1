"""Names of files that every system takes. Qt-free."""

import re
from collections.abc import Sequence

LONGEST = 80  # characters, the suffix aside
FEW = 4  # classes that are named one by one
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # on Windows


def file_name(words: str, suffix: str) -> str:
    """A file's name for words that a person may have typed: no path, no hidden or reserved name."""
    name = "".join(c for c in words if not "\ud800" <= c <= "\udfff")
    name = " ".join(_FORBIDDEN.sub("-", name).split())[:LONGEST].strip(" .-")
    if not name or _RESERVED.fullmatch(name):
        name = f"brightwire {name}".strip()
    return name + suffix


def of_classes(names: Sequence[str]) -> str:
    """ "X or O"; of many classes how many."""
    return " or ".join(names) if len(names) <= FEW else f"{len(names)} classes"
