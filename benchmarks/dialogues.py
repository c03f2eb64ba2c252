"""How well the itinerary is right after each user turn of whole dialogues, what each rule is worth, what a turn costs.

    python -m benchmarks.dialogues ../shared/data/dialogues/dev.jsonl               # accuracy, beside two baselines
    python -m benchmarks.dialogues ../shared/data/dialogues/dev.jsonl --without     # each rule left out in turn
    python -m benchmarks.dialogues ../shared/data/dialogues/dev.jsonl --worst 10    # the dialogues with most errors
    python -m benchmarks.dialogues ../shared/data/dialogues/dev.jsonl --cost        # CPU of a turn and of a sentence

Joint goal accuracy is the share of user turns after which `from`, `to`, `depart_date` and `return_date` are all right.
A part is right if its words are among those that count, or mean the same place or day. `depart_time` is scored apart,
since it mostly comes from accepting an offer. `heard` is the system's turn before: nobody tells what was asked.
"""

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from unittest import mock

import slotfill
from benchmarks.documents import table
from benchmarks.measuring import ROOT, cpu_seconds, described, machine, spread
from slotfill.dialogue.mentions import Mention
from slotfill.dialogue.sentences import Sentences
from slotfill.schema import Frame, PlaceValue, Value

NOW = "2019-03-01T09:00"  # the day on which the dialogues take place
TURNS = ROOT / "tests" / "dialogue" / "turns.tsv"
ROLES = {
    "from": "departure.place",
    "to": "arrival.place",
    "depart_date": "departure.date",
    "return_date": "return.date",
}
TIME = {"depart_time": "departure.time"}
Goal: TypeAlias = dict[str, list[str]]
Tracked: TypeAlias = dict[str, Value | None]


class Turn(NamedTuple):
    """A user turn with the system's words before it, and the goal after it."""

    text: str
    heard: str | None
    goal: Goal


class Talk(NamedTuple):
    """A dialogue: its name and its user turns."""

    name: str
    service: str
    turns: list[Turn]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--without", action="store_true")
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--cost", action="store_true")
    parser.add_argument("--model", default="travel")
    arguments = parser.parse_args()
    talks = read(arguments.data)
    tagger = slotfill.load(arguments.model)
    if arguments.cost:
        cost(tagger, talks)
    elif arguments.without:
        without_rules(tagger, talks)
    else:
        accuracy(tagger, talks, worst=arguments.worst)


def read(path: Path) -> list[Talk]:
    """The dialogues of a file."""
    talks = []
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        heard, turns = None, []
        for turn in data["turns"]:
            if turn["speaker"] == "user":
                turns.append(Turn(turn["text"], heard, turn["state"]))
            else:
                heard = turn["text"]
        talks.append(Talk(data["id"], data["service"], turns))
    return talks


# --- trackers --------------------------------------------------------------------------------------


def engine(tagger: slotfill.Tagger, talk: Talk, *, has_heard: bool = True) -> Iterator[Tracked]:
    """The dialogue engine."""
    dialogue = tagger.dialogue(now=NOW)
    for turn in talk.turns:
        yield values(dialogue.say(turn.text, heard=turn.heard if has_heard else None).itinerary)


def unheard(tagger: slotfill.Tagger, talk: Talk) -> Iterator[Tracked]:
    """The dialogue engine without the system's words."""
    return engine(tagger, talk, has_heard=False)


def overwriting(tagger: slotfill.Tagger, talk: Talk) -> Iterator[Tracked]:
    """The frame of each sentence alone."""
    for turn in talk.turns:
        yield values(tagger.tag([turn.text], now=NOW)[0].frame)


def carrying(tagger: slotfill.Tagger, talk: Talk) -> Iterator[Tracked]:
    """What a sentence has overwrites what was known; all else is carried over."""
    known: Tracked = {}
    for turn in talk.turns:
        known = known | {k: v for k, v in values(tagger.tag([turn.text], now=NOW)[0].frame).items() if v}
        yield known


