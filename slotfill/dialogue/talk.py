"""A conversation: one turn after another in, the itinerary so far out."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from slotfill.clock import clock_of, now_of
from slotfill.dialogue.changes import Turn
from slotfill.dialogue.choices import undecided
from slotfill.dialogue.draft import Heard
from slotfill.dialogue.mentions import mentions_of
from slotfill.dialogue.offers import offer_in, offers
from slotfill.dialogue.parts import Itinerary, asked_parts, kind_of
from slotfill.dialogue.questions import asked_in
from slotfill.dialogue.sentences import Sentences
from slotfill.dialogue.state import State, state_of
from slotfill.dialogue.turn import accept, take_turn
from slotfill.dialogue.unlabelled import place_in, with_moment
from slotfill.dialogue.words import is_acceptance, plain
from slotfill.errors import InputError
from slotfill.resolvers.abstention import only_sure
from slotfill.resolvers.frame import DATE_ORDERS, frame_of
from slotfill.schema import Annotation, DateValue, Frame
from slotfill.thresholds import MIN_VALUE_CONFIDENCE, UNSURE_SLOT

if TYPE_CHECKING:
    from slotfill.resolvers.own_slots import OwnSlots


class Labels(Protocol):
    """What a dialogue needs of a tagger."""

    own: "OwnSlots | None"

    def annotate(self, texts: Sequence[str]) -> list[Annotation]:
        """Annotations without frames."""
        ...


class Dialogue:
    """A conversation about one trip. docs/dialogue.md has the rules.

    All that it remembers is its state, which `to_dict` gives as plain data and `from_dict` reads.

    >>> import slotfill
    >>> dialogue = slotfill.load().dialogue(now="2026-11-20T09:00")
    >>> dialogue.say("I want to fly to Lima").itinerary.arrival.place.value
    'Lima'
    >>> dialogue.say("Boston", asked="departure.place").itinerary.departure.place.value
    'Boston'
    >>> turn = dialogue.say("no, from Denver")
    >>> [(change.part, change.action, change.rule) for change in turn.changes]
    [('departure.place', 'replace', 'named')]
    """

    def __init__(self, tagger: Labels, state: State) -> None:
        self._tagger = tagger
        self.state = state

    @classmethod
    def begin(cls, tagger: Labels, *, now: datetime | str | None = None, date_order: str = "mdy") -> "Dialogue":
        """A dialogue in which nothing has been said; `now` and `date_order` are those of `Tagger.tag`."""
        moment = now_of(now)
        if date_order not in DATE_ORDERS:
            raise InputError(f"dialogue() takes date_order {' or '.join(DATE_ORDERS)}: got {date_order!r}")
        return cls(tagger, State(now=None if moment is None else moment.isoformat(), date_order=date_order))

    @classmethod
    def from_dict(cls, tagger: Labels, data: object) -> "Dialogue":
        """The dialogue of a dictionary that `to_dict` made; InputError says what is wrong with any other.

        >>> import slotfill
        >>> tagger = slotfill.load()
        >>> again = slotfill.Dialogue.from_dict(tagger, tagger.dialogue().to_dict())
        >>> again.say("from Boston").itinerary.departure.place.value
        'Boston'
        """
        return cls(tagger, state_of(data))

    def to_dict(self) -> dict[str, Any]:
        """All that the dialogue remembers, as plain data for JSON: `version`, `turns`, `now`, `date_order` ..."""
        return self.state.to_dict()

    @property
    def itinerary(self) -> Frame:
        """The itinerary so far. Its values have no `slots`, which are those of one sentence."""
        return self.state.itinerary

    def say(self, text: str, *, asked: str | Iterable[str] | None = None, heard: str | None = None) -> Turn:
        """Take one turn of the user; the itinerary after it is `turn.itinerary`.

        `asked` is what the system asked for right before: the path of a part, such as `departure.date`, or several.
        `heard` is what the system said right before. What it asks is read from it if `asked` is None, and a user who
        accepts (`that works`) means what it offers. InputError for what cannot be used; no text raises any other.
        """
        if not isinstance(text, str):
            raise InputError(f"say() takes a text: got {type(text).__name__}")
        if heard is not None and not isinstance(heard, str):
            raise InputError(f"say() takes a text as heard: got {type(heard).__name__}")
        words, system = plain(text), plain(heard or "")
        questions = asked_in(system) if heard else ()
        parts = asked_parts(asked) if asked is not None else questions
        is_accepted = bool(heard) and not questions and is_acceptance(words)
        clock = clock_of(self.state.now) if self.state.now else datetime.now()
        sentences = self._read(text, clock)
        offer = offer_in(heard) or self.state.offer if heard else self.state.offer
        mentions, ruled = mentions_of(sentences)
        annotation = sentences.annotation
        if not annotation.slots and (guessed := self._with_moment(sentences, parts, clock)):
            sentences = guessed
            mentions, ruled = mentions_of(sentences)
        if not mentions and any(kind_of(part) == "place" for part in parts) and (place := place_in(sentences)):
            mentions = [place]
        draft = take_turn(self.state, Heard(sentences, mentions, ruled, parts, clock.date(), MIN_VALUE_CONFIDENCE))
        if is_accepted:
            # what it said before, if it has answered a question since
            said = offer or heard or ""
            found, _ = mentions_of(self._read(said, clock))
            accept(draft, offers(found, plain(said), draft.itinerary, confidence=UNSURE_SLOT))
            offer = None
        self.state = draft.state().replace(offer=offer if draft.said else None)
        frame = only_sure(sentences.frame, confidence=MIN_VALUE_CONFIDENCE) if annotation.slots else Frame()
        return Turn(
            annotation.replace(frame=frame), tuple(draft.changes), self.state.itinerary, tuple(draft.notes), parts
        )

    def _read(self, text: str, clock: datetime) -> Sentences:
        """A text with its slots and their values."""
        (annotation,) = self._tagger.annotate([text])
        return self._resolved(annotation, clock)

    def _with_moment(self, sentences: Sentences, asked: Sequence[str], clock: datetime) -> Sentences | None:
        """A turn without slots with the day or the part of the day that was asked for, or is undecided."""
        kinds = {kind_of(part) for part in asked}
        if undecided(Itinerary(self.state.itinerary), "time"):
            kinds.add("time")
        found = with_moment(sentences, kinds) if kinds & {"date", "time"} else None
        return None if found is None else self._resolved(found, clock)

    def _resolved(self, annotation: Annotation, clock: datetime) -> Sentences:
        order, own = self.state.date_order, self._tagger.own

        def resolve(one: Annotation, after: DateValue | None) -> Frame:
            return frame_of(one, clock=clock, date_order=order, own=own, after=after)

        return Sentences(annotation, resolve)
