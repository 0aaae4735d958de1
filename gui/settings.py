"""What the app remembers between two starts: each setting with its kind and its default.

Qt-free. The settings lie in a JSON file and not in Qt's own: Qt for Python runs a pickle that it
finds in there, and a settings file may come from anywhere. What cannot be understood in it counts
as the default.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from nn.formats import json_text
from nn.formats.files import write_whole

THEMES = ("system", "dark", "light")
MOST_BYTES = 1_000_000
MOST_RECENT = 8


class Store(Protocol):
    """Where settings lie; values are those of JSON."""

    def value(self, key: str, defaultValue: Any = None) -> Any: ...

    def setValue(self, key: str, value: Any) -> None: ...


class Forgetful(dict[str, Any]):
    """A store that lasts as long as the process: for pictures, measurements and tests."""

    def value(self, key: str, defaultValue: Any = None) -> Any:
        return self.get(key, defaultValue)

    def setValue(self, key: str, value: Any) -> None:
        self[key] = value


class SettingsFile:
    """A store in a JSON file, read anew each time: two windows may be open.

    A file that is missing, damaged or closed to us counts as empty; one that can't be written
    leaves the setting as it was, for the app works as well without it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def value(self, key: str, defaultValue: Any = None) -> Any:
        return self._all().get(key, defaultValue)

    def setValue(self, key: str, value: Any) -> None:
        text = json.dumps({**self._all(), key: value}, indent=1)
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, text.encode())

    def _all(self) -> dict[str, Any]:
        try:
            found = json_text.read(self._path, MOST_BYTES)
        except (ValueError, OSError):
            return {}
        return found if isinstance(found, dict) else {}


class Settings:
    """One attribute a setting."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def theme(self) -> str:
        """One of `THEMES`."""
        value = str(self._store.value("theme", "system"))
        return value if value in THEMES else "system"

    @theme.setter
    def theme(self, value: str) -> None:
        self._store.setValue("theme", value)

    @property
    def motion(self) -> bool:
        """Whether things may move."""
        return self._flag("motion", True)

    @motion.setter
    def motion(self, value: bool) -> None:
        self._store.setValue("motion", value)

    @property
    def hints_seen(self) -> bool:
        """Whether the three hints of the first start were dismissed."""
        return self._flag("hints_seen", False)

    @hints_seen.setter
    def hints_seen(self, value: bool) -> None:
        self._store.setValue("hints_seen", value)

    @property
    def recent(self) -> list[str]:
        """The session files that were opened or saved last, newest first."""
        found = self._store.value("recent", [])
        paths = found if isinstance(found, list) else []
        return [path for path in paths if isinstance(path, str)][:MOST_RECENT]

    @recent.setter
    def recent(self, paths: list[str]) -> None:
        self._store.setValue("recent", paths[:MOST_RECENT])

    @property
    def export_folder(self) -> str:
        """Where a file was exported to last; empty before the first."""
        return str(self._store.value("export_folder", ""))

    @export_folder.setter
    def export_folder(self, value: str) -> None:
        self._store.setValue("export_folder", value)

    @property
    def export_what(self) -> str:
        """The title of what was exported last."""
        return str(self._store.value("export_what", ""))

    def export_format(self, kind: str) -> str:
        """The format in which a thing of this kind was exported last."""
        return str(self._store.value(f"export_{kind.lower()}", ""))

    def remember_export(self, what: str, kind: str, form: str) -> None:
        """Begin with this the next time."""
        self._store.setValue("export_what", what)
        self._store.setValue(f"export_{kind.lower()}", form)

    def _flag(self, key: str, default: bool) -> bool:
        value = str(self._store.value(key, default)).lower()
        return {"true": True, "false": False}.get(value, default)