Tracker: TypeAlias = Callable[[slotfill.Tagger, Talk], Iterator[Tracked]]
TRACKERS: dict[str, Tracker] = {
    "overwriting": overwriting,
    "carrying over": carrying,
    "the engine without `heard`": unheard,
    "the engine": engine,
}


def values(frame: Frame) -> Tracked:
    """The values of the roles in a frame."""
    return {
        "from": frame.departure.place,
        "to": frame.arrival.place,
        "depart_date": frame.departure.date,
        "return_date": frame.return_.date,
        "depart_time": frame.departure.time,
    }


# --- what is right ---------------------------------------------------------------------------------


def is_right(value: Value | None, wordings: Sequence[str] | None, role: str, tagger: slotfill.Tagger) -> bool:
    """Say whether a value has one of the wordings, or means the same."""
    if value is None or not wordings:
        return (value is None) == (not wordings)
    if _letters(value.text) in {_letters(one) for one in wordings}:
        return True
    return value.value is not None and any(_meaning(tagger, role, one) == _means(value) for one in wordings)


def _letters(text: str) -> str:
    return re.sub(r"\b(?:the|on|of|in|at|for)\b|\W", "", text.lower())


def _means(value: Value | None) -> object:
    if value is None or value.value is None:
        return None
    return (value.value, value.country, value.region) if isinstance(value, PlaceValue) else value.value


_SENTENCES = {"from": "from {}", "to": "to {}", "depart_date": "leaving on {}", "return_date": "returning on {}"}
_SENTENCES |= {"depart_time": "leaving at {}"}
_meanings: dict[tuple[str, str], object] = {}


def _meaning(tagger: slotfill.Tagger, role: str, wording: str) -> object:
    """What a wording means: the value of a sentence in which it has the role."""
    if (role, wording) not in _meanings:
        (found,) = tagger.tag([_SENTENCES[role].format(wording)], now=NOW, min_value_confidence=0.0)
        _meanings[role, wording] = _means(values(found.frame)[role])
    return _meanings[role, wording] or "unknown"


class Score:
    """Counts of right turns: joint, of each role, and of each role where the goal has it or the tracker gives it."""

    def __init__(self) -> None:
        self.turns = 0
        self.right: Counter[str] = Counter()
        self.wrong: dict[str, list[tuple[int, str]]] = defaultdict(list)  # dialogue -> turn and roles

    def share(self, name: str) -> str:
        return f"{self.right[name] / max(1, self.turns):.1%}"


def score(tagger: slotfill.Tagger, talks: Sequence[Talk], tracker: Tracker) -> Score:
    """The score of a tracker."""
    found = Score()
    for talk in talks:
        for number, (turn, tracked) in enumerate(zip(talk.turns, tracker(tagger, talk), strict=True)):
            rights = {role: is_right(tracked.get(role), turn.goal.get(role), role, tagger) for role in ROLES | TIME}
            found.turns += 1
            found.right.update(role for role, right in rights.items() if right)
            wrong = [role for role in ROLES if not rights[role]]
            found.right["joint"] += not wrong
            if wrong:
                found.wrong[talk.name].append((number, ", ".join(wrong)))
    return found


def accuracy(tagger: slotfill.Tagger, talks: Sequence[Talk], *, worst: int) -> None:
    columns = ("joint", *ROLES, *TIME)
    timed = [talk for talk in talks if any("depart_time" in turn.goal for turn in talk.turns)]
    rows = []
    last = Score()
    for name, tracker in TRACKERS.items():
        last = score(tagger, talks, tracker)
        times = score(tagger, timed, tracker).share("depart_time") if timed else ""
        rows.append((name, *(last.share(column) for column in ("joint", *ROLES)), times))
    for service in sorted({talk.service for talk in talks}):
        own = score(tagger, [talk for talk in talks if talk.service == service], engine)
        times = own.share("depart_time") if any(talk.service == service for talk in timed) else ""
        rows.append((f"the engine, {service}", *(own.share(column) for column in ("joint", *ROLES)), times))
    print(f"{len(talks)} dialogues, {last.turns} user turns\n")
    print(table(("tracker", *columns), rows, words=(0,)))
    low, high = interval(tagger, talks)
    print(f"\njoint, 95 % interval over dialogues (bootstrap, 1,000 draws, seed 1): {low:.1%} to {high:.1%}")
    show_worst(tagger, talks, last, worst)


