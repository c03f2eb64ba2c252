"""The words of times, and what each means as a piece of a phrase; `time_phrases` has the phrases."""

from typing import Any

from slotfill.resolvers.grouping import AND, JOINT, OR, TO

# The kinds of pieces, in the order of TimePhrase.FIELDS.
CLOCK, START, END, PART, MODIFIER, RELATION, NOT, UNKNOWN, AHEAD = (1 << n for n in range(9))

HALVES = {"am": "am", "a": "am", "pm": "pm", "p": "pm"}  # without their dots
NAMED = {"noon": 720, "midday": 720, "mid-day": 720, "noontime": 720, "midnight": 0}  # in minutes
HOURS = ("hours", "hour", "hrs")
SAID = {
    "am": "am a.m. a.m",
    "pm": "pm p.m. p.m",
    "morning": "morning mornings morn",
    "afternoon": "afternoon afternoons aft arvo",
    "evening": "evening evenings eve",
    "night": "night nights nighttime nite tonight tonite 2nite 2night",
    "day": "day daytime",
    "breakfast": "breakfast breakfasttime",
    "lunch": "lunch lunchtime",
    "dinner": "dinner dinnertime supper suppertime",
}
_RELATIONS = {
    "before": "before by until till til earlier latest sooner prior most",
    "after": "after later earliest least afterwards onwards onward past since",
    "around": "around about approximately approx near roughly close nearly circa vicinity ish",
}
WORDS: dict[str, tuple[int, Any]] = {
    **{word: (PART, part) for part, words in SAID.items() for word in words.split()},
    **{word: (RELATION, relation) for relation, words in _RELATIONS.items() for word in words.split()},
    "early": (MODIFIER, "early"),
    "late": (MODIFIER, "late"),
    "mid": (MODIFIER, "mid"),
    "middle": (MODIFIER, "mid"),
    "no": (NOT, None),
    "not": (NOT, None),
    "or": (JOINT, OR),
    "and": (JOINT, AND),
    **dict.fromkeys(("to", "through", "-", "–", "—"), (JOINT, TO)),
}
# Tokens between the pieces of a time that mean nothing.
_PLAIN = "in the at of on a an this , . ( ) say than sharp exactly time from between any anytime sometime as"
GLUE = frozenset(_PLAIN.split())
# Units of time, in minutes.
LENGTHS = {"hour": 60, "hours": 60, "hrs": 60, "hr": 60, "minute": 1, "minutes": 1, "mins": 1, "min": 1}
# All tokens that count beside a slot, except numbers.
VOCABULARY = frozenset(
    (*WORDS, *GLUE, *HALVES, *NAMED, *HOURS, "oclock", "m", *LENGTHS, "within", "now", "flight", "flights", "how")
)
