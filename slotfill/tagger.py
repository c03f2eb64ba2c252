"""Texts -> annotations: tokenizer, network, decoding and resolvers in one call. No torch."""

import os.path
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from math import exp
from typing import TYPE_CHECKING, Any

from slotfill.arrays import Weights
from slotfill.bundle import Bundle, is_bundle, read
from slotfill.clock import now_of
from slotfill.config import ModelConfig
from slotfill.errors import BundleError, InputError
from slotfill.intents import SIGNS
from slotfill.languages import Languages
from slotfill.locations import locate, names
from slotfill.resolvers.confidence import confidence_of
from slotfill.resolvers.frame import DATE_ORDERS, frame_of, without
from slotfill.runtime.one import FEW, OneSentence, is_short, one_sentence
from slotfill.runtime.threads import one_thread
from slotfill.runtime.weights import check, complete, shapes_of
from slotfill.schema import Annotation, Frame, Intent, Slot, Token
from slotfill.tags import OUTSIDE, char_span, edges_of, name_of, spans_of, tags_of
from slotfill.thresholds import MIN_VALUE_CONFIDENCE
from slotfill.tokenizer import tokenize
from slotfill.vocabulary import Vocabularies

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from slotfill.decoding.chain import Chain
    from slotfill.decoding.confidence import Confidence
    from slotfill.dialogue import Dialogue
    from slotfill.given_tokens import GivenTokens
    from slotfill.resolvers.own_slots import OwnSlots
    from slotfill.runtime.forward import Runtime
    from slotfill.slot_kinds import SlotKind
    from slotfill.tokenizers import Tokenizer


