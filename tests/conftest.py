"""What tests share: where the real data sets are, if they are here at all."""

import os
from pathlib import Path

import pytest

# Before numpy and torch are imported: on a busy machine, more threads make small matrices many times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with `atis`, `snips` and `sgd`: SLOTFILL_SHARED_DATA, or ../shared/data beside the repository."""
    beside = Path(__file__).parent.parent.parent / "shared" / "data"
    path = Path(os.environ.get("SLOTFILL_SHARED_DATA", beside))
    if not (path / "atis").is_dir():
        pytest.skip("the shared data sets are not here (SLOTFILL_SHARED_DATA may name their folder)")
    return path
