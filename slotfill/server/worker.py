"""The thread that tags.

When it is free, it takes what is waiting, up to BATCH sentences, and tags it as one batch: nobody waits for a batch to
fill, and batches grow with the load. Everything that takes time, writing JSON included, is done here and not in the
event loop.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from slotfill.contrast import contrast
from slotfill.errors import InputError, SlotfillError
from slotfill.explaining import explain, reasons
from slotfill.json_lines import json_line
from slotfill.schema import Token, one_line
from slotfill.server.metrics import Metrics
from slotfill.tagger import Tagger, resolve

BATCH = 256  # sentences: larger batches are hardly faster, and small requests would wait for them


class UnfitTokens(InputError):  # noqa: N818
    """The tokens of a request are not those of its texts."""


class QueueFull(SlotfillError):  # noqa: N818  # a state of the server, not a mistake
    """More sentences are waiting than the server accepts."""


@dataclass(eq=False, slots=True)
class _Job:
    """Texts of one request. `answer` becomes the JSON of each text."""

    texts: Sequence[str]
    tokens: Sequence[Sequence[str]] | None  # of each text, if they are given
    settings: Mapping[str, Any]  # of `resolve`, and of `explain`
    explained: bool
    gates: bool  # whether those belong to an explanation
    answer: "asyncio.Future[list[bytes]]"


class Worker:
    """Tags in one thread the texts that requests pass to `submit`."""

    def __init__(self, tagger: Tagger, *, capacity: int, metrics: Metrics) -> None:
        """At most `capacity` sentences wait; a request that finds the queue empty is always accepted."""
        self.tagger = tagger
        self.capacity = capacity
        self.metrics = metrics
        self._jobs: deque[_Job] = deque()
        self._waiting = 0  # sentences in _jobs
        self._stopping = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is waiting, then end the thread."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    async def submit(
        self,
        texts: Sequence[str],
        *,
        tokens: Sequence[Sequence[str]] | None = None,
        explained: bool = False,
        gates: bool = True,
        **settings: Any,
    ) -> list[bytes]:
        """The JSON of each text, in order; `tokens` are those of each, if they are given.

        `explained` takes one text, or two, which are then compared in one answer.
        QueueFull, UnfitTokens, or InputError for a text that cannot be explained.
        """
        job = _Job(texts, tokens, settings, explained, gates, asyncio.get_running_loop().create_future())
        with self._changed:
            if self._jobs and self._waiting + len(texts) > self.capacity:
                raise QueueFull(f"{self._waiting:,} sentences are waiting: try again in a moment")
            self._jobs.append(job)
            self._count(len(texts))
            self._changed.notify()
        return await job.answer

    def _count(self, more: int) -> None:
        self._waiting += more
        self.metrics.waiting.inc(more)  # of all workers together

    def _work(self) -> None:
        while batch := self._next():
            self.metrics.batches.observe(sum(len(job.texts) for job in batch))
            batch[0].answer.get_loop().call_soon_threadsafe(_deliver, self._answers(batch))

    def _answers(self, batch: list[_Job]) -> "list[tuple[_Job, list[bytes] | Exception]]":
        try:
            answers = [self._explain(batch[0])] if batch[0].explained else self._tag(batch)
        except Exception as error:
            if len(batch) > 1:  # a faulty text must not fail the others
                return [answer for job in batch for answer in self._answers([job])]
            return [(batch[0], error)]
        return list(zip(batch, answers, strict=True))

    def _tag(self, batch: list[_Job]) -> list[list[bytes]]:
        texts = [text for job in batch for text in job.texts]
        if any(job.tokens is not None for job in batch):
            tokens = [sentence for job in batch for sentence in _placed(job)]
            annotations = iter(self.tagger.annotate(texts, tokens))
        else:
            annotations = iter(self.tagger.annotate(texts))
        return [
            [
                json_line(one).encode()
                for one in resolve(islice(annotations, len(job.texts)), own=self.tagger.own, **job.settings)
            ]
            for job in batch
        ]

    def _explain(self, job: _Job) -> list[bytes]:
        """One answer: of a text, or of two side by side."""
        if len(job.texts) == 1:
            explanation = explain(self.tagger, job.texts[0], **job.settings)
            return [one_line(explanation.to_dict(gates=job.gates) | {"reasons": reasons(explanation)}).encode()]
        two = contrast(self.tagger, job.texts[0], job.texts[1], **job.settings)
        found = two.to_dict(gates=job.gates)
        for name, explanation in (("first", two.first), ("second", two.second)):
            found[name]["reasons"] = reasons(explanation)
        return [one_line(found).encode()]

    def _next(self) -> list[_Job]:
        """The next batch; empty once all is done and the server stops."""
        with self._changed:
            batch: list[_Job] = []
            sentences = 0
            while not (batch and self._ends(batch, sentences)):
                if self._jobs:
                    job = self._jobs.popleft()
                    self._count(-len(job.texts))
                    if not job.answer.done():  # otherwise the request has timed out
                        batch.append(job)
                        sentences += len(job.texts)
                elif self._stopping:
                    break
                else:
                    self._changed.wait()
            return batch

    def _ends(self, batch: list[_Job], sentences: int) -> bool:
        """Whether the next job does not fit the batch; an explanation is a batch of its own."""
        if not self._jobs or batch[0].explained or self._jobs[0].explained:
            return True
        return sentences + len(self._jobs[0].texts) > BATCH


def _placed(job: _Job) -> Sequence[tuple[Token, ...] | None]:
    """The tokens of each text of a job with their offsets; None where they are not given."""
    if job.tokens is None:
        return [None] * len(job.texts)
    from slotfill.given_tokens import placed  # late: few requests have tokens

    try:
        return placed(job.texts, job.tokens)[1]
    except InputError as error:
        raise UnfitTokens(str(error)) from None


def _deliver(answers: "Sequence[tuple[_Job, list[bytes] | Exception]]") -> None:
    """Deliver the answers in the event loop, with one wake-up for a whole batch."""
    for job, answer in answers:
        if job.answer.done():  # the request has timed out
            continue
        if isinstance(answer, Exception):
            job.answer.set_exception(answer)
        else:
            job.answer.set_result(answer)