class Tagger:
    """Labels texts with one trained network.

    The same call returns the same results to the last bit. Among other texts, a text has the same labels, and
    confidences within 0.00001, since the rounding of a matrix product depends on its number of rows. (Only two tags
    whose scores agree to five digits could change places.)

    >>> from slotfill import Tagger
    >>> tagger = Tagger.load("travel")
    >>> [slot.name for slot in tagger.tag(["arrive Taipei"])[0].slots]
    ['toloc.city_name']
    """

    def __init__(
        self,
        config: ModelConfig,
        vocabularies: Vocabularies,
        weights: "Mapping[str, NDArray[np.float32]]",
        kinds: "Sequence[SlotKind]" = (),
    ) -> None:
        """Make a tagger of the parts of a bundle; BundleError if they do not fit each other.

        `kinds` are those of slots of one's own, which then have values (docs/own-slots.md).
        """
        self.own = own_slots(kinds)
        self.vocabularies = vocabularies
        self.tokenizer = config.tokenizer
        self.cell = config.cell  # its kind
        self.sign = config.intents if config.intents in SIGNS else None  # between the intents of a set
        self._tokenize = _tokenizer(config.tokenizer)
        weights = complete(Weights.of(weights))
        check(weights, shapes_of(config, vocabularies))
        self._network = config, vocabularies, weights
        self._languages = Languages(vocabularies.words)
        self._elsewhere = config.elsewhere  # the name of the other model, until it is needed
        self._other: Tagger | None = None

    @classmethod
    def load(cls, model: "str | Path" = "travel") -> "Tagger":
        """Load a model by name or by the path of its folder; BundleError if it is missing or not whole."""
        bundle = find_bundle(model)
        try:
            return cls.of(bundle)
        except BundleError as error:
            raise BundleError(f"{model}: {error}") from None

    @classmethod
    def of(cls, bundle: Bundle) -> "Tagger":
        """The tagger of a bundle in memory; BundleError if its parts do not fit each other."""
        return cls(bundle.config.model, bundle.vocabularies, bundle.weights, bundle.config.slots)

    def tag(
        self,
        texts: Iterable[str] | None = None,
        *,
        tokens: "Iterable[GivenTokens | None] | None" = None,
        now: datetime | str | None = None,
        date_order: str = "mdy",
        min_confidence: float = 0.0,
        min_value_confidence: float = MIN_VALUE_CONFIDENCE,
    ) -> list[Annotation]:
        """One annotation for each text, in order; a text without tokens has no slots and no intent.

        `tokens` are those of each text if it is tokenized already (None: the model's tokenizer makes them); without
        `texts`, these are the tokens joined by spaces.
        `tomorrow` counts from `now`, a datetime or a text such as `2026-11-20T09:00` (None: the local time); with an
        offset from UTC, times that count from it have the offset too. `date_order`
        is `mdy` (11/2 is November 2) or `dmy` (February 11). Slots with less confidence than `min_confidence` are left
        out. Values with less than `min_value_confidence` are None, with what they would have been in `alternatives`.
        InputError if an argument cannot be used.

        >>> from slotfill import load
        >>> (found,) = load().tag(["arrive Taipei on November 2nd"], now="2026-11-20T09:00")
        >>> found.frame.arrival.date.value, found.frame.arrival.time
        ('2027-11-02', None)
        >>> [slot.text for slot in load().tag(["(Oslo)-Rome"], tokens=[["(", "Oslo", ")-", "Rome"]])[0].slots]
        ['Oslo', 'Rome']
        """
        moment = now_of(now)
        if date_order not in DATE_ORDERS:
            raise InputError(f"tag() takes date_order {' or '.join(DATE_ORDERS)}: got {date_order!r}")
        _check_confidence("min_confidence", min_confidence)
        _check_confidence("min_value_confidence", min_value_confidence)
        if isinstance(texts, str | bytes):
            raise InputError('tag() takes a list of texts: write tag(["..."]) for a single one')
        if tokens is None:
            sentences, given = list(texts or ()), None
            for number, text in enumerate(sentences):
                if not isinstance(text, str):
                    raise InputError(f"tag() takes texts: got {type(text).__name__} at {number}")
        else:
            from slotfill.given_tokens import placed  # late: most texts come without

            sentences, given = placed(texts, tokens)
        return resolve(
            self.annotate(sentences, given),
            now=moment,
            date_order=date_order,
            min_confidence=min_confidence,
            min_value_confidence=min_value_confidence,
            own=self.own,
        )

    def dialogue(
        self, *, now: datetime | str | None = None, date_order: str = "mdy", clock: datetime | str | None = None
    ) -> "Dialogue":
        """A conversation about one trip: one turn after another in, the itinerary so far out (docs/dialogue.md).

        `now` and `date_order` are those of `tag`, for all of its turns; None is the local time of each turn. `clock` is
        another name of `now`.
        A stored one goes on with `Dialogue.from_dict`. InputError if an argument cannot be used.

        >>> from slotfill import load
        >>> dialogue = load().dialogue(now="2026-11-20T09:00")
        >>> dialogue.say("leave Boston for Lima on December 4th").itinerary.departure.date.value
        '2026-12-04'
        >>> dialogue.say("make it the 6th instead").itinerary.departure.date.value
        '2026-12-06'
        """
        from slotfill.dialogue import Dialogue  # late: single sentences do not need it

        return Dialogue.begin(self, now=clock if now is None else now, date_order=date_order)

    @cached_property
    def one(self) -> OneSentence | None:
        """The network for sentences by themselves; None without a compiled core, or if the core does not know it."""
        return one_sentence(*self._network)

    @cached_property
    def runtime(self) -> "Runtime":
        """The network in numpy."""
        from slotfill.runtime.forward import Runtime  # late: it imports numpy, which one sentence does without

        return Runtime(*self._network, one=self.one)

    @cached_property
    def chain(self) -> "Chain":
        """The chain of tags in numpy."""
        from slotfill.decoding.chain import Chain  # late: it imports numpy

        tags, weights = self.vocabularies.tags.items, self._network[2]
        return Chain(tags, weights.get("crf.A"), temperature=float(weights.raw["temperature"][0]))

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of the slots that the model itself knows, in alphabetical order."""
        return tuple(sorted({tag[2:] for tag in self.vocabularies.tags.items if tag != OUTSIDE}))

    @property
    def intents(self) -> tuple[str, ...]:
        """The names of the intents that the model knows, in alphabetical order; none if its data had none."""
        return self.vocabularies.intents.items

    @one_thread()
    def rank_intents(self, text: str) -> tuple[Intent, ...]:
        """All intents with their probabilities, the likeliest first; none for a text without a word.

        If the model knows sets of intents, they are the single ones, and each has a probability of its own.

        >>> from slotfill import load
        >>> [intent.name for intent in load().rank_intents("arrive Taipei")][0]
        'flight'
        """
        tagger = self.answering(text)
        words = [tagger.vocabularies.fold(token.text) for token in tagger._tokenize(text)]
        if not words:
            return ()
        _, intents_BI, _ = tagger.runtime.run([words])
        return tagger.ranked(intents_BI)

    def ranked(self, intents_BI: "NDArray[np.float32] | None") -> tuple[Intent, ...]:
        """The intents of the first sentence with their probabilities, the likeliest first."""
        from slotfill.decoding.confidence import probabilities

        if intents_BI is None:
            return ()
        chances_I = probabilities(intents_BI)[0].tolist()
        if self.sign is not None:
            from slotfill.decoding.sets import chances  # late: few models have sets

            chances_I = chances(intents_BI)[0].tolist()
        found = [Intent(name, sure) for name, sure in zip(self.intents, chances_I, strict=True)]
        return tuple(sorted(found, key=lambda intent: -intent.confidence))

    def annotate(
        self, texts: Sequence[str], given: Sequence[tuple[Token, ...] | None] | None = None
    ) -> list[Annotation]:
        """`tag` without frames, which `resolve` fills; `given` are the tokens of each text, if it has them already."""
        if given is None:
            tokens = [self._tokenize(text) for text in texts]
        else:
            pairs = zip(texts, given, strict=True)
            tokens = [self._tokenize(text) if sentence is None else sentence for text, sentence in pairs]
        if len(tokens) <= FEW and all(map(is_short, tokens)) and self.one is not None:
            # by number of the text; those without tokens are left out
            found = {n: self._alone(self.one, texts[n], sentence) for n, sentence in enumerate(tokens) if sentence}
        else:
            found = self._in_chunks(texts, tokens)
        self._ask_other(found, given)
        return [found.get(number) or Annotation(text, (), (), (), None) for number, text in enumerate(texts)]

    def _alone(self, network: OneSentence, text: str, tokens: tuple[Token, ...]) -> Annotation:
        """Annotate one sentence, which is not empty."""
        fold = self.vocabularies.fold
        words = [fold(token.text) for token in tokens]
        path, sure, scores = network.tag(words)
        names = self.vocabularies.tags.items
        tags = tuple([names[tag] for tag in path])
        intent = None if scores is None else self._intent_of(scores)
        slots = () if sure is None else _slots(text, tokens, tags, sure, 0)
        return self._noted(Annotation(text, tokens, tags, slots, intent), words)

    def _intent_of(self, scores: list[float]) -> Intent:
        """The intent of one sentence with these scores, or its set, joined."""
        if self.sign is not None:
            import numpy as np  # late: few models have sets

            return self._intents_of(np.array([scores], dtype=np.float32))[0]
        most = max(scores)
        return Intent(self.intents[scores.index(most)], 1 / sum([exp(score - most) for score in scores]))

    def _noted(self, annotation: Annotation, words: Sequence[str]) -> Annotation:
        """The annotation of folded words, or if their language is not known, an empty one that says so."""
        note = self._languages.note(annotation.tokens, words)
        return annotation if note is None else abstaining(annotation, note)

    @one_thread()
    def _in_chunks(self, texts: Sequence[str], tokens: Sequence[tuple[Token, ...]]) -> dict[int, Annotation]:
        """Annotate any number of sentences; by number, without those that have no tokens."""
        from slotfill.batching import chunks  # late: it imports numpy

        found: dict[int, Annotation] = {}
        for numbers in chunks([len(sentence) for sentence in tokens]):
            annotations = self._run([texts[n] for n in numbers], [tokens[n] for n in numbers])
            found.update(zip(numbers, annotations, strict=True))
        return found

    def answering(self, text: str) -> "Tagger":
        """The tagger that `tag` takes for a text: this one, or that of the model for other scripts, if there is one.

        The other model is the one that `model.elsewhere` names. It is loaded when it is first needed; BundleError if
        it is not whole.

        >>> from slotfill import load
        >>> load().answering("11月2日到達台北").tokenizer
        'scripts'
        """
        if not (self._elsewhere or self._other):
            return self
        tokens = self._tokenize(text)
        if self._languages.script(tokens, [self.vocabularies.fold(token.text) for token in tokens]) is None:
            return self
        if self._elsewhere:
            path = locate("models", self._elsewhere, fits=is_bundle)
            if path is not None and is_bundle(path):
                self._other = Tagger.load(path)
                self._other._elsewhere = ""  # it answers itself, or says why not
            self._elsewhere = ""
        return self._other or self

    def _ask_other(self, found: dict[int, Annotation], given: Sequence[tuple[Token, ...] | None] | None) -> None:
        """Put the other model's answers in place of those without slots, where the script is why there are none."""
        if not (self._elsewhere or self._other):
            return
        noted = [number for number, one in found.items() if one.note is not None]
        asked = [number for number in noted if self.answering(found[number].text) is not self]
        if asked and self._other is not None:
            tokens = None if given is None else [given[number] for number in asked]
            answers = self._other.annotate([found[number].text for number in asked], tokens)
            found.update(zip(asked, answers, strict=True))

    def _run(self, texts: list[str], sentences: list[tuple[Token, ...]]) -> list[Annotation]:
        """Annotate one chunk; no sentence is empty."""
        fold = self.vocabularies.fold
        words = [[fold(token.text) for token in sentence] for sentence in sentences]
        from slotfill.batching import CHUNK  # late: it imports numpy

        tags, sure, intent_BI = self._read_long(words[0]) if len(words[0]) > CHUNK else self._read(words)
        intents: Sequence[Intent | None] = [None] * len(texts)
        if intent_BI is not None:
            intents = self._intents_of(intent_BI)
        annotations, first = [], 0
        for text, tokens, forms, intent in zip(texts, sentences, words, intents, strict=True):
            own = tuple(tags[first : first + len(tokens)])
            slots = () if sure is None else _slots(text, tokens, own, sure, first)
            annotations.append(self._noted(Annotation(text, tokens, own, slots, intent), forms))
            first += len(tokens)
        return annotations

    def _read(
        self, words: Sequence[Sequence[str]]
    ) -> "tuple[list[str], Confidence | None, NDArray[np.float32] | None]":
        """The tags of all tokens, their confidence if there is a slot, and the scores of intents, (B, I)."""
        emissions_NK, intent_BI, starts_B = self.runtime.run(words)
        tags_N = self.chain.decode(emissions_NK, starts_B)
        names = self.vocabularies.tags.items
        tags = [names[tag] for tag in tags_N.tolist()]
        if tags.count(OUTSIDE) == len(tags):  # without slots, nobody asks
            return tags, None, intent_BI
        return tags, self.chain.confidence(emissions_NK, starts_B, tags_N), intent_BI

    def _read_long(self, words: Sequence[str]) -> "tuple[list[str], Confidence, NDArray[np.float32] | None]":
        """The same of one sentence, in bounded memory."""
        long = self.runtime.run_long(words)
        tags_N, sure = self.chain.decode_long(long.emissions, len(long))
        names = self.vocabularies.tags.items
        return [names[tag] for tag in tags_N.tolist()], sure, long.intents()

    def _intents_of(self, intent_BI: "NDArray[np.float32]") -> list[Intent]:
        """The intent of each sentence, or its set, joined."""
        import numpy as np

        from slotfill.decoding.confidence import probabilities

        names = self.vocabularies.intents.items
        if self.sign is None:
            best_B, sure_B = intent_BI.argmax(1).tolist(), probabilities(intent_BI).max(1).tolist()
            return [Intent(names[b], p) for b, p in zip(best_B, sure_B, strict=True)]
        from slotfill.decoding.sets import best_sets  # late: few models have them

        chosen_BI, sure_B = best_sets(intent_BI)
        joined = [self.sign.join(names[i] for i in np.flatnonzero(row)) for row in chosen_BI]
        return [Intent(name, sure) for name, sure in zip(joined, sure_B.tolist(), strict=True)]


