"""What was asked for, and the tagger does not see in a bare answer: `Nice`, `the second`, `am`."""

from collections.abc import Collection

from slotfill.dialogue.changes import Words
from slotfill.dialogue.mentions import Mention
from slotfill.dialogue.sentences import Sentences
from slotfill.dialogue.words import is_bare
from slotfill.resolvers import date_pieces, time_words
from slotfill.resolvers.numbers import number_at
from slotfill.schema import Alternative, Annotation, PlaceValue, Slot

_MOST = 5  # tokens of a name, a date or a time
_TYPES = {
    date_pieces.WEEKDAY: "day_name",
    date_pieces.MONTH: "month_name",
    date_pieces.TODAY: "today_relative",
    date_pieces.RELATIVE: "date_relative",
}
_KINDS = ("city", "airport")


def place_in(sentences: Sentences) -> Mention | None:
    """The city or airport that is all that a turn says, fillers aside; None if it says anything else."""
    tokens = [token for token in sentences.annotation.tokens if not is_bare([sentences.words[token.start : token.end]])]
    if not tokens or len(tokens) > _MOST or sentences.annotation.slots:
        return None
    from slotfill.resolvers.places import resolve  # late: most turns need no such look

    start, end = tokens[0].start, tokens[-1].end
    text = sentences.annotation.text[start:end]
    place = resolve([("city_name", text)])
    if place.value is None or place.kind not in _KINDS or place.corrected:
        return None
    others = tuple(
        [
            Alternative(one.kind, one.value, one.country, one.region, one.airports)
            for one in place.alternatives
            if one.value
        ]
    )
    value = PlaceValue(
        text,
        place.kind,
        place.value,
        (),
        country=place.country,
        region=place.region,
        airports=place.airports,
        homonyms=others,
        note="the tagger saw no place",
        confidence=0.5,
    )
    return Mention("open", "place", value, Words(text, start, end), is_named=False)


def with_moment(sentences: Sentences, kinds: Collection[str]) -> Annotation | None:
    """The annotation with the day or part of the day that is all that a turn without slots says, fillers aside.

    None if it says anything else: `the second one` is no day.
    """
    annotation, words = sentences.annotation, sentences.words
    texts = [words[token.start : token.end] for token in annotation.tokens]
    if annotation.slots or not texts or "one" in texts:
        return None
    slots: list[Slot] = []
    at = 0
    while at < len(texts) and len(slots) <= _MOST:
        name, end = _moment_at(texts, at, kinds)
        if name:
            start, stop = annotation.tokens[at].start, annotation.tokens[end - 1].end
            slots.append(Slot(name, annotation.text[start:stop], start, stop, 0.5))
        elif not is_bare([texts[at]]):
            return None
        at = end
    return annotation.replace(slots=tuple(slots)) if 0 < len(slots) <= _MOST else None


def _moment_at(texts: list[str], at: int, kinds: Collection[str]) -> tuple[str, int]:
    """The name of the slot that begins at a token, or an empty one, and its end."""
    if "date" in kinds:
        number = number_at(texts, at, len(texts))
        if number is not None and 1 <= number.value <= 31:
            return "depart_date.day_number", number.end
        if kind := _TYPES.get(date_pieces.kind_of(texts[at])):
            return f"depart_date.{kind}", at + 1
    is_part = time_words.WORDS.get(texts[at], (0, ""))[0] == time_words.PART
    return ("depart_time.period_of_day" if "time" in kinds and is_part else "", at + 1)