def interval(tagger: slotfill.Tagger, talks: Sequence[Talk]) -> tuple[float, float]:
    """The 95 % interval of the joint accuracy of the engine, over dialogues."""
    found = score(tagger, talks, engine)
    counts = [(len(talk.turns), len(talk.turns) - len(found.wrong.get(talk.name, ()))) for talk in talks]
    draw, shares = random.Random(1), []
    for _ in range(1000):
        sample = draw.choices(counts, k=len(counts))
        shares.append(sum(right for _, right in sample) / sum(turns for turns, _ in sample))
    shares.sort()
    return shares[25], shares[974]


def show_worst(tagger: slotfill.Tagger, talks: Sequence[Talk], found: Score, worst: int) -> None:
    """Print the dialogues with most wrong turns."""
    names = sorted(found.wrong, key=lambda name: (-len(found.wrong[name]), name))[:worst]
    for talk in [talk for name in names for talk in talks if talk.name == name]:
        wrong = dict(found.wrong[talk.name])
        print(f"\n{talk.name} ({talk.service}): {len(wrong)} of {len(talk.turns)} turns wrong")
        for number, (turn, tracked) in enumerate(zip(talk.turns, engine(tagger, talk), strict=True)):
            print(f"  system: {turn.heard}\n  user:   {turn.text}")
            if number in wrong:
                for role in wrong[number].split(", "):
                    value = tracked[role]
                    got = f"{value.text!r} = {value.value}" if value else None
                    print(f"    wrong {role}: {got}, not {turn.goal.get(role)}")


# --- what each rule is worth -----------------------------------------------------------------------


def _rules() -> dict[str, list[tuple[str, Any]]]:
    """How to switch each rule off: what to put in place of what."""
    from slotfill.dialogue.targets import Target
    from slotfill.dialogue.words import Cues

    def labelled(mention: Mention, _: object) -> Target:
        return Target("stops" if mention.leg == "stops" else f"{mention.leg}.{mention.kind}", "said")

    def in_one(sentences: Sentences, slots: Sequence[int]) -> list[list[int]]:
        return [[*slots]]

    return {
        "asked": [("talk.asked_in", lambda heard: ())],
        "choice": [("placing.chosen", lambda *_: None)],
        "only open part, open": [("targets._open", labelled)],
        "correction, addition": [("placing.cues_of", lambda words: Cues(None, None, None, None))],
        "named": [("mentions.is_named", lambda *_, **__: False), ("mentions.noun_role", lambda *_: None)],
        "dates read against the trip": [("placing.in_trip", lambda value, *_, **__: value)],
        "shift": [("turn.shift_in", lambda text, words: None)],
        "removal": [("turn.named_removals", lambda *_: []), ("turn.dropped", lambda *_: False)],
        "accepted": [("talk.is_acceptance", lambda words: False)],
        "sentence by sentence": [("sentences.Sentences.by_sentence", in_one)],
        "questions about the trip": [("placing.is_detail", lambda *_: False)],
        "the way back": [("placing.is_way_back", lambda *_: False)],
        "how sure": [("placing._is_sure", lambda *_, **__: True)],
    }


