"""The words between the slots of a Chinese sentence, as the English ones that the other modules know.

`从北京到上海，不是周五而是周六` has, between its slots, `from`, `to`, `, not`, `but`. So whatever joins places, parts
legs or rules out a day is decided by the same code in both languages. Any other character is a word without a meaning.
"""

import re
from collections.abc import Iterator, Sequence

from slotfill.hanzi import plain
from slotfill.schema import Slot, Token
from slotfill.tokenizer import tokenize

_UNKNOWN = "_"
_LATIN = re.compile("[a-z]+")
_WORDS = {
    ",": ", 、",
    ".": ". 。",
    "!": "!",
    "?": "?",
    ";": ";",
    "(": "(",
    ")": ")",
    "/": "/",
    "-": "- – — ~ →",
    "or": "或者是 或者 或是 或 还是 要么 抑或",
    "and": "和 跟 与 及 同 以及 还有 并且 而且",
    "to": "到达 抵达 前往 飞往 飞到 开往 到 至 去 飞 往 赴 抵",
    "from": "从 由 自",
    "then": "然后 接着 之后 随后 再 最后 继续 转",
    "back": "返回 返程 回程 回到 回来 回去 回 返",
    "leaving": "出发 启程 动身 起飞 离开",
    "in": "在 于",
    "of": "的 市 省 县",
    "airport": "机场 国际机场",
    "via": "经停 经过 途经 经 路过 转机 中转",
    "except": "除了 除",
    "not": "不是 唔系 唔好 唔想 不要 不想 不能 别 并非 不考虑 不经",
    "not to": "不去 唔去 别去 不飞 不走",
    "not in": "不在",
    "nonstop": "不转机 不经停 不中转 不要转机 不要经停 不要中转 不想转机 不用转机",
    "not via": "不经过",
    ", no ,": ",不, ,不是, ,不不,",
    "but": "而是 但是 但 只是",
    "instead of": "而不是",
    "sorry": "不对 说错了 错了 搞错了 讲错了 不好意思 抱歉 哦不",
    "i mean": "我是说 我说的是 应该是",
    "make it": "改成 改到 改为 改签到 改签 换成 换到 改期到",
    "doesn't work": "不行 不可以 不方便 没空 不合适",
}
_ENGLISH = {word: english.split() for english, words in _WORDS.items() for word in words.split()}
_LONGEST = max(map(len, _ENGLISH))
# Right before or after these characters, a word means nothing: 能不能, 是不是, 特别, 别的.
_NOT_AFTER = {word: word[1] for word in _ENGLISH if word[0] == "不" and len(word) == 2} | {"别": "特个"}
_NOT_BEFORE = {"别": "的人处"}
_BEFORE_A_PLACE = {"不经停": ["not", "via"], "不转机": ["not", "via"]}


def tokens_of(text: str, slots: Sequence[Slot], order: Sequence[int]) -> list[Token]:
    """The tokens of a sentence with these slots: those of the slots as they are, the others in English."""
    tokens: list[Token] = []
    at = 0
    for number in order:
        slot = slots[number]
        if slot.start < at or slot.name == "or":  # inside another one, or a word that joins others
            continue
        tokens += _between(text, at, slot.start)
        tokens += _within(slot)
        at = slot.end
    tokens += _between(text, at, len(text))
    return tokens


def _within(slot: Slot) -> Iterator[Token]:
    """The tokens of a slot as they are: one, unless it has words apart."""
    for token in tokenize(slot.text):
        yield Token(token.text, slot.start + token.start, slot.start + token.end)


def _between(text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of a stretch without slots; each English word has a character of its own."""
    words = plain(text[start:end])
    at = 0
    while at < len(words):
        meant, size = _word_at(words, at)
        for n, english in enumerate(meant):
            last = at + size if n == len(meant) - 1 else at + n + 1
            yield Token(english, start + at + n, start + last)
        at += size


def _word_at(words: str, at: int) -> tuple[Sequence[str], int]:
    """What the longest known word at a position is in English, and its length; white space is nothing."""
    for size in range(min(_LONGEST, len(words) - at), 0, -1):
        word = words[at : at + size]
        if word in _ENGLISH and _counts(words, at, word):
            if at + size == len(words) and word in _BEFORE_A_PLACE:
                return _BEFORE_A_PLACE[word], size
            return _ENGLISH[word], size
    if words[at].isspace():
        return (), 1
    latin = _LATIN.match(words, at)
    if latin:
        return [latin.group()], latin.end() - at
    return [words[at] if words[at].isascii() else _UNKNOWN], 1


def _counts(words: str, at: int, word: str) -> bool:
    before, after = words[at - 1 : at] or " ", words[at + len(word) : at + len(word) + 1] or " "
    return before not in _NOT_AFTER.get(word, "") and after not in _NOT_BEFORE.get(word, "")
