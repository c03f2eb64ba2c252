"""What the tests of the server share: the small model, and clients that need no socket."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from slotfill.catalogue import summarize
from slotfill.server.app import application
from slotfill.tagger import Tagger, find_bundle

MODEL = Path(__file__).parent.parent / "golden" / "model"


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load(MODEL)


Start = Callable[..., TestClient]


@pytest.fixture
def log() -> list[dict[str, Any]]:
    """The lines of the access log."""
    return []


@pytest.fixture
def start(tagger: Tagger, log: list[dict[str, Any]]) -> Iterator[Start]:
    """Start a server; it stops after the test."""
    running: list[TestClient] = []

    def begin(instead: Any = None, names: Sequence[str] = ("small",), others: Any = None, **options: Any) -> TestClient:
        settings: dict[str, Any] = {"hosts": {"localhost"}, "log": lambda line: log.append(json.loads(line))}
        taggers = dict.fromkeys(names, instead or tagger) | (others or {})
        models = [summarize(name, find_bundle(MODEL)) for name in names]
        app = application(taggers, models=models, **(settings | options))
        client = TestClient(app, base_url="http://localhost:8000", raise_server_exceptions=False)
        client.__enter__()
        running.append(client)
        return client

    yield begin
    for client in running:
        client.__exit__(None, None, None)


@pytest.fixture
def client(start: Start) -> TestClient:
    return start()
