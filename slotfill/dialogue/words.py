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


# What was said or asked last is not right. Strong words say so in any sentence, weak ones in a bare turn.
CORRECTION = _pattern(
    "instead",
    r"make (?:it|that|this|them)(?! (?:to|there|in time|back|home)\b)",
    r"(?:change|switch|move|set|put|update) (?:it|that|this|them)(?: to)?",
    r"i meant?(?: to say)?",
    "correction",
    "scratch that",
)
WEAK_CORRECTION = _pattern(
    "actually",
    "rather",
    r"(?:let's|let us) (?:do|try|say|go (?:with|for))",
    r"i(?:'d| would) (?:rather|prefer)",
    r"(?:or )?better(?: yet)?",
    r"on second thoughts?",
    r"(?:what|how) about",
    r"what (?:do|would) (?:you )?have (?:for|on|in)",
    r"i said",
    r"oops|sorry|(?:my )?mistake|my bad|wait|hold on|hang on",
    r"no|nope|nah|not",
    r"maybe|perhaps",
    r"change of plans?",
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
    r"(?:plan|start|begin|make|want|need) a (?:whole |completely |totally )?(?:new|different) trip",
)
SWAP = _pattern(
    r"(?:the )?other way (?:a?round)",
    r"vice versa",
    r"(?:in |the )?(?:opposite|other|reverse) direction",
    r"(?:swap|switch|reverse|flip|exchange) (?:them|those|these|the (?:two|cities|places|direction|route|airports)|"
    r"(?:it|that)(?: around| round)|origin and destination|departure and (?:arrival|destination)|from and to)",
    r"(?:in |the )reverse",
)
_RETURN = r"(?:return(?: (?:flight|trip|ticket|leg|journey|date))?|(?:flight|way|trip|ticket) back|round[ -]trip)"
NO_RETURN = _pattern(
    rf"(?:no|not a|without a?|don't (?:need|want) (?:a|the|any)) {_RETURN}",
    rf"(?:forget(?: about)?|skip|never ?mind|cancel|drop|scrap|lose|remove|leave out) (?:the|my) {_RETURN}",
)
ONE_WAY = _pattern(r"one[ -]?way", r"single (?:ticket|fare|trip)")
ROUND_TRIP = _pattern(r"round[ -]?trip", r"return (?:tickets?|fares?)", r"(?:there|out) and back")
TRIP_KINDS = re.compile("way|single|return|back|round")  # one of these is in each word of the three before
_SEARCH = _pattern(
    r"find|finding|search(?:ing)?|look(?:ing)?|show|need|want|like|book|buy|buying|purchase|get me|are there|any|some|"
    r"how much|can (?:i|you)|could (?:i|you)"
)
_THIS_TRIP = _pattern(r"then|instead|just|only|actually|after all|rather|change|make it|switch")
_LONGEST = 300  # code points of a sentence before and after some words
_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)")


def sentence_around(words: str, start: int, end: int) -> str:
    """The sentence, with its sign, in which some words are.

    >>> sentence_around("yes. from lima? thanks", 10, 14)
    ' from lima?'
    """
    first, last = max(0, start - _LONGEST), min(len(words), end + _LONGEST)
    first = max([found.end() for found in _SENTENCE_END.finditer(words, first, start)], default=first)
    last = found.end() if (found := _SENTENCE_END.search(words, end, last)) else last
    return words[first:last]


def is_search(sentence: str) -> bool:
    """Say whether a sentence looks for something new, rather than change this trip.

    >>> is_search("can you find me a one way flight?"), is_search("one way then"), is_search("i want one way instead")
    (True, False, False)
    """
    return bool(_SEARCH.search(sentence)) and not _THIS_TRIP.search(sentence)


_DETAIL = re.compile(
    r"\b(?:what|which|when|where|does|do|is|will|would|let me know|tell me|know)\b[^.?!]*"
    r"\b(?:arriv\w*|land(?:s|ing)?|airports?|stations?|terminals?|get (?:to|back|in)|reach(?:es)?)\b"
)
_OF_THIS = re.compile(r"\b(?:(?:the|that|this|my) (?:[a-z]+ )?(?:flight|bus|train|plane|one|return)|it|i)\b")


