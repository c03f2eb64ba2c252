"""Sentences -> batches of ids, each of one length, so that nothing is padded.

Shapes: B sentences, T tokens, W distinct words of a batch, C characters, M gazetteer columns.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from slotfill.batching import Ids, character_ids, equal_length_batches
from slotfill.config import TrainingConfig
from slotfill.gazetteers import GazetteerMatcher
from slotfill.intents import parts_of
from slotfill.network import IGNORED
from slotfill.schema import Example
from slotfill.vocabulary import UNKNOWN, Vocabularies

_BARE = 0.5  # of the words that are made unknown, so many lose their given vector too, as words that never had one


class Batch(NamedTuple):
    """Sentences of one length, as the input of SlotTagger."""

    words: Tensor  # (B, T)
    forms: Tensor  # (B, T): rows of `characters`
    characters: Tensor  # (W, C)
    matches: Tensor  # (B, T, M)
    known: Tensor  # (B, T): the words whose given vectors are read
    tags: Tensor  # (B, T)
    intents: Tensor  # (B,), or (B, I) for sets


def word_counts(train: Iterable[Example], vocabularies: Vocabularies) -> Counter[int]:
    """How often each word of the vocabulary, by its id, occurs in a train split."""
    fold, id_of = vocabularies.fold, vocabularies.words.id
    return Counter(id_of(fold(token.text)) for example in train for token in example.tokens)


class EncodedSplit:
    """Sentences as ids, cut into batches of equal length on a device."""

    def __init__(
        self,
        examples: Sequence[Example],
        *,
        counts: Mapping[int, int],
        vocabularies: Vocabularies,
        settings: TrainingConfig,
        device: str,
        sets: bool = False,
    ) -> None:
        """`counts` are the word counts of the whole train split; with `sets`, a sentence has a set of intents."""
        sentences = [[vocabularies.fold(token.text) for token in example.tokens] for example in examples]
        number_of: dict[str, int] = {}
        for form in chain.from_iterable(sentences):
            number_of.setdefault(form, len(number_of))
        forms = list(number_of)
        self.device = device
        self.lengths = [len(sentence) for sentence in sentences]
        self.forms = [np.array([number_of[form] for form in sentence], dtype=np.int64) for sentence in sentences]
        matcher = GazetteerMatcher(vocabularies.gazetteers)
        self.matches = [matcher.match(sentence) for sentence in sentences]
        self.tags = [np.array([vocabularies.tags.id(tag) for tag in e.tags], dtype=np.int64) for e in examples]
        target = _intent_row if sets else _intent_id
        self.intents = torch.tensor([target(e, vocabularies) for e in examples], device=device)
        # For each distinct word: its id, its characters, and how likely it is replaced by the unknown word. Rare words
        # are replaced often, so that the unknown vector is trained on words like those never seen.
        ids = [vocabularies.words.id(form) for form in forms]
        self.word_ids = torch.tensor(ids, device=device)
        self.characters = torch.from_numpy(character_ids(forms, vocabularies.characters)).to(device)
        counts_W = torch.tensor([counts.get(number, 0) for number in ids], dtype=torch.float32, device=device)
        # clamped because without dropout a word that is not in train gives 0 / 0; it is unknown in any case
        rare_W = settings.word_dropout / (settings.word_dropout + counts_W).clamp_min(1e-9)
        self.drop_rate = rare_W + settings.word_dropout_base
        self.has_vectors = bool(settings.vectors)

    def __len__(self) -> int:
        return len(self.lengths)

    def batches(self, *, size: int, seed: tuple[int, int]) -> list[Ids]:
        """Sentence numbers batch by batch, in an order that depends only on the seed."""
        return equal_length_batches(self.lengths, size=size, rng=np.random.default_rng(seed))

    def batch(self, numbers: Iterable[int]) -> Batch:
        """The sentences with these numbers, which must have the same length."""
        numbers = list(numbers)
        forms_BT = torch.from_numpy(np.stack([self.forms[n] for n in numbers])).to(self.device)
        tags_BT = torch.from_numpy(np.stack([self.tags[n] for n in numbers])).to(self.device)
        distinct_W, rows_BT = torch.unique(forms_BT, return_inverse=True)
        characters_WC = self.characters[distinct_W]
        longest = int((characters_WC != 0).any(0).sum())
        dropped_BT = torch.rand(forms_BT.shape, device=self.device) < self.drop_rate[forms_BT]
        known_BT = self.word_ids[forms_BT]
        words_BT = known_BT.masked_fill(dropped_BT, UNKNOWN)
        if self.has_vectors:
            bare_BT = dropped_BT & (torch.rand(forms_BT.shape, device=self.device) < _BARE)
            known_BT = known_BT.masked_fill(bare_BT, UNKNOWN)
        matches_BTM = torch.from_numpy(np.stack([self.matches[n] for n in numbers])).to(self.device)
        characters_WC = characters_WC[:, :longest]
        return Batch(words_BT, rows_BT, characters_WC, matches_BTM, known_BT, tags_BT, self.intents[numbers])


def _intent_id(example: Example, vocabularies: Vocabularies) -> int:
    intent = example.intent
    return IGNORED if intent is None or intent not in vocabularies.intents else vocabularies.intents.id(intent)


def _intent_row(example: Example, vocabularies: Vocabularies) -> list[float]:
    """A 1 for each intent of the sentence; `IGNORED` everywhere if it has none, or one that is not known."""
    intents = vocabularies.intents
    parts = parts_of(example.intent) if example.intent is not None else ()
    if not parts or any(part not in intents for part in parts):
        return [float(IGNORED)] * len(intents)
    return [float(name in parts) for name in intents.items]
