"""How much the server bears: it is started, loaded over loopback, checked and stopped. Remakes docs/serve.md.

    python -m benchmarks.load [--scale 1.0] [--model travel] [--flat 100000]

Sentences per second and latencies at 1, 16 and 128 connections, single texts and lists of 100, beside the tagger in
this process. Each answer is compared with the offline one (confidences to 0.001, since the size of a batch moves the
last bits of a float). Then the event loop's latency under load, memory over `--flat` requests, and a queue that is too
small. `--scale` multiplies all other counts.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import slotfill
from slotfill.readers import load as read

NOW = "2026-11-20T09:00"
HEADINGS = (
    *("connections", "texts", "requests", "sentences/s", "of in-process", "sentences per server CPU-s"),
    *("p50 ms", "p99 ms", "sentences a batch", "refused", "lost", "wrong"),
)
ROUNDS = ((1, 1, 2000), (16, 1, 4000), (128, 1, 4000), (1, 100, 100), (16, 100, 200), (128, 100, 256))
PAUSE = 0.1  # seconds after a 503, far less than the server asks for
LONGEST = 300  # seconds: nothing takes longer


class Server:
    """`slotfill serve` in a process of its own."""

    def __init__(self, model: str, *options: str) -> None:
        command = [sys.executable, "-m", "slotfill", "serve", "--model", model, "--port", "0", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr
        found = re.search(r":(\d+) ", self.process.stderr.readline())
        if not found:
            raise SystemExit(self.process.stderr.read())
        self.port = int(found[1])

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    async def figures(self) -> Counter[str]:
        """What GET /metrics says."""
        _, body = await ask(*await connect(self.port), "GET", "/metrics")
        lines = [line.rsplit(" ", 1) for line in body.decode().splitlines() if not line.startswith("#")]
        return Counter({name: float(value) for name, value in lines})


async def connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, method: str, path: str, body: bytes = b""
) -> tuple[int, bytes]:
    """The status and the body of an answer; a client of a library would take more of the machine than the server."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = re.search(r"content-length: (\d+)", answer)
    assert length, answer
    return int(answer.split()[1]), await reader.readexactly(int(length[1]))


def percentile(seconds: Sequence[float], share: float) -> str:
    """In milliseconds."""
    return f"{1000 * sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]:.1f}"


def same(found: Any, expected: Any) -> bool:
    """Whether two answers are equal but for the last bits of confidences."""
    if type(found) is not type(expected):
        return False
    if isinstance(expected, dict):
        return list(found) == list(expected) and all(same(found[key], expected[key]) for key in expected)
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return abs(found - expected) <= 0.001 if isinstance(expected, float) else bool(found == expected)


class Load:
    """Requests from several connections at once; `wrong` counts answers that are not the offline ones."""

    def __init__(self, port: int, expected: dict[str, Any]) -> None:
        self.port, self.expected = port, expected
        self.statuses: Counter[int] = Counter()
        self.times: list[float] = []  # seconds
        self.wrong = 0

    async def run(self, *, connections: int, size: int, count: int) -> float:
        """Send `count` requests of `size` texts; gives the seconds that all of them took."""
        texts = list(self.expected)
        asked = ([texts[(n * size + k) % len(texts)] for k in range(size)] for n in range(count))
        answers: list[tuple[list[str], int, bytes]] = []

        async def work() -> None:
            connection = await connect(self.port)
            for some in asked:  # shared by all connections: whoever is free takes the next
                body = {"now": NOW} | ({"text": some[0]} if size == 1 else {"texts": some})
                began = time.perf_counter()
                status, answer = await ask(*connection, "POST", "/tag", json.dumps(body).encode())
                self.times.append(time.perf_counter() - began)
                answers.append((some, status, answer))
                if status == 503:
                    await asyncio.sleep(PAUSE)
            connection[1].close()

        began = time.perf_counter()
        async with asyncio.timeout(LONGEST):
            await asyncio.gather(*(work() for _ in range(connections)))
        seconds = time.perf_counter() - began
        for some, status, answer in answers:  # only now: checking takes time
            self.statuses[status] += 1
            expected = [self.expected[text] for text in some]
            self.wrong += status == 200 and not same(json.loads(answer), expected[0] if size == 1 else expected)
        return seconds


