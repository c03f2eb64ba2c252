"""Whether a sentence is in a script or a language that the model has not learnt: then it has no slots, but a note.

Scripts are told by the letters of the vocabulary. Languages are told only to models that have learnt English, by words:
small words of other languages (languages.txt), words and letters that the vocabulary lacks, and against them words that
are frequent in it. A word that the vocabulary has may be one of a name (`los`), and counts less. The weights were
chosen on one half of the sentences of benchmarks/foreign.py (docs/languages.md has the shares for the other).
"""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from slotfill.schema import Token
from slotfill.tokenizer import fold, tokenize
from slotfill.vocabulary import SPECIALS, UNKNOWN, Vocabulary

_SURELY_ENGLISH = ("the", "to", "from")
_FREQUENT = 300  # words; the vocabulary is sorted by frequency
_LARGE = 1_000  # words of a vocabulary that knows most words of its language
# Frequent in English, and words of other languages or of names: neither for nor against.
_NEITHER = """
    a an in is was no so me do i on as um am us or la las los san be
    new york london boston denver chicago dallas miami houston seattle atlanta
"""
_NEUTRAL = frozenset(_NEITHER.split())
_WITHIN_NAMES = frozenset(("da", "de", "del", "di", "do", "dos", "du", "es", "la", "las", "los"))  # Rio de Janeiro
_ROMAN_WORDS = "[A-Za-z\u00c0-\u024f]+"  # like the other pattern, compiled when the first text needs it
_TYPED = frozenset(("mon", "thu", "wat"))  # as people type English
# In hardly a sentence of another language.
COMMON = frozenset(
    [
        "the",
        "to",
        "from",
        "at",
        "on",
        "for",
        "and",
        "with",
        "before",
        "after",
        "until",
        "by",
        "or",
        "of",
        "this",
        "next",
        "please",
        "i",
        "my",
        "want",
        "need",
    ]
)
_SMALL, _IN_NAMES, _UNKNOWN, _ACCENTED, _ENGLISH, _LEAST = 6, 3, 1, 2, 4, 5  # weights, and the sum that is not enough
_SHORT = 4  # words; in so few, one that is sure is enough
_LONG = 4  # letters of one that is, which `es` in Dar es Salaam is not
_LATIN = "\u024f"  # the last Latin letter
_ROMAN, _KANA, _HAN = "Latin script", "Japanese kana", "Chinese characters"
_HIRAGANA = "[\u3041-\u306d\u306f-\u3096]"  # but の, which stands in Chinese names of shops
_RARE = 0.01  # a script with a smaller share of the vocabulary has not been learnt
_CODE = 3  # letters of a code of an airline or an airport: in capitals, in sentences in any script
_ALIKE = 3  # so many letters has a character of Chinese, Japanese or Thai


