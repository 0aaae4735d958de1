"""What all tests share: no screen, one BLAS thread, patience, and where the real data lies."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is first imported
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A machine that has other things to do is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data that BRIGHTWIRE_DATA names; skips where there is none."""
    where = os.environ.get("BRIGHTWIRE_DATA", "")
    if not where or not Path(where).is_dir():
        pytest.skip("BRIGHTWIRE_DATA names no folder of real data")
    return Path(where)


@pytest.fixture(scope="session")
def real_strokes(real_data: Path) -> Path:
    """The file of real pen drawings; skips where it is missing."""
    path = real_data / "pen-strokes.ndjson.gz"
    if not path.is_file():
        pytest.skip(f"{path.name} is not in the folder that BRIGHTWIRE_DATA names")
    return path
