"""The house's floors: imports go down only, and every file has a floor.

A new file in a folder with a row has its floor from there; any other needs a row in FLOORS, or the
tests fail and name it. Docs: "Floors" in CONTRIBUTING.md.
"""

import ast
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# File pattern, floor, rules; the first pattern that fits counts. A file may import its own floor
# and those below, but for what a rule says: "apart" from its neighbours in the folder, "no qt".
FLOORS = (
    ("gui/__init__.py", 0, "no qt"),
    ("gui/*/__init__.py", 0, "no qt"),
    ("nn/typing.py", 0, "no qt"),
    ("nn/functional.py", 0, "no qt"),
    ("nn/initializers.py", 0, "no qt"),
    ("nn/network.py", 1, "no qt"),
    ("nn/plan.py", 1, "no qt"),
    ("nn/text.py", 1, "no qt"),
    ("nn/words.py", 1, "no qt"),
    ("nn/layers/*", 1, "no qt"),
    ("nn/losses.py", 1, "no qt"),
    ("nn/optimizers.py", 1, "no qt"),
    ("nn/metrics.py", 1, "no qt"),
    ("nn/schedules.py", 1, "no qt"),
    ("nn/generators.py", 1, "no qt"),
    ("nn/shuffle.py", 1, "no qt"),
    ("nn/inspection.py", 1, "no qt"),
    ("nn/fitting.py", 2, "no qt"),
    ("nn/workers.py", 2, "no qt"),
    ("nn/gradcheck.py", 1, "no qt"),
    ("nn/explain.py", 2, "no qt"),
    ("nn/photo_*.py", 2, "no qt"),
    ("nn/__init__.py", 2, "no qt"),
    ("nn/__main__.py", 2, "no qt"),
    ("nn/cli.py", 2, "no qt"),
    ("nn/field.py", 2, "no qt"),
    ("nn/point_presets.py", 2, "no qt"),
    ("nn/perceptron.py", 1, "no qt"),
    ("nn/presets.py", 2, "no qt"),
    ("nn/training.py", 2, "no qt"),
    ("nn/checkpoint.py", 2, "no qt"),
    ("nn/snapshot.py", 2, "no qt"),
    ("nn/formats/*", 2, "no qt"),
    ("nn/data/*", 2, "no qt"),
    ("nn/bench/*", 2, "no qt"),
    ("nn/commands/*", 2, "no qt"),
    ("gui/cells.py", 3, "no qt"),
    ("gui/chart.py", 3, "no qt"),
    ("gui/curves.py", 3, "no qt"),
    ("gui/image_history.py", 3, "no qt"),
    ("gui/image_looks.py", 3, "no qt"),
    ("gui/image_settings.py", 3, "no qt"),
    ("gui/layer_arithmetic.py", 3, "no qt"),
    ("gui/layer_enlarged.py", 3, "no qt"),
    ("gui/layer_facts.py", 3, "no qt"),
    ("gui/layer_layout.py", 3, "no qt"),
    ("gui/layer_words.py", 3, "no qt"),
    ("gui/layer_*.py", 3, ""),  # parts of the layer inspector
    ("gui/commons_api.py", 3, "no qt"),
    ("gui/photo_data.py", 3, "no qt"),
    ("gui/photo_parts.py", 3, "no qt"),
    ("gui/photo_reading.py", 3, "no qt"),
    ("gui/photo_why.py", 3, "no qt"),
    ("gui/web_drop.py", 3, "no qt"),
    ("gui/kept.py", 3, "no qt"),
    ("gui/line_styles.py", 3, "no qt"),
    ("gui/optimizer_settings.py", 3, "no qt"),
    ("gui/picture_rows.py", 3, "no qt"),
    ("gui/plane.py", 3, "no qt"),
    ("gui/plane_marks.py", 3, ""),
    ("gui/plane_painting.py", 3, ""),
    ("gui/points_batches.py", 3, "no qt"),
    ("gui/points_settings.py", 3, "no qt"),
    ("gui/network/camera.py", 3, "no qt"),
    ("gui/network/layout.py", 3, "no qt"),
    ("gui/network/shown.py", 3, "no qt"),
    ("gui/network/stages.py", 3, "no qt"),
    ("gui/network/wires.py", 3, "no qt"),
    ("gui/network/words.py", 3, "no qt"),
    ("gui/network/*", 3, ""),  # painters of the network view's parts
    ("gui/confusion.py", 3, "no qt"),
    ("gui/confusion_painting.py", 3, ""),
    ("gui/pictures.py", 3, ""),
    ("gui/wall_layout.py", 3, "no qt"),
    ("gui/settings.py", 3, "no qt"),
    ("gui/sketch_state.py", 3, "no qt"),
    ("gui/strips.py", 3, "no qt"),
    ("gui/system_check.py", 3, "no qt"),
    ("gui/tiles.py", 3, "no qt"),
    ("gui/twin.py", 3, "no qt"),
    ("gui/layouts.py", 3, ""),
    ("gui/motion.py", 3, ""),  # the look, which every widget paints with
    ("gui/network_*.py", 3, ""),
    ("gui/painted_area.py", 3, ""),
    ("gui/painting.py", 3, ""),
    ("gui/paper.py", 3, ""),
    ("gui/plot.py", 3, ""),
    ("gui/theme.py", 3, ""),
    ("gui/actions.py", 4, ""),
    ("gui/errors.py", 4, ""),
    ("gui/image_session.py", 4, ""),
    ("gui/image_training.py", 4, ""),
    ("gui/image_worker.py", 4, ""),
    ("gui/points_training.py", 4, ""),
    ("gui/points_worker.py", 4, ""),
    ("gui/commons.py", 4, ""),
    ("gui/fetch.py", 4, ""),
    ("gui/photo_session.py", 4, ""),
    ("gui/photo_training.py", 4, ""),
    ("gui/session.py", 4, ""),
    ("gui/tasks.py", 4, ""),
    ("gui/training.py", 4, ""),
    ("gui/worker.py", 4, ""),
    ("gui/workspace.py", 4, ""),
    ("gui/widgets/*", 4, "apart"),
    ("gui/exporting/exportable.py", 4, ""),
    ("gui/exporting/film.py", 3, "no qt"),
    ("gui/exporting/gif.py", 3, "no qt"),
    ("gui/exporting/naming.py", 3, "no qt"),
    ("gui/exporting/tables.py", 3, "no qt"),
    ("gui/exporting/*", 5, ""),
    ("gui/drawing_board.py", 5, ""),
    ("gui/help_dialog.py", 5, ""),
    ("gui/sketch_exports.py", 5, ""),
    ("gui/training_fields.py", 5, ""),
    ("gui/header.py", 5, ""),
    ("gui/images/*", 5, ""),
    ("gui/keeping/contents.py", 5, ""),
    ("gui/keeping/files.py", 3, "no qt"),
    ("gui/keeping/*", 5, ""),
    ("gui/photo/*", 5, ""),
    ("gui/points/*", 5, ""),
    ("gui/workspaces/*", 5, "apart"),
    ("gui/__main__.py", 6, ""),
    ("gui/app.py", 6, ""),
    ("gui/bench*.py", 6, ""),
    ("gui/main_window.py", 6, ""),
    ("gui/screenshot.py", 6, ""),
)

