"""The same network in torch, loaded from the bundle: sorted batches of 32, packed."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from contestant import Slots, main, slots_of
from torch import Tensor, nn
from vocabulary import Ids, batches, decoded

from slotfill.bundle import read
from slotfill.cells.lstm import Lstm
from slotfill.training.bundling import from_bundle

torch.set_num_threads(1)


def load(model: str) -> "Torch":
    return Torch(model)


class Torch:
    """A bundle, and the ids that the network reads."""

    def __init__(self, model: str) -> None:
        self.network = from_bundle(read(Path(model)))
        self.ids = Ids(model)
        self.lstm = self._bidirectional()

    def _bidirectional(self) -> nn.LSTM:
        """Both directions in one module, which is how torch runs packed batches fastest."""
        cells = [self.network.encoder.cell(0, direction) for direction in (0, 1)]
        lstm = nn.LSTM(self.network.features.size, cells[0].hidden, bidirectional=True, batch_first=True)
        with torch.no_grad():
            for cell, suffix in zip(cells, ("", "_reverse"), strict=True):
                assert isinstance(cell, Lstm)  # and one layer of it, which is what the benchmark trains
                first, second = cell.biases()
                for name, weight in (("weight_ih", cell.W), ("weight_hh", cell.U), ("bias_ih", first + second)):
                    getattr(lstm, f"{name}_l0{suffix}").copy_(weight)
                getattr(lstm, f"bias_hh_l0{suffix}").zero_()
        return lstm.eval()

    def _run(self, sentences: Sequence[Sequence[str]]) -> Tensor:
        """The emissions of one batch, longest sentence first, (B, T, K)."""
        words_W, characters_WC, forms_BT = map(torch.tensor, self.ids.of(sentences))
        lengths = [len(sentence) for sentence in sentences]
        features = self.network.features
        if len(sentences) == 1:
            emissions_BTK: Tensor = self.network(words_W[forms_BT], forms_BT, characters_WC)[0]
        else:
            x_BTE = features(words_W[forms_BT], forms_BT, characters_WC)
            packed = nn.utils.rnn.pack_padded_sequence(x_BTE, lengths, batch_first=True)
            states_BTS, _ = nn.utils.rnn.pad_packed_sequence(
                self.lstm(packed)[0], batch_first=True, padding_value=-1.0
            )  # no state is below -1, so that padding is never the largest
            (head,) = self.network.heads()
            emissions_BTK = head(states_BTS)
            if self.network.intent is not None:
                self.network.intent(states_BTS.amax(1)).argmax(1)
        return emissions_BTK

    @torch.inference_mode()
    def slots(self, texts: Sequence[str]) -> Iterator[Slots]:
        """Of texts."""
        sentences = [text.split() for text in texts]
        tags: list[list[str]] = [[] for _ in texts]
        for numbers in batches(sentences):
            best_BT = self._run([sentences[n] for n in numbers]).argmax(2).tolist()
            for number, row in zip(numbers, best_BT, strict=True):
                tags[number] = [self.ids.tags[k] for k in row[: len(sentences[number])]]
        return map(slots_of, sentences, tags)

    @torch.inference_mode()
    def tags(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Of tokenized sentences, decoded as slotfill does."""
        tags: list[list[str]] = [[] for _ in sentences]
        for numbers in batches(sentences):
            emissions_BTK = self._run([sentences[n] for n in numbers]).numpy()
            for number, emissions_TK in zip(numbers, emissions_BTK, strict=True):
                tags[number] = decoded(emissions_TK[: len(sentences[number])], self.ids.tags)
        return tags


def run() -> None:
    main(sys.modules[__name__])


def run_typer() -> None:
    """The one-shot as it is usually written: a typer command, a rich table."""
    import typer
    from rich.console import Console
    from rich.table import Table

    app = typer.Typer()

    @app.command()
    def tag(text: str, model: str = "") -> None:
        """Label one sentence."""
        table = Table("slot", "text")
        for slot in next(load(model).slots([text])):
            table.add_row(slot["name"], slot["text"])
        Console().print(table)

    app()
