"""The tokens around the slots of one role that may bear on its value."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

from slotfill.languages import COMMON, other_language
from slotfill.resolvers import date_pieces, numbers, time_words
from slotfill.resolvers.confidence import confidence_of
from slotfill.resolvers.reading import BESIDE, FOREIGN, FREE, NOT_UNDERSTOOD, Reading, ruled_out
from slotfill.schema import Annotation, DateValue, Slot, TimeValue, Token
from slotfill.slot_names import FramePart, frame_part_of, type_of

_Moment = TypeVar("_Moment", DateValue, TimeValue)

LIMIT = "time_relative"  # before, after, around
OR = "or"  # a slot of ATIS that only joins others
# How many tokens from its slots a role may read: enough for `two weeks from` and `of the next month`.
_REACH = 7


_VOCABULARY = date_pieces.VOCABULARY | time_words.VOCABULARY | numbers.VOCABULARY
_MASK = "_"
_ENDS = frozenset((".", "!", "?", ";"))
_OF_A_MONTH = ("early", "mid", "middle", "late")  # slots of times that may belong to the date: `early june`
_UNTIL = ("to", "-", "–", "—", "until", "till", "through", "thru")  # between the first and the last day of a stay


def _lower(text: str) -> str:
    return text.lower().replace("’", "'")


_lowered = lru_cache(maxsize=2048)(_lower)  # tokens of dates and times, which are few


@lru_cache(maxsize=8192)
def _masked(text: str) -> str:
    """A token beside the slots in lower case, or `_` for every token without a meaning in dates and times.

    So `leave boston at 6` and `leave denver at 6` are the same question, which is answered once.
    """
    lower = _lower(text)
    if not lower.isalpha() or _VOCABULARY & {lower, lower.removesuffix("s")}:
        return lower
    return _MASK


@lru_cache(maxsize=1024)
def _marks(name: str) -> tuple[str, str]:
    """The marks of a slot's first token and of its others."""
    return f"B-{type_of(name)}", f"I-{type_of(name)}"


# A sentence without any of these words rules nothing out; `negation` has what they mean.
_CUES = (
    "not never no nor neither isn't isnt wasn't can't cant cannot couldn't couldnt don't dont doesn't doesnt didn't "
    "didnt won't wont wouldn't wouldnt shouldn't except excluding besides barring avoid avoiding skip skipping bypass "
    "bypassing without hate other apart aside but instead than over place out nope wait sorry actually oops mean meant "
    "said scratch correction rather make change changing move moving switch switching reschedule postpone shift push "
    "swap rebook replace update bring nothing too"
)
CUES = frozenset(_CUES.split())
_KANA = "[\u3041-\u30fa\uff66-\uff9d]"  # compiled when the first text needs it
_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)?").findall
_SPACED = bytes(sign if chr(sign).islower() else ord(" ") for sign in range(256))  # letters, and spaces for the rest


def _words(text: str) -> list[str]:
    """The words of a text in lower case."""
    if text.isascii() and "'" not in text:  # as most are: this takes a third of the time
        return text.encode().translate(_SPACED).decode().split()
    return _WORDS(text)


class Ruled(NamedTuple):
    """The numbers of the slots that a sentence rules out, each with the tokens of what it is part of."""

    out: Mapping[int, tuple[int, int]]
    doubtful: frozenset[int]  # of `out`, those that may be meant
    reversed: frozenset[int]  # their limit is reversed: of `i don't want to leave before 9`


_NOTHING_RULED = Ruled({}, frozenset(), frozenset())
_OPPOSITE = {"before": "after", "after": "before"}


def _is_chinese(text: str) -> bool:
    from slotfill.hanzi import is_chinese  # late: English does not need it

    return is_chinese(text)