def _slots(text: str, tokens: Sequence[Token], tags: Sequence[str], sure: "Confidence", first: int) -> tuple[Slot, ...]:
    """The slots of one sentence in order; `first` is the number of its first token in the chunk."""
    slots = []
    for start, end in edges_of(tags):
        begin, close = char_span(tokens, start, end)
        slots.append(Slot(name_of(tags[start]), text[begin:close], begin, close, sure.of(first + start, first + end)))
    return tuple(slots)


def abstaining(annotation: Annotation, note: str) -> Annotation:
    """The annotation without slots and intent, and with the reason."""
    return Annotation(annotation.text, annotation.tokens, (OUTSIDE,) * len(annotation.tokens), (), None, note=note)


def own_slots(kinds: "Sequence[SlotKind]") -> "OwnSlots | None":
    """The kinds of slots of one's own, looked up by name; None for none."""
    if not kinds:
        return None
    from slotfill.resolvers.own_slots import OwnSlots  # late: few models have them

    return OwnSlots(kinds)


def _tokenizer(name: str) -> "Tokenizer":
    if name == "slotfill":
        return tokenize
    from slotfill.tokenizers import tokenizer_named  # late: most models need none of these

    return tokenizer_named(name)


def _check_confidence(name: str, confidence: Any) -> None:
    is_number = isinstance(confidence, (float, int))
    if not is_number:
        from numbers import Real  # late: hardly anybody gives one of numpy's numbers

        is_number = isinstance(confidence, Real)
    if not is_number or not 0 <= confidence <= 1:
        raise InputError(f"tag() takes a {name} from 0 to 1: got {confidence!r}")