def without_rules(tagger: slotfill.Tagger, talks: Sequence[Talk]) -> None:
    """The accuracy without each rule, and of how many rows of the table of turns the itinerary differs then."""
    columns = ("joint", *ROLES, *TIME)
    timed = [talk for talk in talks if any("depart_time" in turn.goal for turn in talk.turns)]

    def row(name: str, count: int) -> tuple[str, ...]:
        found = score(tagger, talks, engine)
        times = score(tagger, timed, engine).share("depart_time")
        return name, *(found.share(column) for column in ("joint", *ROLES)), times, str(count)

    whole = itineraries(tagger)
    rows = [row("all rules", 0)]
    for name, switch in _rules().items():
        with ExitStack() as stack:
            for place, new in switch:
                stack.enter_context(mock.patch(f"slotfill.dialogue.{place}", new))
            rows.append(row(f"without {name}", sum(a != b for a, b in zip(whole, itineraries(tagger), strict=True))))
    print(table(("rules", *columns, f"of {len(whole)} rows"), rows, words=(0,)))


def itineraries(tagger: slotfill.Tagger) -> list[Frame]:
    """The itinerary of each row of the table of turns."""
    found = []
    for line in TURNS.read_text(encoding="utf-8").splitlines()[1:]:
        _, context, asked, heard, text, _ = line.split("\t")
        dialogue = tagger.dialogue(now="2026-11-18T09:00")
        for earlier in context.split(" / ") if context else []:
            dialogue.say(earlier)
        found.append(dialogue.say(text, asked=asked.split(", ") if asked else None, heard=heard or None).itinerary)
    return found


# --- cost ------------------------------------------------------------------------------------------


def cost(tagger: slotfill.Tagger, talks: Sequence[Talk], *, rounds: int = 9) -> None:
    """CPU of a turn beside that of a sentence alone, and of the first and the last turns of a long dialogue."""
    texts = [turn.text for talk in talks for turn in talk.turns]
    heards = [(turn.text, turn.heard) for talk in talks for turn in talk.turns]

    def alone() -> None:
        for text in texts:
            tagger.tag([text], now=NOW)

    def turns() -> None:
        for talk in talks:
            dialogue = tagger.dialogue(now=NOW)
            for turn in talk.turns:
                dialogue.say(turn.text)

    def with_heard() -> None:
        for talk in talks:
            dialogue = tagger.dialogue(now=NOW)
            for turn in talk.turns:
                dialogue.say(turn.text, heard=turn.heard)

    found: dict[str, list[float]] = defaultdict(list)
    for count in range(rounds + 1):
        for name, job in (("alone", alone), ("turns", turns), ("heard", with_heard)):
            seconds = cpu_seconds(job)
            if count:
                found[name].append(seconds)
    print(described(machine(["numpy"])))
    for name in ("turns", "heard"):
        ratios = spread([one / base for one, base in zip(found[name], found["alone"], strict=True)])
        print(f"{name}: {ratios['median']:.2f} of a sentence alone ({ratios['low']:.2f} to {ratios['high']:.2f})")
    print(f"a sentence alone: {1e3 * spread(found['alone'])['median'] / len(texts):.2f} ms")
    long_dialogue(tagger, heards[:200])


def long_dialogue(tagger: slotfill.Tagger, turns: Sequence[tuple[str, str | None]], *, rounds: int = 9) -> None:
    """The same turns at the beginning of a dialogue and after 200 others."""
    early, late = [], []
    for _ in range(rounds):
        dialogue = tagger.dialogue(now=NOW)

        def say(dialogue: slotfill.Dialogue = dialogue) -> None:
            for text, heard in turns[:50]:
                dialogue.say(text, heard=heard)

        early.append(cpu_seconds(say))
        for text, heard in turns:
            dialogue.say(text, heard=heard)
        late.append(cpu_seconds(say))
    ratios = spread([last / first for first, last in zip(early, late, strict=True)])
    low, high = ratios["low"], ratios["high"]
    print(f"50 turns after 250 others: {ratios['median']:.2f} of the first 50 ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
