"""A place that was asked for, and that the tagger does not see in a bare answer: `Nice`."""

from slotfill.dialogue.changes import Words
from slotfill.dialogue.mentions import Mention
from slotfill.dialogue.sentences import Sentences
from slotfill.dialogue.words import is_bare
from slotfill.schema import Alternative, PlaceValue

_MOST = 5  # tokens of a name
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
