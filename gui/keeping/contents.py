"""All workspaces as one: what a session file holds of them, and whether something changed."""

from collections.abc import Callable, Hashable, Mapping

from gui import kept
from gui.workspace import Workspace
from nn.formats.archive import Parts

WINDOW = "session.json"
Stamps = Mapping[str, Hashable]


class Contents:
    """The workspaces that were visited, and the parts that wait for the first visit of others.

    `made` has them by name; the one that is there from the start comes first.
    """

    def __init__(self, first: str, workspace: Workspace) -> None:
        self.made = {first: workspace}
        self.front = first
        self._waiting: dict[str, Parts] = {}
        self._untouched: dict[str, Hashable] = {first: workspace.stamp()}

    def add(self, name: str, workspace: Workspace) -> str:
        """Take in a workspace at its first visit; what of its parts did not fit, as a sentence."""
        self._untouched[name] = workspace.stamp()
        self.made[name] = workspace
        waiting = self._waiting.pop(name, {})
        return self._fill(name, workspace, waiting) if waiting else ""

    # -- whether something changed -----------------------------------------------------------

    def stamps(self) -> Stamps:
        """How everything is now, to be given to `differs` later."""
        return {name: workspace.stamp() for name, workspace in self.made.items()}

    def untouched(self) -> Stamps:
        """How everything was when it was restored, or begun."""
        return dict(self._untouched)

    def differs(self, stamps: Stamps) -> bool:
        """Whether a person made, set or trained anything since."""
        return any(
            workspace.stamp() != stamps.get(name, self._untouched[name])
            for name, workspace in self.made.items()
        )

    # -- what a session file holds -----------------------------------------------------------

    def state(self) -> Callable[[], Parts]:
        """Take what is of this moment; what is returned makes the parts, in another thread."""
        front, waiting = self.front, dict(self._waiting)
        takes = {name: workspace.state() for name, workspace in self.made.items()}

        def parts() -> Parts:
            found: Parts = {WINDOW: {"front": front}}
            for name, inside in waiting.items():
                found |= kept.within(name, inside)
            for name, take in takes.items():
                found |= kept.within(name, take())
            return found

        return parts

    def restore(self, parts: Parts) -> list[str]:
        """Become what the parts tell of; what of them did not fit, in sentences.

        Raises ValueError, one sentence, when the first workspace's do not: nothing changes then.
        """
        folders = {name.split("/")[0] for name in parts if "/" in name}
        found = {name: kept.below(name, parts) for name in folders}
        (first, workspace), *others = self.made.items()
        workspace.restore(found.pop(first, {}))
        self._untouched[first] = workspace.stamp()
        problems = [self._fill(name, other, found.pop(name, {})) for name, other in others]
        self._waiting = found
        window = parts.get(WINDOW)
        front = window.get("front") if isinstance(window, dict) else None
        self.front = front if isinstance(front, str) else first
        return [problem for problem in problems if problem]

    def _fill(self, name: str, workspace: Workspace, parts: Parts) -> str:
        problem = ""
        try:
            workspace.restore(parts)
        except ValueError as error:
            problem = f"{name.capitalize()} begins empty, for it can't be read: {error}"
            workspace.restore({})
        self._untouched[name] = workspace.stamp()
        return problem
