"""The words by which a turn corrects, adds, removes, swaps, accepts or starts over."""

import re
from typing import NamedTuple


def plain(text: str) -> str:
    """The text in lower case, with plain apostrophes, and as long as before, so that offsets stay.

    >>> plain("I’D RATHER")
    "i'd rather"
    """
    lower = text.lower()
    if len(lower) != len(text):  # of a few letters, the small one is two code points
        lower = "".join([small if len(small := letter.lower()) == 1 else letter for letter in text])
    return lower.replace("’", "'")


def _pattern(*choices: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{'|'.join(choices)})(?![\w'])")


# What was said or asked last is not right, or something else is wished for.
CORRECTION = _pattern(
    "instead",
    r"(?:let's |let us |can (?:you|we) |could (?:you|we) |please )?(?:make|change|switch|move|set|put|update) "
    r"(?:it|that|this|them)(?: to)?",
    r"change (?:the|my) [a-z]+ to",
    "rather",
    r"i meant?(?: to say)?",
    "actually",
    "correction",
    "oops",
    r"(?:my )?mistake",
    "my bad",
    r"(?:wait|hold on|hang on)",
    "sorry",
    r"on second thoughts?",
    r"(?:what|how) about",
    r"what (?:do|would) you have (?:for|on|in)",
    r"let's (?:do|try|say|go (?:with|for))",
    r"i(?:'d| would) (?:rather|prefer)",
    r"i said",
    r"no(?=\s*[,.!—–-]| not\b| it's\b| i\b| the\b)",
    "nope",
    "nah",
    r"(?:or )?better(?: yet)?",
    r"scratch that",
    r"change of plans?",
    "not",
)
ADDITION = _pattern("and", "also", "plus", "as well", "too", r"(?:and |,)?then(?: on)? to", "another stop", "add")
ALTERNATIVE = _pattern("or", "alternatively", "either")
START_OVER = _pattern(
    r"start(?:ing)? (?:all )?over",
    r"start(?:ing)? (?:again|afresh|anew|from scratch|from the (?:top|beginning))",
    r"begin again",
    r"from scratch",
    r"forget (?:everything|it all|all (?:of )?(?:that|this|it)|the whole (?:thing|trip))",
    r"(?:scrap|clear|reset|erase|delete|cancel) "
    r"(?:everything|it all|all (?:of )?(?:that|this|it)|the whole (?:thing|trip))",
    r"reset",
    r"a (?:whole |completely )?(?:new|different) trip",
)
SWAP = _pattern(
    r"(?:the )?other way (?:a?round)",
    r"vice versa",
    r"(?:in |the )?(?:opposite|other|reverse) direction",
    r"(?:swap|switch|reverse|flip|exchange) (?:them|those|these|the (?:two|cities|places|direction|route|airports)|"
    r"(?:it|that)(?: around| round)|origin and destination|departure and (?:arrival|destination)|from and to)",
    r"(?:in |the )reverse",
)
ONE_WAY = _pattern(
    r"one[ -]?way",
    r"single (?:ticket|fare|trip)",
    r"(?:no|not a|without a?|don't (?:need|want) (?:a|the|any)|"
    r"(?:forget(?: about)?|skip|never ?mind|cancel|drop|scrap|lose|remove|leave out) the) "
    r"(?:return(?: (?:flight|trip|ticket|leg|journey|date))?|(?:flight|way|trip|ticket) back|round[ -]trip)",
)
ROUND_TRIP = _pattern(r"round[ -]?trip", r"return (?:ticket|fare)", r"(?:there|out) and back")
SAME = re.compile(
    r"(?<![\w'])(?:the |on the |at the )?same (?P<what>dates?|days?|times?|hours?|places?|cit(?:y|ies)|route|trip|"
    r"everything|as before|again)(?![\w'])"
)
FROM_THERE = _pattern(r"(?:from|leaving|departing) there")

# A yes to what the system offers, unless the turn goes on to refuse it.
_YES = (
    r"yes|yeah|yep|yup|ya|sure|ok|okay|k|fine|great|good|perfect|perfectly|awesome|excellent|wonderful|cool|nice|lovely|"
    r"fantastic|amazing|alright|all right|right|correct|exactly|absolutely|definitely|indeed|agreed|deal|brilliant|"
    r"super|splendid|delightful|works?|suits?|sounds?|accept|confirm(?:ed)?|proceed|go ahead|take (?:it|that|this)|"
    r"book (?:it|that|this)|do (?:it|that)|buy (?:it|that|this)|reserve (?:it|that|this)|i(?:'ll| will) take|"
    r"that(?:'s| is| will| would|'ll)|like|love|interested|you got it|go for|happy with|please do|let's do"
)
YES = re.compile(rf"(?<![\w'])(?:{_YES})(?![\w'])")
_REFUSAL = re.compile(
    r"(?<![\w'])(?:no|nope|nah|not|never|don't|doesn't|didn't|can't|won't|isn't|something else|anything else|others?|"
    r"another|different|else|instead|rather|other than|more options|alternatives?|change|but|too (?:late|early|long|"
    r"expensive|much)|earlier|later|what about|how about|cheaper|maybe|actually|if|when|would it)(?![\w'])"
)


def is_acceptance(words: str) -> bool:
    """Say whether a turn, in plain letters, accepts what the system offers: its first sentence says so, and no refusal.

    >>> is_acceptance("that works, thanks"), is_acceptance("ok, is there something else?"), is_acceptance("boston")
    (True, False, False)
    """
    first = re.split(r"(?<=[.!?;])\s+", words.strip(), maxsplit=1)[0]
    if first.rstrip(" .!") in ("thanks", "thank you", "no", ""):
        return False
    if "?" in first and not YES.match(first):
        return False
    return bool(YES.search(first[:200])) and not _REFUSAL.search(first[:400])


class Cues(NamedTuple):
    """Where a turn has the words of each kind: None, or the first of them."""

    correction: re.Match[str] | None
    addition: re.Match[str] | None
    alternative: re.Match[str] | None


def cues_of(words: str) -> Cues:
    """The cues of a turn in plain letters."""
    return Cues(CORRECTION.search(words), ADDITION.search(words), ALTERNATIVE.match(words.lstrip(" ,.-")))


# --- what is left of a turn ------------------------------------------------------------------------

_FILLERS = (
    "a an and also the on at in it's it is its that's that this be i i'm i'd i'll we we're we'd would will could can "
    "like to please pls plz thanks thank you yes yeah yep yup ok okay sure well um uh er hmm oh so hm maybe perhaps "
    "probably think guess say let's see let me just only then now my our us for of with around about by day date city "
    "town airport time one sir madam mister ma'am no not or hi hello hey alright right exactly need want prefer "
    "preferably ideally great good perfect works fine if possible possibly should sounds . , ! ? ; : - – — ' \" ( ) /"
)
_FILLER_SET = frozenset(_FILLERS.split())


def is_bare(tokens: list[str]) -> bool:
    """Say whether the tokens of a turn outside its values, in plain letters, say nothing of their own.

    >>> is_bare(["um", ",", "please"]), is_bare(["tickets", "on"])
    (True, False)
    """
    return _FILLER_SET.issuperset(tokens)
