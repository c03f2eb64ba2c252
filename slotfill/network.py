"""The network of the tagger: word features -> encoder -> emissions and intent scores.

With `model.direct`, the emissions are also a linear function of the word features themselves.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from slotfill.cells import Cell
from slotfill.cells.jordan import Jordan
from slotfill.config import Config
from slotfill.crf import Crf
from slotfill.embeddings import GivenVectors, WordFeatures
from slotfill.encoder import Direct, Encoder, SharedDropout
from slotfill.intents import SIGNS
from slotfill.vocabulary import Vocabularies

IGNORED = -100  # the target of a sentence without intent
_OF_SETS = 2.0  # times `intent_weight`: sets are harder than classes (docs/experiments/intents.md)


class SlotTagger(nn.Module):
    """Emissions (B, T, K) over the K tags, and intent scores (B, I): see `_intents`.

    Shapes: B sentences, T tokens, W distinct words, C characters, S encoder states.
    """

    temperature: Tensor

    def __init__(self, config: Config, vocabularies: Vocabularies, *, given: GivenVectors | None = None) -> None:
        """`given` are word vectors from other texts for all words (slotfill/training/vectors.py)."""
        super().__init__()
        model, training = config.model, config.training
        self.features = WordFeatures(
            len(vocabularies.words),
            len(vocabularies.characters),
            word_size=model.word_size,
            character_size=model.character_size,
            filters=model.character_filters,
            width=model.character_width,
            affixes=model.affixes == "yes",
            matches=2 * len(vocabularies.gazetteers.names),
            gazetteer_dropout=training.gazetteer_dropout,
            given=given,
        )
        self.dropout = SharedDropout(training.dropout_in)
        tags = len(vocabularies.tags)
        self.encoder = Encoder(self.features.size, model, outputs=tags, dropout=training.dropout_out)
        # a Jordan net feeds its output back, so its cells own the output layers
        self.emissions = nn.Linear(self.encoder.size, tags) if model.cell != "jordan" else None
        self.direct = Direct(self.features.size, outputs=tags) if model.direct else None
        self.intent = nn.Linear(self.encoder.size, len(vocabularies.intents)) if len(vocabularies.intents) else None
        self.crf = Crf(vocabularies.tags.items) if model.crf else None
        self.register_buffer("temperature", torch.ones(1))  # see slotfill/training/calibration.py
        self.intent_weight = training.intent_weight
        self.sets = model.intents in SIGNS
        if self.sets and self.intent is not None:
            nn.init.constant_(self.intent.bias, -3.0)  # most intents are not there: begin with that

    def forward(
        self,
        words_BT: Tensor,
        forms_BT: Tensor,
        characters_WC: Tensor,
        matches_BTM: Tensor | None = None,
        known_BT: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """Emissions (B, T, K) and intent scores (B, I); the latter None if the network has no intents."""
        x_BTE = self.dropout(self.features(words_BT, forms_BT, characters_WC, matches_BTM, known_BT))
        states_BTS = self.encoder(x_BTE)
        intent_BI = self._intents(states_BTS)
        heads = self.heads()
        parts = states_BTS.chunk(len(heads), dim=2)
        emissions_BTK = torch.stack([head(part) for head, part in zip(heads, parts, strict=True)]).sum(0)
        if self.direct is not None:
            emissions_BTK = emissions_BTK + self.direct(x_BTE)
        return emissions_BTK, intent_BI

    def _intents(self, states_BTS: Tensor) -> Tensor | None:
        """Scores of the intents (B, I): of all tokens together, or where intents are sets, the largest of any token.

        What one token says of an intent then depends less on the others: sets are found that training never had.
        """
        if self.intent is None:
            return None
        scores: Tensor = self.intent(states_BTS).amax(1) if self.sets else self.intent(states_BTS.amax(1))
        return scores

    def heads(self) -> list[nn.Linear]:
        """The output layers whose sum is the emissions: one for all states, or for a Jordan net one per direction."""
        if self.emissions is not None:
            return [self.emissions]
        top = [self.encoder.cell(self.encoder.depth - 1, direction) for direction in range(self.encoder.directions)]
        return [cell.output for cell in top if isinstance(cell, Jordan)]

    def loss(self, emissions_BTK: Tensor, intent_BI: Tensor | None, tags_BT: Tensor, intents_B: Tensor) -> Tensor:
        """Mean cross-entropy of the tags, plus that of the intents (without `IGNORED` ones) times `intent_weight`.

        Where intents are sets, `intents_B` is (B, I), and each intent is there or not by itself (binary cross-entropy).
        With a CRF, the first term is the negative log-likelihood of the sequence per token.
        """
        if self.crf is not None:
            loss = self.crf.loss(emissions_BTK, tags_BT)
        else:
            loss = nn.functional.cross_entropy(emissions_BTK.flatten(0, 1), tags_BT.flatten())
        if intent_BI is not None and bool((intents_B != IGNORED).any()):
            loss = loss + self.intent_weight * self._intent_loss(intent_BI, intents_B)
        return loss

    def _intent_loss(self, intent_BI: Tensor, intents_B: Tensor) -> Tensor:
        if not self.sets:
            return nn.functional.cross_entropy(intent_BI, intents_B, ignore_index=IGNORED)
        known_B = (intents_B != IGNORED).all(1)
        each = nn.functional.binary_cross_entropy_with_logits(intent_BI[known_B], intents_B[known_B], reduction="none")
        return _OF_SETS * each.sum(1).mean()

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """All weights by their names in a bundle and in the numpy runtime."""
        arrays = {f"features.{name}": _array(tensor) for name, tensor in self.features.weights().items()}
        for prefix, cell in self._cells():
            arrays |= {f"{prefix}.{name}": array for name, array in cell.arrays().items()}
        for name, heads in (("emissions", self.heads()), ("intent", [self.intent] if self.intent is not None else [])):
            if heads:
                arrays[f"{name}.W"] = _array(torch.cat([head.weight for head in heads], dim=1))
                arrays[f"{name}.b"] = _array(torch.stack([head.bias for head in heads]).sum(0))
        if self.direct is not None:
            arrays["direct.W"] = _array(self.direct.weight)
        if self.crf is not None:
            arrays["crf.A"] = _array(self.crf.A)
        arrays["temperature"] = _array(self.temperature)
        return arrays

    def load(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        """Copy in weights that `arrays` of a network with the same configuration returned."""
        for prefix, cell in self._cells():
            cell.load({name.removeprefix(f"{prefix}."): array for name, array in arrays.items()})
        tensors = {f"features.{name}": tensor for name, tensor in self.features.weights().items()}
        for name, head in (("emissions", self.emissions), ("intent", self.intent)):  # a Jordan cell has its own
            if head is not None:
                tensors |= {f"{name}.W": head.weight, f"{name}.b": head.bias}
        if self.direct is not None:
            tensors["direct.W"] = self.direct.weight
        if self.crf is not None:
            tensors["crf.A"] = self.crf.A
        if "temperature" in arrays:
            tensors["temperature"] = self.temperature
        with torch.no_grad():
            for name, tensor in tensors.items():
                tensor.copy_(torch.tensor(arrays[name]))

    def _cells(self) -> Iterator[tuple[str, Cell]]:
        for layer in range(self.encoder.depth):
            for direction, word in enumerate(("forward", "backward")[: self.encoder.directions]):
                yield f"encoder.{layer}.{word}", self.encoder.cell(layer, direction)


def _array(tensor: Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.detach().cpu().numpy()
    return array
