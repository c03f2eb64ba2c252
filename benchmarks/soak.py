"""A long life: many sentences through a pipe, many requests through a server, and much garbage.

    python -m benchmarks.soak [--sentences 1000000] [--requests 100000] [--garbage 100000]

Everything stays on this machine and ends by itself. Each sentence has a number, and each answer is compared with it: a
lost or swapped line stops the run. Shown are the resident memory after 10, 50 and 100 percent, and for the server the
number of lines of /metrics. A count of 0 leaves a part out.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count, cycle, islice
from pathlib import Path
from threading import Thread

from benchmarks.load import ask, connect, metrics, serving

SHARES = (10, 50, 100)  # percent
PATTERNS = ("leave Boston on May 5th at {n} pm", "fly to Rome, not to Oslo, flight {n}", "from LHR to JFK {n}", "{n}")
CONNECTIONS = 16
PATIENCE = 30  # seconds for an answer


def sentences() -> Iterator[str]:
    """Sentences without end, each with its number."""
    return (pattern.format(n=n) for n, pattern in zip(count(), cycle(PATTERNS), strict=False))


def resident(process: int) -> float:
    """MiB of a process."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def answer_of(line: str) -> str:
    """The text that an answer is about; what the line holds, if it is no answer."""
    try:
        return str(json.loads(line)["text"])
    except ValueError:
        return line


def pipe(number: int) -> str:
    """`slotfill tag` with its input and its output in pipes."""
    command = [sys.executable, "-m", "slotfill", "tag", "--format", "json"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    source = process.stdin

    def feed() -> None:
        for text in islice(sentences(), number):
            source.write(f"{text}\n")
        source.close()

    Thread(target=feed, daemon=True).start()
    memory, at = [], [number * share // 100 for share in SHARES]
    began, read = time.perf_counter(), 0
    for text, line in zip(sentences(), process.stdout, strict=False):
        read += 1
        if answer_of(line) != text:
            process.stdout.close()  # so that it ends, by itself or as a writer into nothing
            raise SystemExit(f"line {read}: expected {text!r}, got {line!r}; then it ended with {process.wait()}")
        if read in at:
            memory.append(f"{resident(process.pid):.1f}")
    seconds = time.perf_counter() - began
    _, status, usage = os.wait4(process.pid, 0)
    if read != number or status:
        raise SystemExit(f"expected {number} lines and status 0, got {read} and {status}")
    cpu = usage.ru_utime + usage.ru_stime
    return f"pipe: {number:,} lines in {seconds:.0f} s ({cpu:.0f} s of CPU); memory, MiB: {' '.join(memory)}"


async def state(port: int) -> str:
    """The memory of the server, and how many lines its metrics have."""
    found = await metrics(port)
    return f"{found['process_resident_memory_bytes'] / 2**20:.1f} MiB, {len(found)} metrics"


async def answered(port: int, numbered: Iterable[str]) -> None:
    """Ask about each sentence over some connections; SystemExit if an answer is that of another one."""

    async def work() -> None:
        connection = await connect(port)
        for text in numbered:
            async with asyncio.timeout(PATIENCE):
                status, body = await ask(connection, "POST /tag", json.dumps({"text": text}).encode())
            if status != 200 or json.loads(body)["text"] != text:
                raise SystemExit(f"expected the answer for {text!r}, got {status} {body!r}")
        connection[1].close()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))


HOST = b"Host: localhost\r\nContent-Type: application/json\r\n"
GARBAGE = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
    b"GET / HTTP/1.1\r\n\r\n",  # no host
    b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    b"DELETE /tag HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
    b"POST /tag HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 2\r\n\r\n{}",
    b"POST /tag HTTP/1.1\r\n" + HOST + b"Content-Length: 99\r\n\r\n{",  # cut
    b"POST /tag HTTP/1.1\r\n" + HOST + b"Content-Length: 5000\r\n\r\n" + b"[" * 5000,
    b"POST /tag HTTP/1.1\r\n" + HOST + b'Content-Length: 13\r\n\r\n{"text": nul}',
    b"POST /tag HTTP/1.1\r\n" + HOST + b'Content-Length: 12\r\n\r\n{"text": 12}',
    b"POST /tag HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /tag HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
)


async def thrown(port: int, number: int, *, seed: int) -> Counter[str]:
    """Send so much garbage, each over a connection of its own; how it was answered."""
    chance, left, answers = random.Random(seed), iter(range(number)), Counter[str]()

    async def work() -> None:
        for _ in left:
            reader, writer = await connect(port)
            writer.write(chance.choice(GARBAGE) if chance.random() < 0.8 else chance.randbytes(200) + b"\r\n\r\n")
            try:
                writer.write_eof()  # so that what is cut ends now
                async with asyncio.timeout(PATIENCE):
                    answer = await reader.read(65536)
                answers[answer[9:12].decode() or "closed"] += 1
            except (ConnectionError, OSError):
                answers["closed"] += 1
            writer.close()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return answers


async def soak(requests: int, garbage: int) -> None:
    with serving() as port:
        numbered, asked, states = sentences(), 0, []
        for share in SHARES if requests else ():
            size = requests * share // 100 - asked
            await answered(port, iter([*islice(numbered, size)]))
            asked += size
            states.append(await state(port))
        if requests:
            print(f"server: {requests:,} requests, each with its own answer: {'; '.join(states)}", flush=True)
    with serving() as port:
        answers, sent, states = Counter[str](), 0, []
        for share in SHARES if garbage else ():
            size = garbage * share // 100 - sent
            answers += await thrown(port, size, seed=share)
            await answered(port, iter([*islice(sentences(), 100)]))  # it still works
            sent += size
            states.append(await state(port))
        if garbage:
            said = ", ".join(f"{status} {number:,}" for status, number in sorted(answers.items()))
            print(f"garbage: {garbage:,} requests ({said}): {'; '.join(states)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--garbage", type=int, default=100_000)
    options = parser.parse_args()
    if options.sentences:
        print(pipe(options.sentences), flush=True)
    asyncio.run(soak(options.requests, options.garbage))


if __name__ == "__main__":
    main()
