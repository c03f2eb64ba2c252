"""The thread that tags.

When it is free, it takes what is waiting, up to BATCH sentences or LENGTH characters, and tags it as one batch: nobody
waits for a batch to fill, and batches grow with the load. A request with more than that gets on in slices, behind those
that came meanwhile, so that none holds up the others, and is dropped between them once its time is over. Everything
that takes time, writing JSON included, is done here and not in the event loop.

A few short texts take less time than it takes to wake the thread and to wait for it. So while it has nothing to do, and
the request allows it (`here`), the event loop tags them itself: all that arrived in one of its turns as one batch.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from slotfill.context import next_turn
from slotfill.contrast import contrast
from slotfill.errors import InputError, SlotfillError
from slotfill.explaining import explain, reasons
from slotfill.json_lines import json_line
from slotfill.schema import Token, one_line
from slotfill.server.limits import MAX_WORDS
from slotfill.server.metrics import Metrics
from slotfill.tagger import Tagger, resolve

BATCH = 256  # sentences: larger batches are hardly faster, and small requests would wait for them
LENGTH = 16_000  # characters: what takes a quarter of a second if they are the costliest
SHORT = 200  # characters of a text that the event loop may tag itself
FEW = 2_000  # characters of all such texts that wait: some milliseconds, as long as another thread may keep it waiting


class UnfitTokens(InputError):  # noqa: N818
    """The tokens of a request are not those of its texts."""


class QueueFull(SlotfillError):  # noqa: N818  # a state of the server, not a mistake
    """More sentences are waiting than the server accepts."""


@dataclass(eq=False, slots=True)
class _Job:
    """Texts of one request. `answer` becomes the JSON of each text."""

    texts: Sequence[str]
    tokens: Sequence[Sequence[str]] | None  # of each text, if they are given
    settings: Mapping[str, Any]  # of `resolve`, of `explain`, and of a turn
    explained: bool
    gates: bool  # whether those belong to an explanation
    turn: Mapping[str, Any] | None  # of a conversation, whose next turn the text is
    answer: "asyncio.Future[list[bytes]]"
    taken: int = 0  # how many of its texts are tagged, or being tagged
    done: list[bytes] = field(default_factory=list)  # the JSON of the first texts

    @property
    def is_alone(self) -> bool:
        """Whether it is a batch of its own."""
        return self.explained or self.turn is not None


class _Slice(NamedTuple):
    """Some texts of a job, from `first` up to and without `end`."""

    job: _Job
    first: int
    end: int

    @property
    def texts(self) -> Sequence[str]:
        return self.job.texts[self.first : self.end]


class Worker:
    """Tags in one thread the texts that requests pass to `submit`."""

    def __init__(self, tagger: Tagger, *, capacity: int, metrics: Metrics) -> None:
        """At most `capacity` sentences wait; a request that finds the queue empty is always accepted."""
        self.tagger = tagger
        self.capacity = capacity
        self.metrics = metrics
        self._jobs: deque[_Job] = deque()
        self._waiting = 0  # sentences in _jobs
        self._began: float | None = None  # when the batch that is being tagged was taken, in seconds
        self._stopping = False
        self._busy = False  # whether the thread tags
        self._wanted = False  # whether it has to look at _jobs; otherwise the event loop will
        self._gathering = False  # whether it will in its next turn
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

    @property
    def busy_for(self) -> float:
        """Seconds since the batch that is being tagged was taken; 0 if there is none."""
        began = self._began
        return 0.0 if began is None else time.monotonic() - began

    async def submit(self, texts: Sequence[str], **work: Any) -> list[bytes]:
        """The JSON of each text, in order (see `enqueue`).

        QueueFull, UnfitTokens, UnfitContext, or InputError for a text that cannot be explained.
        """
        return await self.enqueue(texts, **work)

    def enqueue(
        self,
        texts: Sequence[str],
        *,
        tokens: Sequence[Sequence[str]] | None = None,
        explained: bool = False,
        gates: bool = True,
        turn: Mapping[str, Any] | None = None,
        here: bool = False,
        **settings: Any,
    ) -> "asyncio.Future[list[bytes]]":
        """The JSON of each text to come; `tokens` are those of each, if they are given. QueueFull at once.

        `explained` takes one text, or two, which are then compared in one answer; with `turn`, the one text is the
        next turn of a conversation. With `here`, the event loop may tag them. Who cancels the answer needs it no more.
        """
        loop = asyncio.get_running_loop()
        here = here and len(texts) == 1 and len(texts[0]) <= SHORT and not explained and turn is None
        here = here and texts[0].isascii()  # other scripts may be another model's, which is then loaded
        job = _Job(texts, tokens, settings, explained, gates, turn, loop.create_future())
        with self._changed:
            if self._jobs and self._waiting + len(texts) > self.capacity:
                raise QueueFull(f"{self._waiting:,} sentences are waiting: try again in a moment")
            self._jobs.append(job)
            self._count(len(texts))
            if self._busy or not here:
                self._want()
            elif not (self._wanted or self._gathering):
                self._gathering = True
                loop.call_soon(self._tag_here)
        return job.answer

    def _want(self) -> None:
        self._wanted = True
        self._changed.notify()

    def _tag_here(self) -> None:
        """Tag what waits, in the event loop, if it is little and not the thread's."""
        with self._changed:
            self._gathering = False
            if self._busy or self._wanted:
                return
            if sum(len(job.texts[0]) for job in self._jobs) > FEW:
                self._want()
                return
            batch = self._batch()
            if self._jobs:  # very many, and very short
                self._want()
        if batch:
            self.metrics.batches.observe(len(batch))
            _deliver(self._answers(batch))

    def _count(self, more: int) -> None:
        self._waiting += more
        self.metrics.waiting.inc(more)  # of all workers together

    def _work(self) -> None:
        while batch := self._next():
            self._began = time.monotonic()
            self.metrics.batches.observe(sum(part.end - part.first for part in batch))
            answers = self._answers(batch)
            with self._changed:  # before the answers: who gets them may ask again before this thread goes on
                self._began, self._busy = None, False
            batch[0].job.answer.get_loop().call_soon_threadsafe(_deliver, answers)

    def _answers(self, batch: list[_Slice]) -> "list[tuple[_Job, list[bytes] | Exception]]":
        """The answers of the jobs that end with this batch, or whose texts cannot be tagged."""
        try:
            answers = [self._alone(batch[0].job)] if batch[0].job.is_alone else self._tag(batch)
        except Exception as error:
            if len(batch) > 1:  # a faulty text must not fail the others
                return [answer for part in batch for answer in self._answers([part])]
            return [(batch[0].job, error)]
        ended: list[tuple[_Job, list[bytes] | Exception]] = []
        for part, answer in zip(batch, answers, strict=True):
            part.job.done += answer
            if part.end == len(part.job.texts):
                ended.append((part.job, part.job.done))
        return ended

    def _tag(self, batch: list[_Slice]) -> list[list[bytes]]:
        texts = [text for part in batch for text in part.texts]
        if any(part.job.tokens is not None for part in batch):
            tokens = [sentence for part in batch for sentence in _placed(part)]
            annotations = iter(self.tagger.annotate(texts, tokens))
        else:
            annotations = iter(self.tagger.annotate(texts))
        return [
            [
                json_line(one).encode()
                for one in resolve(islice(annotations, part.end - part.first), own=self.tagger.own, **part.job.settings)
            ]
            for part in batch
        ]

    def _alone(self, job: _Job) -> list[bytes]:
        if job.turn is None:
            return self._explain(job)
        found = next_turn(self.tagger, job.texts[0], now=job.settings["now"], **job.turn)
        return [one_line(found).encode()]

    def _explain(self, job: _Job) -> list[bytes]:
        """One answer: of a text, or of two side by side."""
        for annotation in self.tagger.annotate(job.texts):
            if len(annotation.tokens) > MAX_WORDS:
                raise InputError(
                    f"the text has {len(annotation.tokens)} words: expected at most {MAX_WORDS} to explain"
                )
        if len(job.texts) == 1:
            explanation = explain(self.tagger, job.texts[0], **job.settings)
            return [one_line(explanation.to_dict(gates=job.gates) | {"reasons": reasons(explanation)}).encode()]
        two = contrast(self.tagger, job.texts[0], job.texts[1], **job.settings)
        found = two.to_dict(gates=job.gates)
        for name, explanation in (("first", two.first), ("second", two.second)):
            found[name]["reasons"] = reasons(explanation)
        return [one_line(found).encode()]

    def _next(self) -> list[_Slice]:
        """The next batch; empty once all is done and the server stops."""
        with self._changed:
            while True:
                while not (self._wanted or self._stopping):
                    self._changed.wait()
                batch = self._batch()
                self._wanted, self._busy = bool(self._jobs), bool(batch)
                if batch:
                    return batch
                if self._stopping and not self._jobs:
                    return []

    def _batch(self) -> list[_Slice]:
        """A slice of each job that waits, as far as they fit; an explanation is a batch of its own."""
        batch: list[_Slice] = []
        room, length = BATCH, LENGTH
        for _ in range(len(self._jobs)):
            job = self._jobs[0]
            if batch and (job.is_alone or batch[0].job.is_alone):
                break
            first = end = job.taken
            if job.answer.done():  # the request has timed out
                self._jobs.popleft()
                self._count(first - len(job.texts))
                continue
            for text in islice(job.texts, first, None):
                if (batch or end > first) and (room < 1 or length < len(text)):
                    break
                room, length, end = room - 1, length - len(text), end + 1
            if end == first < len(job.texts):
                break
            self._jobs.popleft()
            batch.append(_Slice(job, first, end))
            self._count(first - end)
            job.taken = end
            if end < len(job.texts):
                self._jobs.append(job)
        return batch


def _placed(part: _Slice) -> Sequence[tuple[Token, ...] | None]:
    """The tokens of each text of a slice with their offsets; None where they are not given."""
    if part.job.tokens is None:
        return [None] * (part.end - part.first)
    from slotfill.given_tokens import placed  # late: few requests have tokens

    try:
        return placed(part.texts, part.job.tokens[part.first : part.end])[1]
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
