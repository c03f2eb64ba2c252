"""What a request costs the server, in CPU microseconds, beside other trees and an application that does nothing.

    python -m benchmarks.request [--against TREE]... [--rounds 7] [--count 1000]

All servers run at once and take turns within a round, so that other load on the machine hits all of them; an idle one
costs nothing. CPU time is that of the whole process, by the kernel's clock; rates and latencies depend on what else the
machine does. The client is one thread that waits for sockets and counts bytes, since its own time comes from the same
cores. `nothing` is uvicorn with an application that reads the body and answers with as many bytes as slotfill. TREE is
a checkout with a `.venv`.
"""

import argparse
import json
import os
import re
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.documents import table
from slotfill.readers import load as read

NOW = "2026-11-20T09:00"
LOADS = ((1, 1), (16, 1), (128, 1), (1, 100))  # connections, texts
HEADINGS = ("connections", "texts", "server", "server us", "lowest-highest", "client us", "sentences/s", "p50 ms")

BARE = """
import socket, sys, uvicorn
ANSWER = b"x" * 600
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"600")]
async def app(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": ANSWER})
listening = socket.create_server(("127.0.0.1", 0), backlog=128)
listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print(f":{listening.getsockname()[1]} ", file=sys.stderr, flush=True)
config = uvicorn.Config(app, access_log=False, log_level="error", lifespan="off", ws="none", loop=sys.argv[1])
uvicorn.Server(config).run(sockets=[listening])
"""


class Server(NamedTuple):
    """A running server."""

    name: str
    process: int
    port: int


class Turn(NamedTuple):
    """What a server took for its share of a round."""

    server: float  # CPU seconds
    client: float  # CPU seconds
    seconds: float
    times: list[float]  # seconds, of each request


@contextmanager
def running(name: str, command: Sequence[str], *, tree: Path | None = None) -> Iterator[Server]:
    """A server that tells its port on standard error."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=tree)
    assert process.stderr
    found = re.search(r":(\d+) ", process.stderr.readline())
    if not found:
        raise SystemExit(process.stderr.read())
    try:
        yield Server(name, process.pid, int(found[1]))
    finally:
        process.terminate()
        process.wait()


def cpu(process: int) -> float:
    """CPU seconds of a process so far (clock_getcpuclockid of Linux)."""
    return time.clock_gettime((~process << 3) | 2)


def requests(texts: Sequence[str], size: int, count: int) -> list[bytes]:
    """`POST /tag` with `size` texts each."""
    found = []
    for n in range(count):
        some = [texts[(n * size + k) % len(texts)] for k in range(size)]
        body = json.dumps({"now": NOW} | ({"text": some[0]} if size == 1 else {"texts": some})).encode()
        head = f"POST /tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        found.append(f"{head}\r\n\r\n".encode() + body)
    return found


def is_whole(answer: bytes) -> bool:
    """Whether all of an answer has come."""
    head, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    return bool(end) and length is not None and len(body) >= int(length[1])


def turn(server: Server, waiting: deque[bytes], connections: int) -> Turn:
    """Send all requests over several connections, each of which sends its next one after the answer."""
    count = len(waiting)
    times: list[float] = []
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        sockets = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(connections)
        ]
        for one in sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(one, selectors.EVENT_READ)
        server_began, client_began, began = cpu(server.process), time.process_time(), time.perf_counter()
        asked: dict[int, float] = {}
        parts: dict[int, bytes] = {}
        for one in sockets:
            asked[one.fileno()] = time.perf_counter()
            one.sendall(waiting.popleft())
        while len(times) < count:
            for key, _ in selector.select():
                asking = key.fileobj
                assert isinstance(asking, socket.socket)
                answer = parts.pop(key.fd, b"") + asking.recv(1 << 20)
                assert answer.startswith(b"HTTP/1.1 200 "), answer[:200]
                if not is_whole(answer):
                    parts[key.fd] = answer
                    continue
                times.append(time.perf_counter() - asked[key.fd])
                if waiting:
                    asked[key.fd] = time.perf_counter()
                    asking.sendall(waiting.popleft())
        seconds = time.perf_counter() - began
        return Turn(cpu(server.process) - server_began, time.process_time() - client_began, seconds, times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", type=Path, action="append", default=[])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--count", type=int, default=1000, help="requests of one text; of lists a twentieth")
    parser.add_argument("--loop", action="append", default=[], help="of `nothing`: asyncio, uvloop")
    options = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    texts = list(islice(dict.fromkeys(example.text for example in read("travel").splits["dev"]), 500))
    with ExitStack() as stack:
        serve = ["-m", "slotfill", "serve", "--port", "0"]
        servers = [stack.enter_context(running("this tree", [sys.executable, *serve]))]
        for tree in options.against:
            python = str(tree.absolute() / ".venv" / "bin" / "python")
            servers.append(stack.enter_context(running(tree.name, [python, *serve], tree=tree)))
        servers += [
            stack.enter_context(running(f"nothing, {loop}", [sys.executable, "-c", BARE, loop]))
            for loop in options.loop or ["asyncio"]
        ]
        rows = []
        for connections, size in LOADS:
            count = max(connections, options.count if size == 1 else options.count // 20)
            turns: dict[Server, list[Turn]] = {server: [] for server in servers}
            for _ in range(options.rounds + 1):
                for server, found in turns.items():
                    found.append(turn(server, deque(requests(texts, size, count)), connections))
            for server, (_, *found) in turns.items():  # the first one warms up
                per = sorted(1e6 * one.server / count / size for one in found)
                client = median(1e6 * one.client / count / size for one in found)
                rate = median(count * size / one.seconds for one in found)
                p50 = median(1000 * median(one.times) for one in found)
                cells = (
                    f"{median(per):.0f}",
                    f"{per[0]:.0f}-{per[-1]:.0f}",
                    f"{client:.0f}",
                    f"{rate:,.0f}",
                    f"{p50:.2f}",
                )
                rows.append([str(connections), str(size), server.name, *cells])
        print(table(HEADINGS, rows, words=(2,)))


if __name__ == "__main__":
    main()