def resolve(
    annotations: Iterable[Annotation],
    *,
    now: datetime | None,
    date_order: str,
    min_confidence: float,
    min_value_confidence: float,
    own: "OwnSlots | None" = None,
) -> list[Annotation]:
    """Annotations of `Tagger.annotate` with frames, and without doubtful slots and values (see `Tagger.tag`)."""
    clock = now or datetime.now()  # local time, since `tomorrow` is the user's tomorrow
    resolved = []
    for annotation in annotations:
        frame = frame_of(annotation, clock=clock, date_order=date_order, own=own)
        if annotation.slots and confidence_of(annotation.slots) < min_value_confidence:
            from slotfill.resolvers.abstention import only_sure  # late: few sentences need it

            frame = only_sure(frame, confidence=min_value_confidence)
        resolved.append(_with_frame(annotation, frame))
    return [without_doubtful(a, confidence=min_confidence) for a in resolved] if min_confidence else resolved


def _with_frame(one: Annotation, frame: Frame) -> Annotation:
    """`replace`, faster."""
    return Annotation(one.text, one.tokens, one.tags, one.slots, one.intent, frame, one.note)


def without_doubtful(annotation: Annotation, *, confidence: float) -> Annotation:
    """The annotation without slots of less confidence than `confidence`, and without the values that need them."""
    slots = annotation.slots
    kept = [number for number, slot in enumerate(slots) if slot.confidence >= confidence]
    if len(kept) == len(slots):
        return annotation
    spans = spans_of(annotation.tags)
    return annotation.replace(
        tags=tags_of((spans[number] for number in kept), length=len(annotation.tokens)),
        slots=tuple(slots[number] for number in kept),
        frame=without(annotation.frame, slots, kept),
    )


def find_bundle(model: "str | Path") -> Bundle:
    """Read a model by name (`travel`, or a folder in `./models`) or by path (see `bundle.read`)."""
    path = locate("models", str(model), fits=is_bundle)
    if path is None:  # a kill may have come between two renames, where a system cannot exchange two folders
        from slotfill.files import tidy

        tidy("models" if os.path.basename(model) == str(model) else os.path.dirname(model))
        path = locate("models", str(model), fits=is_bundle)
    if path is None:
        if locate("models", f"{model}.checkpoint", fits=os.path.isfile) is not None:
            raise BundleError(
                f"{model} is an unfinished training, not a model yet: the command that began it goes on with --resume, "
                "and makes a model of its best epoch so far with --finish"
            )
        from difflib import get_close_matches

        known = names("models", fits=is_bundle)
        near = get_close_matches(str(model), known, n=1)
        guess = f"; did you mean {near[0]}?" if near else ""
        raise BundleError(f"no model {str(model)!r}{guess} (known by name: {', '.join(known) or 'none'})")
    return read(path)