def is_detail(words: str, start: int, end: int) -> bool:
    """Say whether the sentence of a value only asks about the trip: `when do I arrive after leaving Delhi`.

    >>> is_detail("when does the flight land in lima?", 29, 33), is_detail("what about lima?", 11, 15)
    (True, False)
    """
    sentence = sentence_around(words, start, end)
    is_question = sentence.endswith("?") or "let me know" in sentence or "tell me" in sentence
    return is_question and bool(_DETAIL.search(sentence) and _OF_THIS.search(sentence))


_WAY_BACK = re.compile(
    r"\b(?:return(?:ing|s)?|"
    r"back|home)\b"
    r"(?:(?!\b(?:leav\w*|depart\w*|and|from|to)\b)[^.?!])*\b(?:from|to)(?: the)? $"
)


def is_way_back(words: str, start: int) -> bool:
    """Say whether the words before a place speak of the way back: `returning on Wednesday from Lima`.

    >>> is_way_back("i'm returning on wednesday from lima", 32), is_way_back("return ticket, leaving from lima", 28)
    (True, False)
    """
    return bool(_WAY_BACK.search(words[max(0, start - 120) : start]))


SAME = re.compile(
    r"(?<![\w'])(?:the |on the |at the )?same (?P<what>dates?|days?|times?|hours?|places?|cit(?:y|ies)|route|trip|"
    r"everything|as before|again)(?![\w'])"
)
FROM_THERE = _pattern(r"(?:from|leaving|departing) there")

# A yes to what the system offers, unless the turn goes on to refuse it.
_YES = (
    r"yes|yeah|yep|yup|ya|sure|ok|okay|k|fine|great|good|perfect|perfectly|awesome|excellent|wonderful|cool|nice|lovely|"
    r"fantastic|amazing|alright|all right|right|correct|exactly|absolutely|definitely|indeed|agreed|deal|brilliant|"
    r"super|splendid|delightful|works?|suits?|sounds?|accept|confirmed|confirm (?:it|that|this)|proceed|go ahead|"
    r"take (?:it|that|this)|(?:that|this) one|"
    r"(?:book|do|buy|reserve) (?:it|that|this)|(?:i|we)(?:'ll| will) take|"
    r"(?:i|we) (?:really )?(?:like|love) (?:it|that|this|the)|interested|you got it|go for|happy with|please do|"
    r"let's do|(?:purchase|buy|book|reserve|take|want|get|use) (?:[a-z0-9]+ ){0,4}(?:this|that|the) "
    r"(?:bus|train|flight|one|seats?)"
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
    weak_correction: re.Match[str] | None
    addition: re.Match[str] | None
    alternative: re.Match[str] | None


# In Chinese; a turn that names a leg is about that, whatever was said last.
_CHINESE_CORRECTION = re.compile("改成|改到|改为|改為|换成|換成|不对|不對|说错了?|說錯了?|搞错了?|搞錯了?")
_CHINESE_LEG = re.compile("[回返去到从從飞飛]|出发|出發")


def _chinese_correction(words: str) -> re.Match[str] | None:
    found = _CHINESE_CORRECTION.search(words)
    return None if found is None or _CHINESE_LEG.search(words[: found.start()] + words[found.end() :]) else found


def cues_of(words: str) -> Cues:
    """The cues of a turn in plain letters."""
    start = words.lstrip(" ,.-")
    return Cues(
        CORRECTION.search(words) or _chinese_correction(words),
        WEAK_CORRECTION.search(words),
        ADDITION.search(words),
        ALTERNATIVE.match(start),
    )


# --- what is left of a turn ------------------------------------------------------------------------

_FILLERS = (
    "a an and also the on at in it's it is its that's that this be i i'm i'd i'll we we're we'd would will could can "
    "like to please pls plz thanks thank you yes yeah yep yup ok okay sure well um uh er hmm oh so hm maybe perhaps "
    "probably think guess say let's see let me just only then now my our us for of with around about by day date city "
    "town airport time one sir madam mister ma'am no not or hi hello hey alright right exactly need want prefer "
    "preferably ideally great good perfect works fine instead rather actually make change put set switch what how "
    "week weeks days night nights meant mean said sorry wait oops nope nah better do go try second thought thoughts "
    "correction have scratch if possible possibly should sounds . , ! ? ; : - – — ' \" ( ) /"
)
_FILLER_SET = frozenset(_FILLERS.split())


def is_bare(tokens: list[str]) -> bool:
    """Say whether the tokens of a turn outside its values, in plain letters, say nothing of their own.

    >>> is_bare(["um", ",", "please"]), is_bare(["tickets", "on"])
    (True, False)
    """
    return _FILLER_SET.issuperset(tokens)
