"""The choice of the data set."""

import pytest

from gui.widgets.data_menu import EMPTY, OFFERS, DataMenu, Offer
from tests.widgets import amount, shown


@pytest.fixture
def menu(qtbot):
    return shown(qtbot, DataMenu(), 260, 32)


def entries(menu):
    return [action for action in menu.menu().actions() if not action.isSeparator()]


def test_before_a_choice_it_asks_for_one(menu):
    assert menu.title == EMPTY
    assert menu.accessibleName() == f"Data set: {EMPTY}"
    assert menu.current == ""
    assert amount(menu, "muted", within=60) > 20


def test_all_five_kinds_of_data_are_offered(menu):
    assert [action.data() for action in entries(menu)] == [
        *("drawn", "mnist", "cifar-10", "folder", "drawings")
    ]


def test_choosing_tells_and_waits_to_be_told(menu, qtbot):
    with qtbot.waitSignal(menu.data_chosen) as told:
        entries(menu)[1].trigger()
    assert told.args == ["mnist"]
    assert menu.current == "", "loading may fail or be cancelled"


def test_the_data_set_in_use_is_named_and_marked(menu):
    menu.set_current("mnist")
    assert menu.title == "MNIST"
    menu.menu().aboutToShow.emit()
    assert [not action.icon().isNull() for action in entries(menu)] == [
        *(False, True, False, False, False)
    ]


def test_the_title_may_say_more(menu):
    menu.set_current("folder", "beards & badgers")
    assert menu.title == "beards & badgers"
    assert menu.accessibleName() == "Data set: beards & badgers"
    menu.set_current("folder", "a folder with a name that is much too long for this " * 4)
    menu.grab()


def test_an_offer_may_be_closed_with_a_reason(menu, qtbot):
    closed = Offer("drawings", "My drawings", "draw some in Sketch first", enabled=False)
    menu.set_offers([*OFFERS[:4], closed])
    last = entries(menu)[-1]
    assert not last.isEnabled()
    assert "draw some in Sketch first" in last.text()
    with qtbot.assertNotEmitted(menu.data_chosen):
        last.trigger()


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("width", [120, 700])
def test_it_paints_at_any_width_in_both_themes(qtbot, look, width):
    menu = shown(qtbot, DataMenu(), width, 32, look)
    menu.set_current("cifar-10")
    assert amount(menu, "text", within=60) > 10


def test_it_has_its_names(menu):
    assert menu.objectName() == "data_menu"
    assert menu.toolTip()