class Sentence:
    """The tokens of an annotation, and which slot each belongs to."""

    def __init__(
        self,
        annotation: Annotation,
        order: Sequence[int],
        year: int,
        *,
        part_of: Callable[[str], FramePart | None] = frame_part_of,
    ) -> None:
        self.year = year  # of the clock
        self.part_of = part_of  # which slots are mentions of one thing, so that one of them may correct another
        self.text = annotation.text
        self.lower = _lower(self.text)
        self.slots: Sequence[Slot] = annotation.slots
        self.order = order  # the numbers of the slots in the order of the text
        self.tokens: Sequence[Token] = annotation.tokens
        self.is_chinese = not self.text.isascii() and _is_chinese(self.text)
        if self.is_chinese:
            from slotfill.resolvers.zh.joints import tokens_of  # late: English does not need it

            self.tokens = tokens_of(self.text, self.slots, order)
        self.starts = [token.start for token in self.tokens]
        self.owners: list[int] = []  # for each token, the number of its slot or -1; filled on first use
        self.ruled = self._find_ruled()
        self.years = self._find_years()

    def reads_chinese(self, numbers: Sequence[int]) -> bool:
        """Say whether the rules of Chinese read these slots: not those of `Friday 6 pm` in a Chinese sentence."""
        if not self.is_chinese or not numbers:
            return False
        from slotfill.resolvers.zh.window import is_readable  # late: English does not need it

        return is_readable([self.slots[n].text for n in numbers])

    @property
    def language(self) -> str | None:
        """What the sentence looks like if there are no rules for its language; names of places say nothing of that."""
        is_ours = not COMMON.isdisjoint(self.lower.split()) or (self.is_chinese and not re.search(_KANA, self.text))
        return None if is_ours else self._other_language  # nearly all are

    @cached_property
    def _other_language(self) -> str | None:
        text = self.text
        pieces, at = [], 0
        for number in self.order:
            slot = self.slots[number]
            part = self.part_of(slot.name)
            if part is None or part.part not in ("date", "time"):
                pieces.append(text[at : slot.start])
                at = slot.end
        return other_language(" ".join([*pieces, text[at:]]))

    @cached_property
    def taken(self) -> tuple[list[int], list[int]]:
        """Where the slots begin and end, in the order of the text, without `or`."""
        edges = sorted([(slot.start, slot.end) for slot in self.slots if slot.name != OR])
        return [start for start, _ in edges], [end for _, end in edges]

    @cached_property
    def moments(self) -> list[int]:
        """Where the dates and times begin, in the order of the text."""
        parts = [(self.slots[n].start, frame_part_of(self.slots[n].name)) for n in self.order]
        return [start for start, part in parts if part and part.part != "place"]

    @cached_property
    def has_return(self) -> bool:
        """Whether a slot is of the way back."""
        return any(getattr(frame_part_of(slot.name), "leg", "") == "return" for slot in self.slots)

    def _find_owners(self) -> None:
        tokens, starts = self.tokens, self.starts
        self.owners = owners = [-1] * len(starts)
        self._places: dict[int, tuple[int, int]] = {}  # the first and the last token of each slot that has any
        at = 0
        for number in self.order:
            slot = self.slots[number]
            end = slot.end
            at = first = bisect_left(starts, slot.start, at)
            while at < len(starts) and tokens[at].end <= end:
                owners[at] = number
                at += 1
            if at > first:
                self._places[number] = (first, at - 1)

    def _find_ruled(self) -> Ruled:
        """What the sentence rules out: `not to boston but to denver`."""
        words = [token.text for token in self.tokens] if self.is_chinese else _words(self.lower)
        if CUES.isdisjoint(words):  # faster than a look at each token
            return _NOTHING_RULED
        from slotfill.resolvers.negation import ruled_out  # late: few sentences need it

        if not self.owners:
            self._find_owners()
        words = [_lower(token.text) for token in self.tokens]
        return ruled_out(words, self.owners, [slot.name for slot in self.slots], self.order, part_of=self.part_of)

    def kept(self, numbers: Sequence[int]) -> Sequence[int]:
        """Those of these slots that are not ruled out."""
        out = self.ruled.out
        return [n for n in numbers if n not in out] if out else numbers

    def note_of(self, numbers: Sequence[int]) -> str:
        """A note that names those of these slots that are ruled out."""
        out = self.ruled.out
        spans = dict.fromkeys([out[n] for n in numbers if n in out])
        texts = [self.text[self.tokens[first].start : self.tokens[end - 1].end] for first, end in spans]
        start = "ruled out" if self.ruled.doubtful.isdisjoint(numbers) else "unclear what is ruled out"
        return f"{start}: {', '.join(texts)}"

    def span(self, numbers: Sequence[int]) -> str:
        """The text from the first of these slots to the last."""
        return self.text[self.slots[numbers[0]].start : max([self.slots[n].end for n in numbers])]

    def first_token(self, number: int) -> int:
        """The position of the first token of a slot, or of the next token if it has none."""
        return bisect_left(self.starts, self.slots[number].start)

    def around(
        self, slots: Collection[int], *, beside: Collection[int]
    ) -> tuple[tuple[str, ...], tuple[str, ...], int]:
        """The tokens of these slots, between and around them, their marks (see `reading`), and where they begin."""
        if not self.owners:
            self._find_owners()
        if len(self.slots) > 50:  # among fewer a search is faster than a set
            slots, beside = {*slots}, {*beside}
        places = [self._places[n] for n in slots if n in self._places]
        if not places:
            return (), (), 0
        taken, out = self.years, self.ruled.out
        first, last = min(places)[0], max(places)[1]
        lent = self._lent(last, slots)
        years = [n for n in (last + 1, last + 2) if n in taken and taken[n] in beside] if taken else ()
        if lent or years:
            last = max([last, *years, *[self._places[n][1] for n in lent]])
        start, end = self._edges(first, last + 1)
        tokens, owners = self.tokens, self.owners
        texts, marks = [], []
        previous = -1
        for at in range(start, end):
            token, owner = tokens[at], owners[at]
            if owner < 0:
                texts.append(_masked(token.text))
                marks.append(FREE)
            elif taken and (at in years or (at in taken and owner in slots)):
                is_date = at in years or self.slots[owner].text.isdigit()  # only this token of a time, or a whole slot
                texts.append(token.text)
                marks.append("B-year" if is_date else FREE)
            elif owner in slots or owner in lent:
                text, mark = _lowered(token.text), _marks(self.slots[owner].name)[owner == previous]
                if lent and owner in lent and mark == "B-day_number":
                    # only the month of `8-15dec`, which reads `8 of dec`
                    texts[-1], text, mark = "of", "".join(filter(str.isalpha, text)), "B-month_name"
                texts.append(text)
                marks.append(ruled_out(mark) if out and owner in out else mark)
            else:
                texts.append(_masked(token.text))
                marks.append(self._mark(owner, beside))
            previous = owner
        return tuple(texts), tuple(marks), start

    def _mark(self, owner: int, beside: Collection[int]) -> str:
        """The mark of a token of another slot."""
        if self.slots[owner].name == OR:
            return FREE
        if owner not in beside:
            return FOREIGN
        return FREE if _lower(self.slots[owner].text) in _OF_A_MONTH else BESIDE

    def _edges(self, first: int, end: int) -> tuple[int, int]:
        """The tokens around these that may count: up to a masked one, or to one of another slot, which is included."""
        tokens, owners = self.tokens, self.owners
        least, most = max(0, first - _REACH), min(end + _REACH, len(tokens))
        if "between" in self.lower:  # it may be far away
            return least, most
        while first > least and _masked(tokens[first - 1].text) != _MASK:
            first -= 1
            if owners[first] >= 0 and self._is_foreign(owners[first]):
                break
        while end < most and _masked(tokens[end].text) != _MASK:
            end += 1
            if owners[end - 1] >= 0 and self._is_foreign(owners[end - 1]):
                break
        return first, end

    def _find_years(self) -> Mapping[int, int]:
        """The tokens of years that the tagger took for times, with their slots: `july 5 2027`, not `july 5 at 2027`."""
        texts = [str(self.year + n) for n in range(4)]
        if not any(text in self.text for text in texts):
            return {}
        from slotfill.resolvers.date_slots import is_taken_year  # late: few sentences need it

        if not self.owners:
            self._find_owners()
        found = [n for n, token in enumerate(self.tokens) if token.text in texts and is_taken_year(self, n)]
        return {n: self.owners[n] for n in found}

    def years_of(self, timed: Sequence[int]) -> list[int]:
        """Those of these slots that are whole years."""
        return [n for n in self.years.values() if n in timed and self.slots[n].text.isdigit()]

    def _lent(self, last: int, slots: Collection[int]) -> set[int]:
        """The slots of another date that count for the date with these slots, whose last token is `last`."""
        at = last + 1
        if at + 1 >= len(self.tokens) or self.tokens[at].text.lower() not in _UNTIL:
            return set()
        if not any(type_of(self.slots[n].name) == "day_number" for n in slots):
            return set()
        from slotfill.resolvers.date_slots import lent_to  # late: few sentences need it

        return lent_to(self, slots, at + 1)

    def is_limit(self, timed: Sequence[int], dated: Sequence[int]) -> bool:
        """Say whether the times of a leg are only the limit of its date: `no later than december 5`."""
        if self.is_chinese:
            from slotfill.resolvers.zh.moments import is_limit  # late: English does not need it

            return is_limit(self, timed, dated)
        texts = [text for n in timed for text in _lower(self.slots[n].text).split()]
        if any(type_of(self.slots[n].name) != LIMIT for n in timed) or not date_pieces.VOCABULARY.issuperset(texts):
            return False
        if self.slots[timed[-1]].end <= self.slots[dated[0]].start:
            return {"the", "on"}.issuperset(self.between(timed[-1], dated[0]))
        if self.slots[dated[-1]].end > self.slots[timed[0]].start:
            return False
        at = self.first_token(timed[-1]) + 1
        following = _lower(self.tokens[at].text) if at < len(self.tokens) else ""
        between = self.between(dated[-1], timed[0])
        return between == ["or"] or (not between and following in date_pieces.HOLIDAYS)  # monday after easter

    def _without_negated(self, slots: Sequence[int], reading: Reading) -> Reading:
        """The reading of these slots by what the sentence rules out."""
        out, _, reversed_ = self.ruled
        if not (out or reversed_):
            return reading
        if not reversed_.isdisjoint(slots):
            opposite = _OPPOSITE.get(reading.relation or "")
            is_open = any(".." in one for one in reading.alternatives)
            reading = reading._replace(relation=opposite) if opposite and not is_open else NOT_UNDERSTOOD
        if not any(n in out for n in slots):
            return reading
        note = self.note_of(slots)
        if all(n in out for n in slots):
            return Reading(note=note)
        return reading._replace(note=f"{reading.note}; {note}" if reading.note else note)

    def _is_foreign(self, number: int) -> bool:
        """Say whether the tokens of a slot end what counts: not those of an `or` or of `early`."""
        slot = self.slots[number]
        return slot.name != OR and _lower(slot.text) not in _OF_A_MONTH

    def between(self, number: int, following: int) -> list[str]:
        """The tokens between two slots, in lower case."""
        end, start = self.slots[number].end, self.slots[following].start
        first = bisect_left(self.starts, end)
        return [_lower(token.text) for token in self.tokens[first : bisect_left(self.starts, start)]]

    def phrases(self, numbers: Sequence[int]) -> list[list[int]]:
        """These slots of one date or time in phrases, between which there are other words or the end of a sentence."""
        phrases = [[numbers[0]]]
        for number, following in pairwise(numbers):
            if any(_masked(text) == _MASK or text in _ENDS for text in self.between(number, following)):
                phrases.append([])
            phrases[-1].append(following)
        return phrases

    def value(self, kind: type[_Moment], slots: Sequence[int], reading: Reading, offset: int) -> _Moment:
        """A reading as a value; its text spans these slots and all tokens that it was read from."""
        start, end = self.slots[slots[0]].start, max([self.slots[n].end for n in slots])
        if reading.value and (last := reading.last + offset) < len(self.tokens):
            start = min(start, self.tokens[reading.first + offset].start)
            end = max(end, self.tokens[last].end)
        return self.made(kind, slots, reading, start, end)

    def made(self, kind: type[_Moment], slots: Sequence[int], reading: Reading, start: int, end: int) -> _Moment:
        """A reading as a value with the text from `start` to `end`."""
        counted = slots
        if self.ruled is not _NOTHING_RULED:
            reading, counted = self._without_negated(slots, reading), self.kept(slots) or slots
        value, grain, to, relation, alternatives, note = reading[:6]
        sure = confidence_of([self.slots[n] for n in counted])
        text = self.text[start:end]
        # by place, since by name it would take half as long again
        return kind(text, value, tuple(slots), grain, to, relation, None, alternatives, note, sure)
