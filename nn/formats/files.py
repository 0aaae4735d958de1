"""Writing a file so that it is either the old one or the new one, never half of each."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to a new file beside ``path`` and rename it to ``path``.

    Both the file and its folder are on the disk when this returns, where the system can promise
    that. A file that is replaced leaves its permissions to the new one; a link stays a link, and
    what it points to is replaced. Raises OSError that names ``path``: the old file is untouched
    then, and nothing else is left beside it.
    """
    path = Path(os.path.realpath(path))
    beside = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        try:
            with open(beside, "xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            with suppress(OSError):  # there is no old file, or the drive knows no permissions
                os.chmod(beside, stat.S_IMODE(os.stat(path).st_mode))
            os.replace(beside, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(beside)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    with suppress(OSError):  # not every system can do this with a folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
