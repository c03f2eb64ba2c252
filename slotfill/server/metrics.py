"""Figures for Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SENTENCES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Metrics:
    """The figures of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory and CPU of the process
        self.requests = Counter(
            "slotfill_requests", "Requests answered, by path and status.", ["path", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "slotfill_request_seconds",
            "From the first byte of a request to the last of its answer.",
            ["path"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._counted: dict[tuple[str, int], tuple[Callable[[], None], Callable[[float], None]]] = {}
        self.rejected = Counter(
            "slotfill_rejected", "Requests not tagged, by reason.", ["reason"], registry=self.registry
        )
        self.sentences = Counter("slotfill_sentences", "Sentences tagged.", registry=self.registry)
        self.batches = Histogram(
            "slotfill_batch_sentences", "Sentences tagged at once.", buckets=_SENTENCES, registry=self.registry
        )
        self.waiting = Gauge("slotfill_waiting_sentences", "Sentences in the queue.", registry=self.registry)

    def count(self, path: str, status: int, seconds: float) -> None:
        """A request that was answered. To find the figures of a path takes longer than to count, so they are kept."""
        found = self._counted.get((path, status))
        if found is None:
            found = self.requests.labels(path, status).inc, self.seconds.labels(path).observe
            self._counted[path, status] = found
        one_more, observe = found
        one_more()
        observe(seconds)
