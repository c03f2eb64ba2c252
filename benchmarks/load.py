"""How much load the server takes: it is started, loaded over loopback, checked and stopped. Remakes docs/serve.md.

    python -m benchmarks.load [--scale 1.0] [--flat 100000]

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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import slotfill
from benchmarks.documents import table
from slotfill.readers import load as read

NOW = "2026-11-20T09:00"
RATES = ("sentences/s", "of in-process", "sentences per server CPU-s", "p50 ms", "p99 ms", "sentences a batch")
HEADINGS = ("connections", "texts", "requests", *RATES, "refused", "lost", "wrong")
ROUNDS = ((1, 1, 2000), (16, 1, 4000), (128, 1, 4000), (1, 100, 100), (16, 100, 200), (128, 100, 256))
PAUSE = 0.1  # seconds after a 503, far less than the server asks for
LONGEST = 300  # seconds that a round may take
OFFLINE = 5_000  # sentences

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Expected = dict[str, Any]  # text -> its offline answer


class Outcome(NamedTuple):
    """Of a round of requests."""

    seconds: float
    times: list[float]  # seconds, of each request
    statuses: Counter[int]
    wrong: int  # answers unlike the offline ones


@contextmanager
def serving(*options: str) -> Iterator[int]:
    """The port of a `slotfill serve` in a process of its own."""
    command = [sys.executable, "-m", "slotfill", "serve", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    found = re.search(r":(\d+) ", process.stderr.readline())
    if not found:
        raise SystemExit(process.stderr.read())
    try:
        yield int(found[1])
    finally:
        process.terminate()
        process.wait()


async def connect(port: int) -> Connection:
    return await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)


async def ask(connection: Connection, request: str, body: bytes = b"") -> tuple[int, bytes]:
    """The status and the body of an answer; an HTTP library would take more of the machine than the server."""
    reader, writer = connection
    head = f"{request} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = re.search(r"content-length: (\d+)", answer)
    assert length, answer
    return int(answer.split()[1]), await reader.readexactly(int(length[1]))


async def metrics(port: int) -> Counter[str]:
    """The figures of GET /metrics."""
    _, body = await ask(await connect(port), "GET /metrics")
    lines = [line.rsplit(" ", 1) for line in body.decode().splitlines() if not line.startswith("#")]
    return Counter({name: float(value) for name, value in lines})


def percentiles(seconds: Sequence[float], *shares: float) -> list[str]:
    """In milliseconds."""
    return [f"{1000 * sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]:.1f}" for share in shares]


def same(found: Any, expected: Any) -> bool:
    """Whether two answers are equal but for the last bits of confidences."""
    if type(found) is not type(expected):
        return False
    if isinstance(expected, dict):
        return list(found) == list(expected) and all(same(found[key], expected[key]) for key in expected)
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return abs(found - expected) <= 0.001 if isinstance(expected, float) else bool(found == expected)


async def send(port: int, expected: Expected, *, connections: int, size: int, count: int) -> Outcome:
    """Send `count` requests of `size` texts over several connections at once."""
    texts = list(expected)
    requests = ([texts[(n * size + k) % len(texts)] for k in range(size)] for n in range(count))
    answers: list[tuple[list[str], int, bytes]] = []
    times: list[float] = []

    async def work() -> None:
        connection = await connect(port)
        for some in requests:  # shared by all connections: the next one goes to whichever is free
            body = {"now": NOW} | ({"text": some[0]} if size == 1 else {"texts": some})
            began = time.perf_counter()
            status, answer = await ask(connection, "POST /tag", json.dumps(body).encode())
            times.append(time.perf_counter() - began)
            answers.append((some, status, answer))
            if status == 503:
                await asyncio.sleep(PAUSE)
        connection[1].close()

    began = time.perf_counter()
    async with asyncio.timeout(LONGEST):
        await asyncio.gather(*(work() for _ in range(connections)))
    seconds, wrong = time.perf_counter() - began, 0
    for some, status, answer in answers:  # only now: checking takes time
        offline = [expected[text] for text in some]
        wrong += status == 200 and not same(json.loads(answer), offline[0] if size == 1 else offline)
    return Outcome(seconds, times, Counter(status for _, status, _ in answers), wrong)


async def speed(port: int, expected: Expected, scale: float, offline: float) -> None:
    rows = []
    for connections, size, usual in ROUNDS:
        count = max(connections, int(usual * scale))
        before = await metrics(port)
        outcome = await send(port, expected, connections=connections, size=size, count=count)
        grown = await metrics(port)
        grown.subtract(before)
        sentences, answered, refused = count * size, outcome.statuses[200], outcome.statuses[503]
        rate, per_cpu = sentences / outcome.seconds, sentences / grown["process_cpu_seconds_total"]
        batch = sentences / grown["slotfill_batch_sentences_count"]
        figures = f"{rate:,.0f}", f"{rate / offline:.2f}", f"{per_cpu:,.0f}"
        cells = (*figures, *percentiles(outcome.times, 0.5, 0.99), f"{batch:.1f}")
        counts = refused, count - answered - refused, outcome.wrong
        rows.append([str(cell) for cell in (connections, size, count, *cells, *counts)])
    print(table(HEADINGS, rows, words=()))


async def health(port: int, expected: Expected, scale: float) -> None:
    """How long GET /health takes while lists are tagged: the event loop must not wait for the tagger."""
    connection, seconds = await connect(port), []

    async def watch() -> None:
        while True:
            began = time.perf_counter()
            await ask(connection, "GET /health")
            seconds.append(time.perf_counter() - began)
            await asyncio.sleep(0.005)

    watching = asyncio.create_task(watch())
    await send(port, expected, connections=4, size=1000, count=max(8, int(40 * scale)))
    watching.cancel()
    latencies = ", ".join(percentiles(seconds, 0.5, 0.99, 1.0))
    print(f"GET /health under lists of 1,000: p50, p99 and longest of {len(seconds)} answers: {latencies} ms")


async def flat(port: int, expected: Expected, count: int) -> None:
    """Resident memory as requests go by."""
    sizes = []
    for _ in range(10):
        await send(port, expected, connections=16, size=1, count=count // 10)
        sizes.append(f"{(await metrics(port))['process_resident_memory_bytes'] / 2**20:.1f}")
    print(f"memory in MiB after each tenth of {count:,} requests: {' '.join(sizes)}")


async def overload(port: int, expected: Expected, scale: float) -> None:
    """A queue of 500 sentences under lists of 100 from 64 connections: what is refused is counted, nothing is lost."""
    count = max(64, int(1000 * scale))
    outcome = await send(port, expected, connections=64, size=100, count=count)
    rejected = (await metrics(port))['slotfill_rejected_total{reason="queue full"}']
    print(
        f"a queue of 500, lists of 100 from 64 connections: {count} requests, {outcome.statuses[200]} answered, "
        f"{outcome.statuses[503]} refused with 503 (the server counts {rejected:.0f}), "
        f"{count - outcome.statuses.total()} lost, {outcome.wrong} wrong"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--flat", type=int, default=0)
    options = parser.parse_args()
    tagger = slotfill.load()
    texts = list(islice(dict.fromkeys(example.text for example in read("travel").splits["dev"]), 500))
    clock = datetime.fromisoformat(NOW)
    expected = json.loads(json.dumps({answer.text: answer.to_dict() for answer in tagger.tag(texts, now=clock)}))
    began, many = time.perf_counter(), (texts * (OFFLINE // len(texts) + 1))[:OFFLINE]
    for start in range(0, OFFLINE, 256):
        for answer in tagger.tag(many[start : start + 256], now=clock):
            json.dumps(answer.to_dict(), ensure_ascii=False)
    offline = OFFLINE / (time.perf_counter() - began)
    print(f"in-process, batches of 256, with JSON: {offline:,.0f} sentences/s")
    with serving() as port:
        asyncio.run(speed(port, expected, options.scale, offline))
        asyncio.run(health(port, expected, options.scale))
        if options.flat:
            asyncio.run(flat(port, expected, options.flat))
    with serving("--queue", "500") as port:
        asyncio.run(overload(port, expected, options.scale))


if __name__ == "__main__":
    main()
