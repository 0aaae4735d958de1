"""The grid's geometry."""

import pytest

from gui.cells import NOWHERE, CellGrid


@pytest.mark.parametrize("size", [1, 4, 6, 7, 28, 32])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_each_pixel_belongs_to_the_cell_that_is_painted_over_it(size, ratio):
    grid = CellGrid(10, 20, 131 / ratio, size, ratio)
    for row in range(size):
        for column in range(size):
            x, y, wide, high = grid.box(row, column)
            for part in (0.02, 0.5, 0.98):
                assert grid.cell_at(x + wide * part, y + high * part) == (row, column)


def test_borders_lie_on_whole_device_pixels():
    grid = CellGrid(0, 0, 100, 7, 1.5)
    assert all((edge * 1.5) == pytest.approx(round(edge * 1.5)) for edge in grid.edges)


def test_beside_the_grid_is_nowhere():
    grid = CellGrid(10, 10, 60, 6)
    assert grid.cell_at(9.9, 30) == NOWHERE
    assert grid.cell_at(30, 70) == NOWHERE
    assert grid.cell_at(float("nan"), 30) == NOWHERE


def test_a_fast_way_misses_no_cell_of_its_row():
    grid = CellGrid(0, 0, 60, 6)
    assert list(grid.cells_between((5, 5), (55, 5))) == [(0, k) for k in range(6)]