QT = ("PySide6", "shiboken6", "pyqtgraph", "PyQt6", "PyQt5", "PySide2")

FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for top in ("nn", "gui")
    for path in (ROOT / top).rglob("*.py")
)


def floor_of(path: str) -> tuple[int, str]:
    """The floor of a file and whether its neighbours are kept apart."""
    for pattern, floor, rule in FLOORS:
        if fnmatch(path, pattern):
            return floor, rule
    raise AssertionError(f"{path} has no floor: give it a row in FLOORS")


def modules(path: str, files: list[str], source: str) -> set[str]:
    """Files of this project that a file imports, wherever in it the import stands."""
    known = set(files)
    found = set()

    def add(dotted: str) -> bool:
        stem = dotted.replace(".", "/")
        for candidate in (f"{stem}.py", f"{stem}/__init__.py"):
            if candidate in known:
                found.add(candidate)
                return True
        return False

    package = path.split("/")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for name in node.names:
                add(name.name)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            # `from nn.data import strokes` means the module, not the package it lies in.
            named = [add(f"{origin}.{name.name}") for name in node.names]
            if not all(named):
                add(origin)
    return found - {path}


def imported_tops(source: str) -> set[str]:
    """First names of all absolute imports."""
    tops = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            tops |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            tops.add(node.module.split(".")[0])
    return tops


