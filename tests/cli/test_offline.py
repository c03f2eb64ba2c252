"""Nothing but what says so opens a connection (SECURITY.md)."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every attempt to connect, or to look up a name, fails the test, even where it would be forgiven."""

    def refused(*arguments: Any, **_: Any) -> None:
        pytest.fail(f"a connection to {arguments}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refused)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refused)


@pytest.mark.parametrize(
    "command",
    [
        "tag arrive_Taipei",
        "eval --data few.markup --model travel",
        "explain arrive_Taipei",
        "data stats few.markup",
        "data check travel",
        "models list",
        "bulk texts.txt out --jobs 1",
        "train --data few.markup --output m --set training.epochs=1 --set model.hidden=4",
    ],
)
def test_commands_work_without_a_network(slotfill: Run, command: str) -> None:
    if command.startswith("train"):
        pytest.importorskip("torch")
    Path("few.markup").write_text("arrive [Taipei](toloc.city_name)\n" * 8, encoding="utf-8")
    Path("texts.txt").write_text("arrive Taipei\n", encoding="utf-8")
    code, _, err = slotfill(*command.split())
    assert code == 0, err


def test_the_hub_is_what_needs_one(slotfill: Run) -> None:
    pytest.importorskip("datasets")
    with pytest.raises(pytest.fail.Exception, match="a connection to"):
        slotfill("data", "check", "hub:tuetschek/atis")
