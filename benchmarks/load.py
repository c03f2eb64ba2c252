"""How much the server bears: it is started, loaded over loopback, checked and stopped.

    python benchmarks/load.py [--scale 1.0] [--model travel] [--flat 100000]

Sentences per second and latencies at 1, 16 and 128 connections, single texts and lists of 100, beside the tagger in a
process of its own; each answer is compared with the offline one (confidences to 0.001, since the size of a batch moves
the last bits of a float). Then the event loop's latency under load, a queue that is too small, and memory over many
requests. `--scale` multiplies the counts, `--flat` is the number of requests of the last part (0: leave it out).
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
LONGEST = 300  # seconds: no part takes longer


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

    async def figures(self) -> dict[str, float]:
        """What GET /metrics says."""
        connection = await Connection.open(self.port)
        _, body = await connection.ask("GET", "/metrics")
        connection.close()
        lines = [line.rsplit(" ", 1) for line in body.decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}


class Connection:
    """One connection that is kept. A client of a library would take more of the machine than the server does."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """Connect to a port of this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 24))

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """The status and the body of an answer."""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        self.writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"content-length: (\d+)", answer)
        assert length, answer
        return int(answer.split()[1]), await self.reader.readexactly(int(length[1]))

    def close(self) -> None:
        """Hang up."""
        self.writer.close()


def percentile(sorted_values: Sequence[float], share: float) -> float:
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def same(found: Any, expected: Any) -> bool:
    """Whether two answers are equal but for the last bits of confidences."""
    if isinstance(expected, dict):
        alike = isinstance(found, dict) and list(found) == list(expected)
        return alike and all(same(found[key], expected[key]) for key in expected)
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(expected, float):
        return isinstance(found, float) and abs(found - expected) <= 0.001
    return bool(found == expected)


class Load:
    """Requests from several connections at once; `wrong` counts answers that are not the offline ones."""

    def __init__(self, port: int, texts: Sequence[str], expected: dict[str, Any]) -> None:
        self.port = port
        self.texts = texts
        self.expected = expected
        self.statuses: Counter[int] = Counter()
        self.times: list[float] = []  # seconds, ascending
        self.wrong = 0

    async def run(self, *, connections: int, size: int, count: int) -> float:
        """Send `count` requests of `size` texts; gives the seconds that all of them took."""
        total = len(self.texts)
        asked = ([self.texts[(n * size + k) % total] for k in range(size)] for n in range(count))
        answers: list[tuple[list[str], int, bytes]] = []

        async def work() -> None:
            connection = await Connection.open(self.port)
            for texts in asked:  # shared by all connections: whoever is free takes the next
                body = {"text": texts[0]} if size == 1 else {"texts": texts}
                began = time.perf_counter()
                status, answer = await connection.ask("POST", "/tag", json.dumps(body | {"now": NOW}).encode())
                self.times.append(time.perf_counter() - began)
                answers.append((texts, status, answer))
                if status == 503:
                    await asyncio.sleep(PAUSE)
            connection.close()

        began = time.perf_counter()
        async with asyncio.timeout(LONGEST):
            await asyncio.gather(*(work() for _ in range(connections)))
        seconds = time.perf_counter() - began
        self.times.sort()
        for texts, status, answer in answers:
            self.statuses[status] += 1
            if status == 200:
                expected = [self.expected[text] for text in texts]
                self.wrong += not same(json.loads(answer), expected[0] if size == 1 else expected)
        return seconds

    def milliseconds(self, share: float) -> str:
        """A percentile of the times."""
        return f"{percentile(self.times, share) * 1000:.1f}"


async def speed(server: Server, texts: Sequence[str], expected: dict[str, Any], scale: float, offline: float) -> None:
    row(*HEADINGS)
    row(*["---:"] * len(HEADINGS))
    for connections, size, usual in ROUNDS:
        count = max(connections, int(usual * scale))
        before = await server.figures()
        load = Load(server.port, texts, expected)
        seconds = await load.run(connections=connections, size=size, count=count)
        after = await server.figures()
        grown = {name: value - before.get(name, 0) for name, value in after.items()}
        sentences = count * size
        row(
            connections,
            size,
            count,
            f"{sentences / seconds:,.0f}",
            f"{sentences / seconds / offline:.2f}",
            f"{sentences / grown['process_cpu_seconds_total']:,.0f}",
            load.milliseconds(0.5),
            load.milliseconds(0.99),
            f"{sentences / grown['slotfill_batch_sentences_count']:.1f}",
            load.statuses[503],
            count - load.statuses[200] - load.statuses[503],
            load.wrong,
        )


