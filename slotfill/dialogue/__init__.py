"""A conversation, turn by turn -> the itinerary so far. docs/dialogue.md has the rules and their reasons.

talk.py          Dialogue: a turn in, what it changed and the itinerary out
state.py         what is remembered between turns, as plain data; stored.py reads it back, checked
parts.py         the parts of an itinerary by their paths: `departure.date`
turn.py          the rules in their order
draft.py         an itinerary while a turn changes it; changes.py: what it did
sentences.py     the text of a turn, and the values of any of its slots
mentions.py      those values with their words; roles.py: whether the words name the part
unlabelled.py    a place that was asked for, and that the tagger does not see
placing.py       values -> parts; targets.py: which part, if the words do not name it
trip_dates.py    `the 5th`, read against the trip
whole_trip.py    start over, the other way round, one way, same dates
removals.py      what a turn takes away; exchanges.py: `change Boston to Austin`
shifts.py        `a day earlier`, `push it back by two weeks`; moving.py: what they move
questions.py     the system's words -> what they ask for
offers.py        the system's words -> what they offer, once the user accepts it
words.py         the words by which a turn corrects, adds, accepts or starts over

Pure: a turn is a function of the state, the text, the clock, and what was asked or heard.
"""

from slotfill.dialogue.changes import Change, Turn
from slotfill.dialogue.talk import Dialogue

__all__ = ["Change", "Dialogue", "Turn"]
