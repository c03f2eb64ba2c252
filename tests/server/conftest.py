"""What the tests of the server share: the small model, and clients that need no socket."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient

from slotfill.catalogue import summarize
from slotfill.server.app import application
from slotfill.tagger import Tagger, find_bundle

MODEL = Path(__file__).parent.parent / "golden" / "model"
PATIENCE = 30  # seconds; a guard against hanging, not a measure


@asynccontextmanager
async def serving(config: uvicorn.Config, listening: socket.socket) -> AsyncIterator[None]:
    """A server in the loop of the test."""
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    running = asyncio.create_task(server._serve([listening]))
    async with asyncio.timeout(PATIENCE):
        while not server.started:
            await asyncio.sleep(0)
        yield
        server.should_exit = True
        await running


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
