"""The command: a real process, a real socket, start and stop."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from tests.server.conftest import MODEL

PATIENCE = 60  # seconds; a guard against hanging, not a measure


class Server:
    """`slotfill serve` in a process of its own."""

    def __init__(self, *options: str, model: str = str(MODEL), log: int = subprocess.PIPE) -> None:
        """`log` takes the access log; if nobody reads a pipe, the server waits once it is full."""
        command = [sys.executable, "-m", "slotfill", "serve", "--model", model, "--port", "0", *options]
        self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr
        self.notice = self.process.stderr.readline()
        self.port = int(self.notice.split("127.0.0.1:")[1].split()[0])

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def end(self, number: int) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE)  # which closes the pipes, too
        return self.process.returncode, out, err

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    if running.process.poll() is None:
        running.kill()


def post(connection: http.client.HTTPConnection, texts: list[str]) -> None:
    headers = {"Content-Type": "application/json", "X-Forwarded-For": "6.6.6.6"}  # which anybody may claim
    connection.request("POST", "/tag", json.dumps({"texts": texts}), headers)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])  # SIGHUP: its terminal was closed
def test_it_starts_answers_and_stops(server: Server, name: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as other:
        other.sendall(b"\x16\x03\x01\x02\x00 this is no HTTP\r\n\r\n")
        assert other.recv(1000).startswith(b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n")
    connection = server.connect()
    post(connection, ["leave Rome"])
    answer = connection.getresponse()
    assert answer.getheader("server") is None
    assert json.load(answer)[0]["text"] == "leave Rome"
    code, out, err = server.end(getattr(signal, name))  # the connection is still open
    connection.close()
    assert (code, err) == (0, "")  # what is no request floods nothing
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(line["path"], line["status"]) for line in lines] == [("other", 400), ("/tag", 200)]
    assert {line["client"] for line in lines} == {"127.0.0.1"}


# A server that gets the signal when it says that it is ready, or just before uvicorn takes over the signals.
EARLY = """
import signal, sys, uvicorn
from slotfill.server.running import listen, run

def stop():
    signal.raise_signal(int(sys.argv[2]))

async def app(scope, receive, send):
    pass

serve = uvicorn.Server.run
if sys.argv[1] == "before":
    uvicorn.Server.run = lambda *given, **named: (stop(), serve(*given, **named))
with listen("127.0.0.1", 0) as listening:
    run(app, listening, timeout=1, on_ready=stop if sys.argv[1] == "ready" else print, on_malformed=print)
"""


@pytest.mark.parametrize("moment", ["before", "ready"])
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_that_comes_early_is_not_lost(moment: str, name: str) -> None:
    """It was: a server that was stopped as soon as it said that it was ready stayed for ever."""
    if not hasattr(signal, name):
        pytest.skip("signals of POSIX")
    command = [sys.executable, "-c", EARLY, moment, str(int(getattr(signal, name)))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_was_accepted_is_answered(server: Server) -> None:
    """Many requests are under way when the signal comes: each is answered in full, or was never accepted."""
    connections = [server.connect() for _ in range(20)]
    for number, connection in enumerate(connections):
        post(connection, [f"leave Rome on May {number}"] * 200)
    first = connections[0].getresponse()  # so the others have been read, or are being read
    ended: list[tuple[int, str, str]] = []
    stopper = Thread(target=lambda: ended.append(server.end(signal.SIGTERM)))
    stopper.start()
    answered = 0
    for number, connection in enumerate(connections):
        try:
            found = json.load(first if connection is connections[0] else connection.getresponse())
        except (http.client.RemoteDisconnected, ConnectionResetError):
            continue
        finally:
            connection.close()
        assert [one["text"] for one in found] == [f"leave Rome on May {number}"] * 200
        answered += 1
    stopper.join()
    ((code, out, err),) = ended
    assert (code, err) == (0, "")
    statuses = [json.loads(line)["status"] for line in out.splitlines()]
    assert statuses == [200] * answered
    assert answered > 1


def test_a_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "slotfill", "serve", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"cannot listen on 127.0.0.1 port {port}" in done.stderr


def test_the_missing_extra_is_named(tmp_path: Path) -> None:
    (tmp_path / "fastapi.py").write_text('raise ModuleNotFoundError("No module named fastapi", name="fastapi")')
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "slotfill", "serve", "--port", "0"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=os.environ | {"PYTHONPATH": path}
    )
    assert done.returncode == 1
    assert 'pip install "slotfill[serve]"' in done.stderr


def test_several_models_are_served() -> None:
    running = Server("--model", "travel", log=subprocess.DEVNULL)
    try:
        connection = running.connect()
        connection.request("GET", "/models")
        assert [model["name"] for model in json.load(connection.getresponse())] == ["model", "travel"]
        connection.request("GET", "/tag?text=arrive+Taipei&model=travel")
        assert json.load(connection.getresponse())["slots"][0]["text"] == "Taipei"
        connection.close()
        assert f"serving {MODEL}, travel at" in running.notice
    finally:
        running.kill()


def test_two_models_of_one_name_are_told() -> None:
    command = [sys.executable, "-m", "slotfill", "serve", "--port", "0"]
    for models, says in (
        (["travel", "models/../models/travel"], "two models of one name"),
        (["travel", "travle"], "did you mean travel?"),
    ):
        options = [part for model in models for part in ("--model", model)]
        done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 1
        assert says in done.stderr
        assert done.stderr.count("\n") == 1