def row(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


async def speed(server: Server, expected: dict[str, Any], scale: float, offline: float) -> None:
    row(*HEADINGS)
    row(*["---:"] * len(HEADINGS))
    for connections, size, usual in ROUNDS:
        count = max(connections, int(usual * scale))
        load, before = Load(server.port, expected), await server.figures()
        seconds = await load.run(connections=connections, size=size, count=count)
        grown = await server.figures()
        grown.subtract(before)
        sentences, answered, refused = count * size, load.statuses[200], load.statuses[503]
        row(
            *(connections, size, count, f"{sentences / seconds:,.0f}", f"{sentences / seconds / offline:.2f}"),
            f"{sentences / grown['process_cpu_seconds_total']:,.0f}",
            *(percentile(load.times, 0.5), percentile(load.times, 0.99)),
            f"{sentences / grown['slotfill_batch_sentences_count']:.1f}",
            *(refused, count - answered - refused, load.wrong),
        )


async def health(server: Server, expected: dict[str, Any], scale: float) -> None:
    """How long GET /health takes while lists are tagged: the event loop must not wait for the tagger."""
    connection, seconds = await connect(server.port), []

    async def watch() -> None:
        while True:
            began = time.perf_counter()
            await ask(*connection, "GET", "/health")
            seconds.append(time.perf_counter() - began)
            await asyncio.sleep(0.005)

    watching = asyncio.create_task(watch())
    await Load(server.port, expected).run(connections=4, size=1000, count=max(8, int(40 * scale)))
    watching.cancel()
    p50, p99, longest = (percentile(seconds, share) for share in (0.5, 0.99, 1.0))
    print(
        f"GET /health while 4 connections send lists of 1,000: {len(seconds)} answers, "
        f"p50 {p50} ms, p99 {p99} ms, longest {longest} ms"
    )


async def flat(server: Server, expected: dict[str, Any], count: int) -> None:
    """Resident memory as requests go by."""
    sizes = []
    for _ in range(10):
        await Load(server.port, expected).run(connections=16, size=1, count=count // 10)
        sizes.append(f"{(await server.figures())['process_resident_memory_bytes'] / 2**20:.1f}")
    print(f"memory in MiB after each tenth of {count:,} requests: {' '.join(sizes)}")


async def overload(model: str, expected: dict[str, Any], scale: float) -> None:
    """A queue of 500 sentences under lists of 100 from 64 connections: what is refused is counted, nothing is lost."""
    with Server(model, "--queue", "500") as server:
        load, count = Load(server.port, expected), max(64, int(1000 * scale))
        await load.run(connections=64, size=100, count=count)
        rejected = (await server.figures())['slotfill_rejected_total{reason="queue full"}']
        print(
            f"a queue of 500, lists of 100 from 64 connections: {count} requests, {load.statuses[200]} answered, "
            f"{load.statuses[503]} refused with 503 (the server counts {rejected:.0f}), "
            f"{count - load.statuses.total()} lost, {load.wrong} wrong"
        )


def in_process(tagger: slotfill.Tagger, texts: Sequence[str]) -> float:
    """Sentences a second of `Tagger.tag` with its JSON, in batches of 256, without a server."""
    texts = (list(texts) * (5_000 // len(texts) + 1))[:5_000]
    began = time.perf_counter()
    for start in range(0, len(texts), 256):
        for annotation in tagger.tag(texts[start : start + 256], clock=datetime.fromisoformat(NOW)):
            json.dumps(annotation.to_dict(), ensure_ascii=False)
    return len(texts) / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="travel")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--flat", type=int, default=0)
    options = parser.parse_args()
    tagger = slotfill.load(options.model)
    texts = list(islice(dict.fromkeys(example.text for example in read("travel").splits["dev"]), 500))
    answers = tagger.tag(texts, clock=datetime.fromisoformat(NOW))
    expected = json.loads(json.dumps({answer.text: answer.to_dict() for answer in answers}))
    offline = in_process(tagger, texts)
    print(f"in-process, batches of 256, with JSON: {offline:,.0f} sentences/s")
    with Server(options.model) as server:
        asyncio.run(speed(server, expected, options.scale, offline))
        asyncio.run(health(server, expected, options.scale))
        if options.flat:
            asyncio.run(flat(server, expected, options.flat))
    asyncio.run(overload(options.model, expected, options.scale))


if __name__ == "__main__":
    main()
