"""Sentences -> batches of ids, each batch of one length, so that nothing is padded.

Shapes: B sentences, T tokens, W distinct words of a batch, C characters, M gazetteer columns.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from slotfill.batching import Ids, character_ids, equal_length_batches
from slotfill.config import TrainingConfig
from slotfill.gazetteers import GazetteerMatcher
from slotfill.network import IGNORED
from slotfill.schema import Example
from slotfill.tokenizer import fold
from slotfill.vocabulary import UNKNOWN, Vocabularies


class Batch(NamedTuple):
    """Sentences of one length, as SlotTagger takes them."""

    words: Tensor  # (B, T)
    forms: Tensor  # (B, T): rows of `characters`
    characters: Tensor  # (W, C)
    matches: Tensor  # (B, T, M)
    tags: Tensor  # (B, T)
    intents: Tensor  # (B,)


def word_counts(train: Iterable[Example]) -> Counter[str]:
    """How often each folded word stands in a training split."""
    return Counter(fold(token.text) for example in train for token in example.tokens)


class EncodedSplit:
    """Sentences as ids, cut into batches of equal length on a device."""

    def __init__(
        self,
        examples: Sequence[Example],
        *,
        counts: Mapping[str, int],
        vocabularies: Vocabularies,
        settings: TrainingConfig,
        device: str,
    ) -> None:
        """`counts` are those of the words in the whole training split."""
        forms = dict.fromkeys(fold(token.text) for example in examples for token in example.tokens)
        number_of = {form: number for number, form in enumerate(forms)}
        self.device = device
        self.lengths = [len(example.tokens) for example in examples]
        self.forms = [np.array([number_of[fold(t.text)] for t in e.tokens], dtype=np.int64) for e in examples]
        matcher = GazetteerMatcher(vocabularies.gazetteers)
        self.matches = [matcher.match([fold(t.text) for t in e.tokens]) for e in examples]
        self.tags = [np.array([vocabularies.tags.id(tag) for tag in e.tags], dtype=np.int64) for e in examples]
        self.intents = torch.tensor([_intent_id(e, vocabularies) for e in examples], device=device)
        # Of each distinct word: its id, its characters, and how likely it plays the unknown word. A rare word does so
        # often, which trains the unknown vector on words that behave as unseen ones will.
        self.word_ids = torch.tensor([vocabularies.words.id(form) for form in forms], device=device)
        self.characters = torch.from_numpy(character_ids(list(forms), vocabularies.characters)).to(device)
        often = torch.tensor([counts.get(form, 0) for form in forms], dtype=torch.float32, device=device)
        # without dropout, a word of no training sentence is unknown in any case
        rare = settings.word_dropout / (settings.word_dropout + often).clamp_min(1e-9)
        self.drop_rate = rare + settings.word_dropout_base

    def __len__(self) -> int:
        return len(self.lengths)

    def batches(self, *, size: int, seed: tuple[int, int]) -> list[Ids]:
        """Sentence numbers, batch by batch, in an order that the seed decides."""
        return equal_length_batches(self.lengths, size=size, rng=np.random.default_rng(seed))

    def batch(self, numbers: Iterable[int]) -> Batch:
        """The sentences of these numbers, which must be of one length."""
        numbers = list(numbers)
        forms_BT = torch.from_numpy(np.stack([self.forms[n] for n in numbers])).to(self.device)
        tags_BT = torch.from_numpy(np.stack([self.tags[n] for n in numbers])).to(self.device)
        distinct_W, rows_BT = torch.unique(forms_BT, return_inverse=True)
        characters_WC = self.characters[distinct_W]
        longest = int((characters_WC != 0).any(0).sum())
        dropped_BT = torch.rand(forms_BT.shape, device=self.device) < self.drop_rate[forms_BT]
        words_BT = self.word_ids[forms_BT].masked_fill(dropped_BT, UNKNOWN)
        matches_BTM = torch.from_numpy(np.stack([self.matches[n] for n in numbers])).to(self.device)
        return Batch(words_BT, rows_BT, characters_WC[:, :longest], matches_BTM, tags_BT, self.intents[numbers])


def _intent_id(example: Example, vocabularies: Vocabularies) -> int:
    intent = example.intent
    return IGNORED if intent is None or intent not in vocabularies.intents else vocabularies.intents.id(intent)