def complaints(path: str, files: list[str], source: str) -> list[str]:
    """Imports of one file that break a rule of the house."""
    floor, rule = floor_of(path)
    wrong = []
    for target in sorted(modules(path, files, source)):
        other, _ = floor_of(target)
        if target.endswith("/__init__.py") and target.split("/")[0] == path.split("/")[0]:
            continue  # a package's face: what it gathers is checked in that file
        if other > floor:
            wrong.append(f"{path} (floor {floor}) imports {target} (floor {other})")
        elif other == floor and rule == "apart" and Path(target).parent == Path(path).parent:
            wrong.append(f"{path} imports its neighbour {target}")
        if path.startswith("nn/") and target.startswith("gui/"):
            wrong.append(f"{path} imports {target}: nn knows nothing of gui")
    return wrong


@pytest.mark.parametrize("path", FILES)
def test_imports_go_down_only(path):
    assert not complaints(path, FILES, (ROOT / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES)
def test_what_is_to_work_without_qt_does_not_import_it(path):
    if "no qt" in floor_of(path)[1]:
        assert not imported_tops((ROOT / path).read_text(encoding="utf-8")) & set(QT)


@pytest.mark.parametrize("path", [path for path in FILES if path.startswith("nn/")])
def test_the_engine_needs_numpy_and_nothing_else(path):
    foreign = imported_tops((ROOT / path).read_text(encoding="utf-8"))
    foreign -= {*sys.stdlib_module_names, "nn", "numpy"}
    if path == "nn/data/photo.py":
        foreign -= {"PIL"}
    if path.startswith("nn/bench/"):
        foreign -= {"torch"}  # for comparison, where it is installed
    assert not foreign


def test_no_pattern_stands_twice_in_the_table():
    patterns = [pattern for pattern, _, _ in FLOORS]
    assert sorted(set(patterns)) == sorted(patterns)


def check(source: str, path: str) -> list[str]:
    """Complaints about a file that isn't there."""
    return complaints(path, [*FILES, path], source)


def test_an_import_that_goes_up_is_found():
    assert check("from gui.main_window import MainWindow", "gui/widgets/canvas.py")
    assert check("def late():\n    import nn.presets", "nn/layers/new.py")
    assert check("from nn import training", "nn/functional.py")
    assert check("from .. import presets", "nn/layers/new.py")
    assert not check("from nn.data import strokes", "gui/widgets/canvas.py")


def test_neighbours_that_are_kept_apart_are_found():
    assert check("from gui.widgets.canvas import Canvas", "gui/widgets/new.py")
    assert check("from .canvas import Canvas", "gui/widgets/new.py")
    assert check("from gui.workspaces import sketch", "gui/workspaces/new.py")
    assert not check("from gui.widgets.canvas import Canvas", "gui/workspaces/new.py")


def test_a_file_without_a_floor_is_named():
    with pytest.raises(AssertionError, match=r"gui/cellar\.py has no floor"):
        floor_of("gui/cellar.py")


def test_the_wheel_holds_the_two_packages_and_the_assets():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [
        "gui",
        "nn",
        "assets",
    ]
    assert project["project"]["scripts"]["brightwire"] == "gui.app:main"
    for package in ("gui", "nn", "assets"):
        assert (ROOT / package / "__init__.py").is_file()
    for folder in {(ROOT / path).parent for path in FILES}:
        assert (folder / "__init__.py").is_file(), f"{folder.name} would not be a package"
