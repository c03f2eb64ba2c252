"""A conversation, turn by turn -> the itinerary so far. docs/dialogue.md has the rules and their reasons.

talk.py          Dialogue: a turn in, what it changed and the itinerary out
state.py         what is remembered between turns, as plain data
stored.py        JSON of a state -> values, checked
parts.py         the parts of an itinerary by their paths: `departure.date`
changes.py       what a turn did
turn.py          the rules in their order
words.py         the words by which a turn corrects, adds, removes, accepts or starts over
roles.py         whether a sentence itself says which part a value is for
mentions.py      the values of one sentence, with their places in it
targets.py       which part a value without a role is for
removals.py      what a turn takes away
shifts.py        `a day earlier`, `push it back by two weeks`
trip_dates.py    `the 5th`, read against the trip
questions.py     the system's words -> what they ask for
offers.py        the system's words -> what they offer, once the user accepts it

Pure: a turn is a function of the state, the text, the clock, and what was asked or heard.
"""

from slotfill.dialogue.changes import Change, Turn
from slotfill.dialogue.talk import Dialogue

__all__ = ["Change", "Dialogue", "Turn"]
