"""What the app remembers between two starts: each setting with its kind and its default.

Qt-free: `Settings` reads and writes any store with `value` and `setValue`, as `QSettings` has. A
store may give strings back, or garbage: what cannot be understood counts as the default.
"""

from typing import Any, Protocol

THEMES = ("system", "dark", "light")


class Store(Protocol):
    """The two methods of `QSettings` that are used here."""

    def value(self, key: str, defaultValue: Any = None) -> Any: ...

    def setValue(self, key: str, value: Any) -> None: ...


class Forgetful(dict[str, Any]):
    """A store that lasts as long as the process: for pictures, measurements and tests."""

    def value(self, key: str, defaultValue: Any = None) -> Any:
        return self.get(key, defaultValue)

    def setValue(self, key: str, value: Any) -> None:
        self[key] = value


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

    def _flag(self, key: str, default: bool) -> bool:
        value = str(self._store.value(key, default)).lower()
        return {"true": True, "false": False}.get(value, default)
