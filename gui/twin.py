"""Widgets of which there can be another that shows the same: for a file, in another size or look.

Qt-free.
"""

from typing import ClassVar, Self


class Twin:
    """To be inherited before the widget; its constructor must need no arguments."""

    contents: ClassVar[tuple[str, ...]] = ()
    """The attributes that make up what it shows; they are shared, and so must not be changed."""

    def twin(self) -> Self:
        """A new one that shows the same as this one now, with no parent and nothing pointed at."""
        made = type(self)()
        for name in self.contents:
            setattr(made, name, getattr(self, name))
        return made