def row(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


async def health(server: Server, texts: Sequence[str], expected: dict[str, Any], scale: float) -> None:
    """How long GET /health takes while lists are tagged: the event loop must not wait for the tagger."""
    connection = await Connection.open(server.port)
    seconds = []

    async def ask() -> None:
        while True:
            began = time.perf_counter()
            await connection.ask("GET", "/health")
            seconds.append(time.perf_counter() - began)
            await asyncio.sleep(0.005)

    asking = asyncio.create_task(ask())
    await Load(server.port, texts, expected).run(connections=4, size=1000, count=max(8, int(40 * scale)))
    asking.cancel()
    times = sorted(seconds)
    print(
        f"GET /health while 4 connections send lists of 1,000: {len(times)} answers, "
        f"p50 {percentile(times, 0.5) * 1000:.1f} ms, p99 {percentile(times, 0.99) * 1000:.1f} ms, "
        f"longest {times[-1] * 1000:.1f} ms"
    )


async def overload(model: str, texts: Sequence[str], expected: dict[str, Any], scale: float) -> None:
    """A queue of 500 sentences under lists of 100 from 64 connections: what is refused is counted, nothing is lost."""
    with Server(model, "--queue", "500") as server:
        load = Load(server.port, texts, expected)
        count = max(64, int(1000 * scale))
        await load.run(connections=64, size=100, count=count)
        figures = await server.figures()
        rejected = figures.get('slotfill_rejected_total{reason="queue full"}', 0)
        print(
            f"a queue of 500, lists of 100 from 64 connections: {count} requests, {load.statuses[200]} answered, "
            f"{load.statuses[503]} refused with 503 (the server counts {rejected:.0f}), "
            f"{count - sum(load.statuses.values())} lost, {load.wrong} wrong"
        )


async def flat(server: Server, texts: Sequence[str], expected: dict[str, Any], count: int) -> None:
    """Resident memory as requests go by."""
    sizes = []
    for _ in range(10):
        await Load(server.port, texts, expected).run(connections=16, size=1, count=count // 10)
        sizes.append(f"{(await server.figures())['process_resident_memory_bytes'] / 2**20:.1f}")
    print(f"memory in MiB after each tenth of {count:,} requests: {' '.join(sizes)}")


def in_process(tagger: slotfill.Tagger, texts: Sequence[str]) -> float:
    """Sentences a second of `Tagger.tag` with its JSON, in batches of 256, without a server."""
    texts = (list(texts) * (5_000 // len(texts) + 1))[:5_000]
    clock = datetime.fromisoformat(NOW)
    began = time.perf_counter()
    for start in range(0, len(texts), 256):
        for annotation in tagger.tag(texts[start : start + 256], clock=clock):
            json.dumps(annotation.to_dict(), ensure_ascii=False)
    return len(texts) / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", default="travel")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--flat", type=int, default=0)
    options = parser.parse_args()
    tagger = slotfill.load(options.model)
    examples = read("travel").splits["dev"]
    texts = list(islice(dict.fromkeys(example.text for example in examples), 500))
    expected = {a.text: a.to_dict() for a in tagger.tag(texts, clock=datetime.fromisoformat(NOW))}
    expected = json.loads(json.dumps(expected))
    offline = in_process(tagger, texts)
    print(f"in-process, batches of 256, with JSON: {offline:,.0f} sentences/s")
    with Server(options.model) as server:
        asyncio.run(speed(server, texts, expected, options.scale, offline))
        asyncio.run(health(server, texts, expected, options.scale))
        if options.flat:
            asyncio.run(flat(server, texts, expected, options.flat))
    asyncio.run(overload(options.model, texts, expected, options.scale))


if __name__ == "__main__":
    main()
