"""While slotfill tags, numpy has one thread; before and after, it has the user's setting."""

from collections.abc import Iterator

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from slotfill import Tagger
from slotfill.runtime.forward import Runtime
from slotfill.runtime.threads import one_thread


def threads() -> set[int]:
    np.zeros((2, 2)) @ np.zeros((2, 2))
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.fixture(autouse=True)
def two_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process without a setting, in which numpy uses two threads."""
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with threadpool_limits(limits=2, user_api="blas"):
        if threads() != {2}:
            pytest.skip("numpy's library does not take two threads here")
        yield
        assert threads() == {2}


def test_one_thread_and_then_the_setting_before() -> None:
    with one_thread():
        assert threads() == {1}


def test_the_setting_is_restored_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError


def test_the_last_thread_restores_the_setting() -> None:
    first, second = one_thread(), one_thread()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert threads() == {1}
    second.__exit__(None, None, None)


def test_the_environment_variable_makes_a_limit_unnecessary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    with one_thread():
        assert threads() == {2}


def test_a_tagger_uses_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    run = Runtime.run

    def watched(runtime: Runtime, *arguments: object, **settings: object) -> object:
        seen.append(threads())
        return run(runtime, *arguments, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(Runtime, "run", watched)
    Tagger.load().tag(["arrive Taipei"] * 100)  # fewer need no numpy
    assert seen == [{1}]
