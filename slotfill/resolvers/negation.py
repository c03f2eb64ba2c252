"""What a sentence rules out or corrects: `not to Boston but to Denver`, `the 5th, no, the 6th`, `any day but sunday`.

A mention is one place, date or time: the slots of one role that stand together. A cue is a word or a few that rule out
the mentions in their reach. `_CUES` has the functions that read them, by their first word. Nothing here is read unless
the sentence has one of `context.CUES`, and a cue that is followed by words that it does not know says
nothing.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from slotfill.resolvers.context import Ruled
from slotfill.resolvers.place_slots import may_join, place_kind
from slotfill.slot_names import FramePart, frame_part_of, type_of

# --- words -----------------------------------------------------------------------------------------


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LIMITS = _words("before by until till til after past since later earlier sooner")
_ENDS = frozenset((".", "!", "?", ";", ":"))  # of a sentence
_BREAKS = _ENDS | {",", "but", "—", "–", "just", "because", "so", "and", "or", "nor", "instead", "only", "rather"}
_OR = ("or", "nor", "and", "/", "&")
_TO = ("to", "through", "thru", "-", "–", "—", "until", "till")
# Tokens within one mention.
_WITHIN = _words(", . ( ) / of the in at a airport international intl 's")
# Tokens that may stand between a cue and what it rules out.
_GLUE = _words("the a an on in at to from via through into for of by any all one ones that and or city between")
_NOUNS = _words(
    "stop stops stopover stopovers layover layovers connection connections connecting transfer transfers changes "
    "flight flights train trains bus buses trip trips"
)
_VERBS = _words(
    "want wanna like love fly flying go going travel traveling travelling leave leaving depart departing arrive "
    "arriving stop stopping book booking route routed connect change changing come coming return returning be been "
    "being get getting pass passing use using choose pick include send visit visiting wish plan planning need say "
    "saying mean ask asking asked said take taking make do drive driving transfer transferring prefer land landing "
    "stay staying start starting"
)
_ADVERBS = _words(
    "really ever please even too so very anything anywhere anytime necessarily i we me us it is planes early late"
)
_GAP = _GLUE | _NOUNS | _VERBS | _ADVERBS
# Of `can't get a flight to paris`, Paris is still wished for.
_CANNOT = _words("can't cant cannot couldn't couldnt")
_MOVES = _VERBS - _words("get getting book booking say ask include choose pick use like")
_AUXILIARIES = _words("do does did would will should could can am are is")
_NEGATED = _words("don't dont doesn't doesnt didn't didnt won't wont wouldn't wouldnt shouldn't")
_NOT = _words("not never isn't isnt wasn't")
_SUITS = _words("work works suit suits do fit fits possible good ok okay option fine convenient")
_CHANGES = _words(
    "change changing move moving switch switching reschedule postpone shift push swap rebook replace update bring"
)
# Tokens between `change` and what is changed.
_CHANGED = _words(
    "it that this the my our your me us flight flights ticket tickets booking reservation date dates day time "
    "departure return arrival trip travel train bus plane please from to for back forward destination origin city "
    "airport 's"
)
_OF_CHANGED = ("with", "into", "the", "on")  # after something that is changed
# Words of a correction, and those that may follow them: `no wait, i meant to say on the 6th`.
_FIXES = _words(
    "no nope wait hang hold sorry actually oops oh er uh um i i'm we mean meant said correction rather , - –"
)
_FIX_GAP = _FIXES | _GLUE | _words("make it want wanted say let's should be 'd i'd like fly")
_AFTER_PAUSE = _words(", . - – — no oh uh um er or actually")
_PREPOSITIONS = _words("from to via into through leaving departing arriving")
_ASKS = _words("there find see are is have has got were was 's")  # before `no flights`, `nothing`: what there is
_BEFORE_LIMIT = _GAP | _LIMITS | _words("than leaves departs arrives lands gets")
_IS = _words("is are was seems sounds looks feels 's")
_MUCH = _words("a bit little far way much just probably really")
_EXCESS = _words("early late soon far long short tight expensive pricey much")  # too early
_ANY = _words("any anywhere anything anytime every everywhere everything all each whenever wherever anybody anyone")
_OF_ANY = _words("day days date dates time times city place airport flight flights of the week month next this")

# So far does a word that rules something out, or corrects it, reach in a text without an end.
_LONGEST_GAP = 30  # tokens
_LONGEST_CLAUSE = 60  # tokens
_MOST_EARLIER = 50  # mentions

# --- what is ruled out -----------------------------------------------------------------------------


class _Mention(NamedTuple):
    """One place, date or time of a role: its slots, from the token `first` up to `end`."""

    role: FramePart
    slots: tuple[int, ...]
    first: int
    end: int
    kinds: frozenset[str]  # of its slots


class _Reader:
    """The words and the mentions of one sentence, and what has been ruled out so far."""

    def __init__(self, words: Sequence[str], mentions: Sequence[_Mention]) -> None:
        self.words = words
        self.mentions = mentions
        self.at: dict[int, int] = {n: k for k, one in enumerate(mentions) for n in range(one.first, one.end)}
        self.out: set[int] = set()  # mentions
        self.doubtful: set[int] = set()  # mentions, of those that are out
        self.negated: set[int] = set()  # mentions under a `not`: limits are reversed, all others are out

    def word(self, at: int) -> str:
        """The word at a position that is in no mention, or an empty string."""
        return self.words[at] if 0 <= at < len(self.words) and at not in self.at else ""

    def has(self, at: int, *phrase: str) -> bool:
        """Say whether these words follow each other."""
        return all(self.word(at + n) == word for n, word in enumerate(phrase))

    def next_mention(self, at: int, gap: frozenset[str]) -> int | None:
        """The mention that follows, with only words of `gap` before it."""
        for following in range(at, at + _LONGEST_GAP):
            if self.word(following) not in gap:
                return self.at.get(following)
        return None

    def role(self, mention: int) -> FramePart:
        """The role of a mention."""
        return self.mentions[mention].role

    def end(self, mention: int) -> int:
        """The end of a mention."""
        return self.mentions[mention].end

    def is_limit(self, mention: int) -> bool:
        """Say whether a mention is `before friday` or the like."""
        first = self.mentions[mention].first
        before = first - 1 - (self.word(first - 1) in ("the", "than"))
        own = first + (self.words[first] in ("any", "on"))
        return self.words[own] in _LIMITS or self.word(before) in _LIMITS

    def coordinated(self, mention: int) -> list[int]:
        """The mentions of the same role that `or`, `and` or a range joins to one, after commas too: `a, b or c`."""
        found: list[int] = []
        run: list[int] = []  # after commas, so far without an `or`
        joints = _OR if self.role(mention).part == "place" else (*_OR, *_TO)
        while True:
            end = self.end((run or found or [mention])[-1])
            is_comma = self.word(end) == ","
            at = end + is_comma
            is_joined = self.word(at) in joints
            following = self.next_mention(at + is_joined, _GLUE) if is_comma or is_joined else None
            if following is None or self.role(following) != self.role(mention):
                return found
            run.append(following)
            if is_joined:
                found += run
                run = []

    def later_roles(self, at: int) -> set[FramePart]:
        """The roles of the mentions from a position on."""
        return {self.role(self.at[n]) for n in range(at, min(at + 40, len(self.words))) if n in self.at}


def ruled_out(
    words: Sequence[str],
    owners: Sequence[int],
    names: Sequence[str],
    order: Sequence[int],
    *,
    part_of: Callable[[str], FramePart | None] = frame_part_of,
) -> Ruled:
    """What a sentence rules out: its words in lower case, for each the number of its slot or -1, the names of slots."""
    mentions = _mentions(words, owners, names, order, part_of)
    reader = _Reader(words, mentions)
    for at, word in enumerate(words):
        if at not in reader.at and (cue := _CUES.get(word)):
            cue(reader, at)
    for number, mention in enumerate(mentions):
        _rejected_after(reader, number, mention.end)
    return _verdict(reader)


def _verdict(reader: _Reader) -> Ruled:
    """Limits under a `not` are reversed if all else of their role is too, or out; all others are out."""
    reversed_ = {n for n in reader.negated - reader.out if reader.is_limit(n)}
    out = reader.out | (reader.negated - reversed_)
    kept = {one.role for n, one in enumerate(reader.mentions) if not (n in out or n in reversed_)}
    out |= {n for n in reversed_ if reader.role(n) in kept}
    mentions = reader.mentions
    return Ruled(
        {slot: (mentions[n].first, mentions[n].end) for n in sorted(out) for slot in mentions[n].slots},
        frozenset([slot for n in reader.doubtful for slot in mentions[n].slots]),
        frozenset([slot for n in reversed_ - out for slot in mentions[n].slots]),
    )


# --- mentions --------------------------------------------------------------------------------------


def _mentions(
    words: Sequence[str],
    owners: Sequence[int],
    names: Sequence[str],
    order: Sequence[int],
    part_of: Callable[[str], FramePart | None],
) -> list[_Mention]:
    spans: dict[int, list[int]] = {}
    for at, owner in enumerate(owners):
        if owner >= 0:
            spans.setdefault(owner, []).append(at)
    found: list[_Mention] = []
    for number in order:
        role = part_of(names[number])
        if role is None or number not in spans:
            continue
        first, end = spans[number][0], spans[number][-1] + 1
        last = found[-1] if found else None
        kind = place_kind(names[number]) if role.part == "place" else type_of(names[number])
        if last and last.role == role and _continues(words[last.end : first], role.part, kind, last.kinds):
            found[-1] = _Mention(role, (*last.slots, number), last.first, end, last.kinds | {kind})
        else:
            found.append(_Mention(role, (number,), first, end, frozenset((kind,))))
    return found


# After a comma, what may belong to a date that has the others: `friday, november 2nd`, `november 2nd, 2027`.
_AFTER_COMMA = {"month_name": {"day_name"}, "day_number": {"day_name"}, "year": {"month_name", "day_number"}}
_TIME_TYPES = ("time", "start_time", "end_time")


def _continues(gap: Sequence[str], part: str, kind: str, kinds: frozenset[str]) -> bool:
    """Say whether a slot of this kind belongs to the mention before it, which has slots of these kinds."""
    if not _WITHIN.issuperset(gap):
        return list(gap) == ["than"] and kinds < {"time_relative", "date_relative"}  # earlier than 7 am
    if part == "place":
        return may_join(kind, kinds)
    if kind in kinds:
        return False
    if "," in gap:
        return part == "date" and bool(_AFTER_COMMA.get(kind, set()) & kinds)
    return part == "date" or not (kind in _TIME_TYPES and kinds.intersection(_TIME_TYPES))


# --- cues ------------------------------------------------------------------------------------------


def _rule_out(reader: _Reader, mention: int, *, is_contrast: bool = False) -> None:
    """Put a mention under a `not`, with those that are joined to it: `not friday morning`, `not a or b`."""
    reached = [mention, *reader.coordinated(mention)]
    last = reached[-1]
    following = reader.next_mention(reader.end(last), _GLUE)
    if following is not None and _is_moment_of(reader, last, following):
        is_adjacent = following == reader.at.get(reader.end(last))
        reached += [following] if is_adjacent or not is_contrast else []
    at = reader.end(reached[-1])
    until = next((n for n in range(at, min(at + 12, len(reader.words))) if reader.word(n) in ("but", *_ENDS)), at)
    if reader.word(until) == "but":  # not to boston on friday but to denver on saturday
        later = reader.later_roles(until)
        reached += {reader.at[n] for n in range(at, until) if n in reader.at and reader.role(reader.at[n]) in later}
    is_mixed = len({reader.is_limit(n) for n in reached}) > 1  # not on friday before 9
    (reader.out if is_mixed else reader.negated).update(reached)


def _is_moment_of(reader: _Reader, mention: int, following: int) -> bool:
    """Say whether the two are the date and the time of one leg: `friday morning`, `5 pm on friday`."""
    first, second = reader.role(mention), reader.role(following)
    return first.leg == second.leg and {first.part, second.part} == {"date", "time"}


def _rule_out_clause(reader: _Reader, mention: int, ruled: set[int]) -> None:
    """Add the mentions of a clause to `ruled`: all, or its limits, or those for which the sentence says another."""
    reached = [mention, *reader.coordinated(mention)]
    at = reader.end(reached[-1])
    last = min(len(reader.words), at + _LONGEST_CLAUSE)
    while at < last and reader.word(at) not in _BREAKS:
        here = reader.at.get(at)
        if here is not None and here not in reached:
            reached += [here, *reader.coordinated(here)]
            at = reader.end(reached[-1])
        else:
            at += 1
    later = reader.later_roles(at)
    said_again = [n for n in reached if reader.role(n) in later]
    limits = [n for n in reached if reader.is_limit(n)]  # i can't leave boston before friday
    ruled.update(said_again or limits or reached)


def _not(reader: _Reader, at: int) -> None:
    """`not boston`, `not flying via chicago`; but not `not before 9`, which is a limit, nor `if not friday`."""
    before = reader.word(at - 1)
    if before in ("why", "if", "whether", "or") or reader.words[at + 1 : at + 2] == [","]:
        return
    if before in _AUXILIARIES and reader.word(at + 1) in _VERBS:
        _after_verb(reader, at + 1, _VERBS)
        return
    if reader.word(at) == "not" and _is_limit_word(reader, at + 1):
        return
    mention = reader.next_mention(at + 1, _GAP)
    if mention is None:
        return
    between = reader.words[at + 1 : reader.mentions[mention].first]
    if not {"early", "late"}.isdisjoint(between) and reader.role(mention).part != "time":  # not too late on friday
        return
    if not _VERBS.isdisjoint(between):
        _rule_out_clause(reader, mention, reader.negated)
        return
    other = at - 1 - (before in (",", "and", "but", "-", "–", "—"))
    _rule_out(reader, mention, is_contrast=other in reader.at and reader.role(reader.at[other]) == reader.role(mention))


def _is_limit_word(reader: _Reader, at: int) -> bool:
    return at < len(reader.words) and reader.words[at] in _LIMITS


def _negated_verb(reader: _Reader, at: int) -> None:
    """`don't fly via chicago`, `can't leave before 9`, but not `don't forget`, `don't you fly to paris?`."""
    _after_verb(reader, at + 1, _MOVES if reader.word(at) in _CANNOT else _VERBS)


def _after_verb(reader: _Reader, at: int, verbs: frozenset[str]) -> None:
    """Rule out the clause of the verb that follows."""
    while reader.word(at) in ("really", "ever", "even", "please", "actually", "necessarily"):
        at += 1
    if reader.word(at) not in verbs and not reader.has(at, "have", "to"):
        return
    is_need = reader.word(at) in ("need", "have")  # we don't need to be there before noon: but we may
    for n in range(at + 1, min(at + 13, len(reader.words))):
        if n in reader.at:
            _rule_out_clause(reader, reader.at[n], reader.out if is_need else reader.negated)
            return
        if reader.word(n) in _BREAKS or reader.word(n) in ("miss", "pay", "spend", "lose", "forget"):
            return


def _except(reader: _Reader, at: int, length: int = 1) -> None:
    """`anywhere except paris`, `avoid chicago`, `without a stop in dallas`."""
    mention = reader.next_mention(at + length, _GAP)
    if mention is not None:
        _rule_out(reader, mention, is_contrast=True)


def _other_than(reader: _Reader, at: int) -> None:
    """`other than`, `apart from`, `aside from`."""
    if reader.word(at + 1) in ("than", "from"):
        _except(reader, at, 2)


def _but(reader: _Reader, at: int) -> None:
    """`any day but sunday`, `anywhere but paris`; but not `nothing but friday`, nor `any day after X but before Y`."""
    here = reader.at.get(at - 1)
    if here is not None and reader.is_limit(here) and _is_limit_word(reader, at + 1):
        return
    for before in range(at - 1, max(-1, at - 7), -1):
        if reader.word(before) not in _OF_ANY and before not in reader.at:
            if reader.word(before) in _ANY:
                _except(reader, at)
            return


def _instead(reader: _Reader, at: int) -> None:
    """`saturday instead of friday`; `saturday instead`."""
    if reader.word(at + 1) == "of":
        _replace(reader, at + 2)
    elif at - 1 in reader.at:
        _correct(reader, reader.at[at - 1])


def _replace(reader: _Reader, at: int) -> None:
    """Rule out the mention that follows, and only that: `instead of friday, saturday or sunday`."""
    mention = reader.next_mention(at, _GAP)
    if mention is not None:
        reader.out.update((mention, *_adjacent(reader, mention)))


def _adjacent(reader: _Reader, mention: int) -> list[int]:
    """The time that directly follows a date: `friday morning`."""
    following = reader.at.get(reader.end(mention))
    return [] if following is None or not _is_moment_of(reader, mention, following) else [following]


def _than(reader: _Reader, at: int) -> None:
    """`rather than paris`, `i'd rather go to rome than to paris`."""
    if "rather" in reader.words[max(0, at - 10) : at] and not _is_limit_word(reader, at - 1):
        _replace(reader, at + 1)


def _over(reader: _Reader, at: int) -> None:
    """`i prefer rome over paris`."""
    if "prefer" in reader.words[max(0, at - 10) : at]:
        _replace(reader, at + 1)


def _in_place_of(reader: _Reader, at: int) -> None:
    """`rome in place of paris`."""
    if reader.has(at, "place", "of") and reader.word(at - 1) == "in":
        _replace(reader, at + 2)


def _no(reader: _Reader, at: int) -> None:
    """`no stop in chicago`, `no flights before 9`, `no longer`; as an answer, `no` corrects: `denver, no, austin`."""
    if reader.word(at + 1) == "longer":
        _after_verb(reader, at + 2, _VERBS)
    elif reader.word(at + 1) in _NOUNS and reader.word(at + 1) != "change":
        mention = None if reader.word(at - 1) in _ASKS else reader.next_mention(at + 1, _GAP)
        if mention is not None:
            _rule_out(reader, mention, is_contrast=True)
    elif at + 1 in reader.at and reader.role(reader.at[at + 1]).part == "thing":  # no onions
        _rule_out(reader, reader.at[at + 1], is_contrast=True)
    elif not _is_limit_word(reader, at + 1):
        _fix(reader, at)


def _nothing(reader: _Reader, at: int) -> None:
    """`nothing before 9`, `nothing that leaves later than friday`; but not `there is nothing before 9`."""
    mention = None if reader.word(at - 1) in _ASKS else reader.next_mention(at + 1, _BEFORE_LIMIT)
    if mention is not None and reader.is_limit(mention):
        _rule_out(reader, mention, is_contrast=True)


# --- corrections -----------------------------------------------------------------------------------


def _fix(reader: _Reader, at: int) -> None:
    """`denver, no, austin`, `at 6, sorry, 5 pm`, `boston, i mean austin`: what was said before is out."""
    mention = reader.next_mention(at + 1, _FIX_GAP)
    if mention is not None and _is_of_another(reader, mention, at):
        return
    while mention is not None:
        _correct(reader, mention)
        following = reader.next_mention(reader.end(mention), _GLUE - {"and", "or"})
        mention = following if following is not None and reader.role(following) != reader.role(mention) else None


def _is_of_another(reader: _Reader, mention: int, at: int) -> bool:
    """`from boston to denver, no, austin`, with Austin as a departure: doubtful, since Denver was said last."""
    role = reader.role(mention)
    places = [n for n in range(max(0, mention - _MOST_EARLIER), mention) if reader.role(n).part == "place"]
    before = [n for n in places if reader.role(n) == role]
    is_said = not _PREPOSITIONS.isdisjoint(reader.words[at : reader.mentions[mention].first])
    if role.part != "place" or is_said or not before or before[-1] == places[-1]:
        return False
    if role.leg == "open" or _completes(reader, mention, places[-1]):
        return False
    reader.out.update((mention, before[-1], places[-1]))
    reader.doubtful.update((mention, before[-1], places[-1]))
    return True


def _correct(reader: _Reader, mention: int) -> None:
    """Rule out the mention before this one that has its role; if that was one of several, this one as well."""
    role = reader.role(mention)
    before = range(max(0, mention - _MOST_EARLIER), mention)
    earlier = [n for n in before if reader.role(n) == role and not (n in reader.out or n in reader.negated)]
    if not earlier or _completes(reader, mention, earlier[-1]):
        return
    first = reader.mentions[earlier[-1]].first
    reader.out.update(n for n in earlier if _text(reader, n) == _text(reader, earlier[-1]))
    if len(earlier) > 1 and mention not in reader.coordinated(earlier[-2]) and _joins(reader, earlier[-2], first):
        reader.out.update((earlier[-2], mention))  # monday or tuesday, no, wednesday: instead of which?
        reader.doubtful.update((earlier[-2], mention))


def _completes(reader: _Reader, mention: int, earlier: int) -> bool:
    """`jackson, i mean mississippi`: the state of the city before it."""
    kinds = reader.mentions[mention].kinds
    return kinds < {"state", "country"} and "city" in reader.mentions[earlier].kinds


def _joins(reader: _Reader, mention: int, first: int) -> bool:
    """Say whether a joint is between a mention and the token `first`."""
    between = reader.words[reader.end(mention) : first]
    return bool(between) and between[0] in (*_OR, *_TO) and _GLUE.issuperset(between[1:])


def _text(reader: _Reader, mention: int) -> tuple[str, ...]:
    one = reader.mentions[mention]
    return tuple(reader.words[one.first : one.end])


def _pause(reader: _Reader, at: int) -> None:
    """`wait` corrects after a pause: not `i can wait until friday`."""
    if at == 0 or at - 1 in reader.at or reader.word(at - 1) in _AFTER_PAUSE:
        _fix(reader, at)


def _i_mean(reader: _Reader, at: int) -> None:
    """`i mean`, `i meant`, `i said`, `we said`."""
    if reader.word(at - 1) in ("i", "we"):
        _fix(reader, at)


def _rather(reader: _Reader, at: int) -> None:
    """`or rather austin`."""
    if reader.word(at - 1) == "or":
        _fix(reader, at)


def _make_it(reader: _Reader, at: int) -> None:
    """`make it the 6th`, `make that friday`; but not `make it to boston`."""
    if reader.word(at + 1) in ("it", "that"):
        mention = reader.next_mention(at + 2, frozenset(("the", "a", "an", "at", "on")))
        if mention is not None and not reader.has(at - 1, "can't"):
            _correct(reader, mention)


def _scratch(reader: _Reader, at: int) -> None:
    """`boston, scratch that, austin`."""
    if reader.word(at + 1) in ("that", "it"):
        _fix(reader, at + 1)


def _change(reader: _Reader, at: int) -> None:
    """`change it from monday to tuesday`, `move friday's 9 am flight to saturday at 5 pm`, `change that to tuesday`."""
    at += 1
    last = min(len(reader.words), at + _LONGEST_CLAUSE)
    seen: list[int] = []
    new: list[int] = []
    while at < last:
        here = reader.at.get(at)
        if here is None:
            if reader.word(at) not in _CHANGED and not (seen and reader.word(at) in _OF_CHANGED) and not new:
                return
            if new and reader.word(at) not in ("at", "on", "in", "the"):
                return
            at += 1
            continue
        at = reader.end(here)
        if old := _changed_to(reader, seen, here, is_new=bool(new)):
            reader.out.update(old)
            new.append(here)
            continue
        if not seen and reader.word(reader.mentions[here].first - 1) == "to":
            _correct(reader, here)
        seen.append(here)


def _changed_to(reader: _Reader, seen: Sequence[int], here: int, *, is_new: bool) -> list[int]:
    """Which of the mentions before it one replaces: after `to`, or after another new one, that of its role.

    Two days or times that `from` and `to` join are the old one and the new one, whatever their legs.
    """
    role, first = reader.role(here), reader.mentions[here].first
    same = [n for n in seen if reader.role(n) == role][-1:]
    if same and (is_new or {"to", "for", "with", "into"} & set(reader.words[reader.end(same[0]) : first])):
        return same
    before = seen[-1] if seen else None
    if before is None or is_new or role.part not in ("date", "time") or reader.role(before).part != role.part:
        return []
    gap = reader.words[reader.end(before) : first]
    start = reader.mentions[before].first
    is_from = "from" in (reader.word(start - 1), reader.word(start - 2))
    return [before] if is_from and gap in (["to"], ["to", "the"]) else []


# --- what is ruled out by the words after it -------------------------------------------------------


def _rejected_after(reader: _Reader, mention: int, at: int) -> None:
    """`friday doesn't work`, `the friday flight is not possible`, `monday is out`, `6 am is too early`."""
    while reader.word(at) in _NOUNS | {"one"}:
        at += 1
    if reader.has(at, "is", "out") or _is_too(reader, mention, at):
        reader.out.add(mention)
        return
    if reader.word(at) in ("is", "does", "will") and reader.word(at + 1) in ("not", "no"):
        at += 1
    elif reader.word(at) not in _NEGATED | {"isn't", "isnt"}:
        return
    at += 1
    while reader.word(at) in ("a", "an", "really", "good"):
        if reader.word(at) == "good":
            reader.out.add(mention)
        at += 1
    if reader.word(at) in _SUITS:
        reader.out.add(mention)


def _is_too(reader: _Reader, mention: int, at: int) -> bool:
    """`is a bit too early`, `would be too late`; but not `if friday is too late`."""
    if reader.word(at) in ("would", "will", "might") and reader.word(at + 1) == "be":
        at += 1
    elif reader.word(at) not in _IS:
        return False
    at += 1
    while reader.word(at) in _MUCH:
        at += 1
    first = reader.mentions[mention].first
    return (
        reader.word(at) == "too"
        and reader.word(at + 1) in _EXCESS
        and {"if", "unless", "whether", "when"}.isdisjoint(reader.words[max(0, first - 3) : first])
    )


# Each word of the first column begins a cue.
_BY_WORDS: tuple[tuple[frozenset[str], Callable[[_Reader, int], None]], ...] = (
    (_NOT, _not),
    (_CANNOT | _NEGATED, _negated_verb),
    (_words("except excluding besides barring avoid avoiding skip skipping bypass bypassing without hate"), _except),
    (_words("neither nor"), _except),
    (_words("other apart aside"), _other_than),
    (_words("but"), _but),
    (_words("instead"), _instead),
    (_words("place"), _in_place_of),
    (_words("than"), _than),
    (_words("over"), _over),
    (_words("no"), _no),
    (_words("nothing"), _nothing),
    (_words("nope sorry actually oops correction"), _fix),
    (_words("mean meant said"), _i_mean),
    (_words("wait"), _pause),
    (_words("rather"), _rather),
    (_words("make"), _make_it),
    (_words("scratch"), _scratch),
    (_CHANGES, _change),
)
_CUES = {word: cue for words, cue in _BY_WORDS for word in words}