class Languages:
    """What a vocabulary knows of scripts and languages."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words
        self._english = all(map(words.__contains__, _SURELY_ENGLISH))
        self._large = len(words) >= _LARGE
        self._scripts: frozenset[str] | None = None  # found when they are first needed
        self._main = ""  # the script of most words, found with them

    def note(self, tokens: Sequence[Token], words: Sequence[str]) -> str | None:
        """What to say of a sentence with these tokens, whose forms are `words`, or None.

        >>> from slotfill.tokenizer import tokenize
        >>> english = Languages(Vocabulary(["the", "to", "from"]))
        >>> english.note(tokenize("ich fliege nach Rom"), ["ich", "fliege", "nach", "rom"])
        'looks like German, which the model has not learnt'
        >>> english.note(tokenize("завтра"), ["завтра"])
        'is in Cyrillic script, which the model has not learnt'
        """
        script = self.script(tokens, words)
        if script is not None:
            return f"is in {script}, which the model has not learnt"
        ids = [*map(self._words.id, words)]
        unknown = ids.count(UNKNOWN)
        if not unknown:
            return None
        frequent = sum([number < _FREQUENT + len(SPECIALS) for number in ids]) - unknown
        most = (_SMALL + _ACCENTED) * unknown + _IN_NAMES * (len(ids) - unknown - frequent) - _ENGLISH * frequent
        if self._english:
            return self._language([token.text for token in tokens], ids) if most >= _LEAST else None
        return self._nothing_known([token.text for token in tokens], ids) if self._large and not frequent else None

    def script(self, tokens: Sequence[Token], words: Sequence[str]) -> str | None:
        """The script of a sentence that the model has not learnt, or None.

        >>> from slotfill.tokenizer import tokenize
        >>> chinese = Languages(Vocabulary(["到", "北", "京", "lhr"]))
        >>> chinese.script(tokenize("fly to Rome"), ["fly", "to", "rome"])
        'Latin script'
        >>> chinese.script(tokenize("LHR 到 Rome"), ["lhr", "到", "rome"]) is None
        True
        """
        if self._english and "".join(words).isascii():
            return None
        texts = [token.text for token in tokens]
        script = self._foreign_script(texts)
        return self._minor_script(texts, words) if script is None and not self._english else script

    def _language(self, texts: Sequence[str], ids: Sequence[int]) -> str | None:
        """The note on a sentence that may be in another language than English."""
        words = [(text, fold(text), number) for text, number in zip(texts, ids, strict=True) if _is_word(text)]
        language = max(small_words(), key=lambda name: _hits(words, small_words()[name]), default="")
        own = small_words()[language]
        new = [word for _, word, number in words if number == UNKNOWN and word in own]
        other = sum(number != UNKNOWN and not self._is_frequent(number) and word in own for _, word, number in words)
        strange = accented = english = 0
        for place, (text, word, number) in enumerate(words):
            is_name = place > 0 and text[0].isupper() and text[1:2].islower()
            if number == UNKNOWN:
                strange += self._large and word not in own and not is_name
                accented += not is_name and not text.isascii()
            elif self._is_frequent(number) and word not in own and word not in _NEUTRAL:
                english += not (is_name and _is_mixed(words))
        score = _SMALL * len(new) + _IN_NAMES * other + _UNKNOWN * strange + _ACCENTED * accented - _ENGLISH * english
        is_sure = any(len(word) >= _LONG for word in new)
        is_short = is_sure and len(words) <= _SHORT and not english
        is_foreign = score > _LEAST and (is_sure or len(new) + other + strange + accented > 1)
        if not (is_foreign or is_short):
            return None
        if new:
            return f"looks like {language}, which the model has not learnt"
        return "does not look like English, the language that the model has learnt"

    def _is_frequent(self, number: int) -> bool:
        return UNKNOWN < number < _FREQUENT + len(SPECIALS)

    def _nothing_known(self, texts: Sequence[str], ids: Sequence[int]) -> str | None:
        """The note on a sentence of which a model of another language knows no word."""
        known = [number != UNKNOWN for text, number in zip(texts, ids, strict=True) if _is_word(text)]
        return "has no word that the model has learnt" if len(known) >= _SHORT and not any(known) else None

    def _foreign_script(self, texts: Sequence[str]) -> str | None:
        """The script of most letters, if it is none of those of the vocabulary; codes count only among themselves.

        Nor do names in Latin letters count beside a script without spaces, if there are no other such words:
        `从Wellington飞Christchurch` is Chinese, `fly to 北京` is not.
        """
        counted = [text for text in texts if not (len(text) <= _CODE and text.isupper())] or texts
        letters = Counter(script_of(sign) for text in counted for sign in text if sign.isalpha())
        if not letters.keys().isdisjoint(_UNSPACED):
            latin = re.findall(_ROMAN_WORDS, " ".join(counted))
            letters[_ROMAN] *= not all(map(self._may_be_a_name, latin))
        for script in letters:
            letters[script] *= _ALIKE if script in _UNSPACED else 1
        foreign = {script: count for script, count in letters.items() if script not in self._learnt()}
        if 2 * sum(foreign.values()) <= letters.total():
            return None
        return max(foreign, key=foreign.__getitem__)

    def _may_be_a_name(self, text: str) -> bool:
        """Whether a Latin word among other characters may be one of a name: with a capital, and not a frequent word."""
        word = fold(text)
        if word in _WITHIN_NAMES:
            return True
        return not text.islower() and (word in _NEUTRAL or not self._is_frequent(self._words.id(word)))

    def _minor_script(self, texts: Sequence[str], words: Sequence[str]) -> str | None:
        """What a model of a script without spaces, which knows codes and names beside it, cannot have learnt.

        That is a sentence in Latin letters with a word that it lacks, or with as many such words in lower case as
        characters of its own; and a sentence in Chinese characters among which every third sign is a kana.
        """
        learnt = self._learnt()
        if self._main not in _UNSPACED:
            return None
        signs = Counter(script_of(sign) for text in texts for sign in text if sign.isalpha())
        kana = signs[_KANA]
        if kana and _KANA not in learnt and 3 * kana >= signs[self._main] + kana:
            return _KANA
        latin = [
            text
            for text, word in zip(texts, words, strict=True)
            if text[:1].isalpha() and text[0] <= _LATIN and self._words.id(word) == UNKNOWN
        ]
        if signs[_ROMAN] < signs.total():
            latin = [text for text in latin if text.islower()]
        return _ROMAN if latin and len(latin) >= signs.total() - signs[_ROMAN] else None

    def _learnt(self) -> frozenset[str]:
        if self._scripts is None:
            words = self._words.items[len(SPECIALS) :]
            counts = Counter(script_of(word[0]) for word in words if word and word[0].isalpha())
            self._scripts = frozenset(name for name, count in counts.items() if count >= _RARE * counts.total())
            self._main = max(counts, key=counts.__getitem__, default="")
        return self._scripts


def script_of(letter: str) -> str:
    """The script of a letter, as notes name it.

    >>> script_of("a"), script_of("й"), script_of("台"), script_of("ก")
    ('Latin script', 'Cyrillic script', 'Chinese characters', 'Thai script')
    """
    if letter <= _LATIN:
        return _ROMAN
    name = unicodedata.name(letter, "AN UNKNOWN").split()[0].replace("FULLWIDTH", "LATIN")
    return _NAMES.get(name, f"{name.title()} script")


_NAMES = {
    "CJK": _HAN,
    "HIRAGANA": _KANA,
    "KATAKANA": _KANA,
    "HALFWIDTH": _KANA,
    "AN": "an unknown script",
}
_UNSPACED = (_HAN, _KANA, "Thai script", "Lao script", "Khmer script", "Myanmar script")


@cache
def small_words() -> Mapping[str, frozenset[str]]:
    """The words of languages.txt, by the language's name.

    >>> "nach" in small_words()["German"]
    True
    """
    words: dict[str, list[str]] = {}
    name = ""
    path = f"{__file__.rpartition(os.sep)[0]}{os.sep}languages.txt"
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        for line in file:
            if line[0] == " ":
                words[name] += line.split()
            elif line[0] not in "#\n":
                name = line.strip().removesuffix(":")
                words[name] = []
    return {name: frozenset(own) for name, own in words.items()}


def other_language(text: str) -> str | None:
    """What a sentence looks like that is neither English nor Chinese, by its script and its small words; or None.

    Unlike `Languages.note` it knows no model: it is asked of what a model has learnt.

    >>> other_language("Abflug am Freitag"), other_language("11月2日までに東京へ"), other_language("18:00 이후에")
    ('looks like German', 'looks like Japanese', 'is in Hangul script')
    >>> other_language("leave on Friday"), other_language("11月2日去东京")
    (None, None)
    """
    if not text.isascii():
        letters = Counter(script_of(sign) for sign in text if sign.isalpha())
        if re.search(_HIRAGANA, text) or ((kana := letters[_KANA]) and 3 * kana >= letters[_HAN] + kana):
            return "looks like Japanese"
        script = max(letters, key=letters.__getitem__, default=_ROMAN)
        if script not in (_ROMAN, _HAN):
            return f"is in {script}"
    words = {fold(token.text) for token in tokenize(text)} - _NEUTRAL - _TYPED
    if not COMMON.isdisjoint(words):
        return None
    hits = {name: own & words for name, own in small_words().items()}
    best = max(hits, key=lambda name: len(hits[name]))
    is_sure = len(hits[best]) > 1 or any(len(word) > 2 for word in hits[best])
    return f"looks like {best}" if is_sure else None


def _is_word(text: str) -> bool:
    return any(map(str.isalpha, text)) and not any(map(str.isdigit, text))


def _hits(words: Sequence[tuple[str, str, int]], own: frozenset[str]) -> int:
    return sum([2 if number == UNKNOWN else 1 for _, word, number in words if word in own])


def _is_mixed(words: Sequence[tuple[str, str, int]]) -> bool:
    """Whether a sentence has lower case, in which a capital means something."""
    return sum([text.islower() for text, _, _ in words]) > 1
