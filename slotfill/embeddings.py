"""Words -> vectors: a learnt vector for each known word, those of its affixes, and what a convolution reads from it.

The characters tell something about unknown words: an ending, digits, the look of a name. (Character CNN: dos Santos
& Zadrozny 2014.) Affixes tell it from fewer sentences (slotfill/affixes.py).
"""

from collections.abc import Mapping
from typing import NamedTuple, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from slotfill.affixes import AFFIXES, SHARE, affix_rows
from slotfill.vocabulary import PAD, UNKNOWN


class GivenVectors(NamedTuple):
    """Word vectors from other texts for V known words, (V, D); the train split has the first `learnt` of them.

    They stand as they are `beside` the learnt ones, or a learnt projection of them is added to those.
    """

    table: NDArray[np.float32]
    learnt: int
    beside: bool = False


class WordFeatures(nn.Module):
    """A word vector of size E, F character filters and M gazetteer columns side by side: (B, T, E + F + M).

    If D columns are given ones that stand beside the learnt ones, E - D are learnt.

    The convolution slides over the characters of a word, with zeros beyond both ends; each
    filter returns its largest response, or 0 if all are negative. Half of the sum of the vectors of a word's affixes
    is added to that of the word.
    """

    given: Tensor

    def __init__(
        self,
        words: int,
        characters: int,
        *,
        word_size: int,
        character_size: int,
        filters: int,
        width: int,
        affixes: bool = False,
        matches: int = 0,
        gazetteer_dropout: float = 0.0,
        given: GivenVectors | None = None,
    ) -> None:
        super().__init__()
        self.size = word_size + filters + matches
        self.matches, self.gazetteer_dropout = matches, gazetteer_dropout
        learnt = word_size - given.table.shape[1] if given is not None and given.beside else word_size
        self.words = nn.Embedding(words if given is None else given.learnt, learnt, padding_idx=PAD)
        with torch.no_grad():
            self.words.weight[PAD + 1 :].uniform_(-0.1, 0.1)
        self.projection: nn.Linear | None = None
        self.has_given = given is not None
        if given is not None:
            self.register_buffer("given", torch.from_numpy(given.table), persistent=False)
            if not given.beside:
                self.projection = nn.Linear(given.table.shape[1], word_size, bias=False)
        self.affixes: nn.Embedding | None = None
        if affixes:
            self.affixes = nn.Embedding(1 + AFFIXES, word_size, padding_idx=PAD)
            nn.init.zeros_(self.affixes.weight)  # affixes that training never shows say nothing
        self.characters: nn.Embedding | None = None
        if filters:
            self.characters = nn.Embedding(characters, character_size, padding_idx=PAD)
            with torch.no_grad():
                # an unknown character is never learnt: zeros are better than noise
                self.characters.weight[UNKNOWN] = 0
            self.convolution = nn.Conv1d(character_size, filters, width)
            self.margins = ((width - 1) // 2, width // 2)

    def forward(
        self,
        words_BT: Tensor,
        forms_BT: Tensor,
        characters_WC: Tensor,
        matches_BTM: Tensor | None = None,
        known_BT: Tensor | None = None,
    ) -> Tensor:
        """Look up word ids and read characters; `forms_BT` is each token's row in `characters_WC`.

        `known_BT` are the words whose given vectors are added, where a word of `words_BT` was made unknown in training.

        `matches_BTM` come from slotfill/gazetteers.py; without them, no token is in any gazetteer.
        """
        vectors_BTE = self._vectors(words_BT, words_BT if known_BT is None else known_BT)
        if self.affixes is not None:
            rows_WA = torch.stack(affix_rows(characters_WC), 1)
            vectors_BTE = vectors_BTE + SHARE * self.affixes(rows_WA).sum(1)[forms_BT]
        parts = [vectors_BTE]
        if self.characters is not None:
            present_WFC = (characters_WC != PAD).unsqueeze(1)
            vectors_WeC = nn.functional.pad(self.characters(characters_WC).transpose(1, 2), self.margins)
            responses_WFC = self.convolution(vectors_WeC).relu()
            # responses are at least 0, so the 0 of padding never wins wrongly
            features_WF = (responses_WFC * present_WFC).amax(2)
            parts.append(features_WF[forms_BT])
        if self.matches:
            if matches_BTM is None:
                matches_BTM = parts[0].new_zeros(*words_BT.shape, self.matches)
            parts.append(self._dropped(matches_BTM) if self.training else matches_BTM)
        return torch.cat(parts, dim=2)

    def _vectors(self, words_BT: Tensor, known_BT: Tensor) -> Tensor:
        """The learnt vectors of `words_BT`, with the given vectors of `known_BT`: beside them, or added."""
        if not self.has_given:
            return cast(Tensor, self.words(words_BT))
        learnt_BT = words_BT.masked_fill(words_BT >= self.words.num_embeddings, UNKNOWN)
        if self.projection is None:
            return torch.cat([self.words(learnt_BT), self.given[known_BT]], dim=-1)
        return cast(Tensor, self.words(learnt_BT) + self.projection(self.given[known_BT]))

    def _dropped(self, matches_BTM: Tensor) -> Tensor:
        """Drop some gazetteers for some sentences, as if their names were in none."""
        kept_BL = torch.rand(len(matches_BTM), self.matches // 2, device=matches_BTM.device) >= self.gazetteer_dropout
        return matches_BTM * kept_BL.repeat_interleave(2, dim=1).unsqueeze(1)

    def weights(self) -> Mapping[str, Tensor]:
        """The weights by the names under which the numpy runtime reads them."""
        words = self.words.weight
        if self.has_given:  # one table, as if it had been learnt
            every_V = torch.arange(len(self.given), device=words.device)
            words = self._vectors(every_V, every_V)
        weights: dict[str, Tensor] = {"words": words}
        if self.affixes is not None:
            weights["affixes"] = self.affixes.weight
        if self.characters is not None:
            weights["characters"] = self.characters.weight
            weights["filters"] = self.convolution.weight
            weights["filters_b"] = cast(Tensor, self.convolution.bias)  # present by default
        return weights
