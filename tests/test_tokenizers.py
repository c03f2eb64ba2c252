import re
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.config import LIMITS
from slotfill.schema import Example, Token
from slotfill.tokenizer import QUICK, tokenize
from slotfill.tokenizer_fit import best_fit, fit_of
from slotfill.tokenizers import TOKENIZERS, is_unspaced, pattern_of, tokenizer_named


def texts(tokenizer: str, text: str) -> list[str]:
    return [token.text for token in tokenizer_named(tokenizer)(text)]


def example_of(text: str, tokenizer: str) -> Example:
    tokens = tokenizer_named(tokenizer)(text)
    return Example(text, tokens, ("O",) * len(tokens))


# All of Unicode, surrogates too, and mixed text as it is typed.
ANY = st.text(st.characters(codec=None), max_size=30)
MIXED = st.text(
    st.sampled_from("去台北パガがไก่น้ำក្រុ한글йé ab1２9:30：/-.'’,\u0301\u3099\u200d\u200c\ufe0f\U00020000✈👍🏽"),
    max_size=30,
)


@pytest.mark.parametrize("name", TOKENIZERS)
@given(text=ANY | MIXED)
def test_tokens_are_pieces_of_the_text_in_order(name: str, text: str) -> None:
    end = 0
    matches = pattern_of(name).finditer(text)
    assert tokenizer_named(name)(text) == tuple(Token(m.group(), m.start(), m.end()) for m in matches)
    for token in tokenizer_named(name)(text):
        assert token.text == text[token.start : token.end]
        assert end <= token.start < token.end
        assert not any(map(str.isspace, token.text))
        assert all(category(sign) in UNSEEN for sign in text[end : token.start])
        end = token.end
    assert all(category(sign) in UNSEEN for sign in text[end:])


UNSEEN = ("Zs", "Zl", "Zp", "Cc", "Cf", "Cn")  # what may be in no token: nothing that a font draws


@given(st.text(st.characters(max_codepoint=127), max_size=30))
def test_in_ascii_scripts_is_slotfill(text: str) -> None:
    found = pattern_of("scripts").finditer(text)
    assert tokenize(text) == tuple(Token(match.group(), match.start(), match.end()) for match in found)
    assert tokenizer_named("scripts")(text) == tokenize(text)


TYPED = st.lists(
    st.sampled_from(["St.", "p.m.", "LHR-", "2026-11-02", "o'", "'s", *"aSTpPhr19:/.-,_’é台 "]), max_size=12
)


@pytest.mark.parametrize("name", ["slotfill", "scripts"])
@given(pieces=TYPED)
def test_the_short_way_to_plain_words_changes_no_token(name: str, pieces: list[str]) -> None:
    text, pattern = "".join(pieces), pattern_of(name)
    assert QUICK in pattern.pattern
    without = re.compile(pattern.pattern.replace(QUICK, "(?!)"), pattern.flags)
    assert [token.text for token in tokenizer_named(name)(text)] == without.findall(text)


# Accents, voicing marks, vowel signs, tones, joiners, variation selectors.
MARKS = "\u0301\u0323\u3099\u309aﾞﾟ\u0e31\u0e33\u0e48\u0ec8\u102f\u103a\u17b6\u17d2\u200c\u200d\ufe0f\U000e0100"


@pytest.mark.parametrize("name", ["scripts", "characters"])
@given(text=st.text(st.sampled_from("台パไกកမéa1-!：✈👍한"), min_size=1, max_size=5), mark=st.sampled_from(MARKS))
def test_a_mark_is_never_separated_from_its_base(name: str, text: str, mark: str) -> None:
    if name == "characters" and mark in "ﾞﾟ\u0e33":  # letters to Unicode
        return
    assert all(token.start != len(text) for token in tokenizer_named(name)(f"{text}{mark}a"))


@given(MIXED)
def test_a_character_of_a_script_without_spaces_is_alone(text: str) -> None:
    for token in tokenizer_named("scripts")(text):
        bases = [sign for sign in token.text if is_unspaced(sign) and category(sign)[0] == "L" and sign not in MARKS]
        assert len(bases) <= 1 + token.text.count("\u17d2")
        assert not bases or token.text[0] == bases[0]


@pytest.mark.parametrize("name", TOKENIZERS)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_all_tokenizers_leave_out_the_same(name: str, text: str) -> None:
    left = {at for token in tokenize(text) for at in range(token.start, token.end) if not text[at].isspace()}
    found = {at for token in tokenizer_named(name)(text) for at in range(token.start, token.end)}
    assert {at for at in left if text[at].isprintable()} <= found


@pytest.mark.parametrize(
    ("name", "text", "tokens"),
    [
        ("scripts", "我要去奥斯陆", ["我", "要", "去", "奥", "斯", "陆"]),
        ("scripts", "3月5日10:30pm的HK-708航班", ["3", "月", "5", "日", "10:30pm", "的", "HK", "-", "708", "航", "班"]),
        ("scripts", "11月2日到達台北", ["11", "月", "2", "日", "到", "達", "台", "北"]),
        ("scripts", "ﾊﾞｽ で か\u3099", ["ﾊﾞ", "ｽ", "で", "か\u3099"]),
        ("scripts", "葛\U000e0100城𠀀", ["葛\U000e0100", "城", "𠀀"]),
        ("scripts", "น้ำตก ๑๒:๓๐ น.", ["น้ำ", "ต", "ก", "๑๒:๓๐", "น", "."]),
        ("scripts", "ក្រុង ပန္တျာ", ["ក្រុ", "ង", "ပ", "န္တျာ"]),  # a stacked consonant belongs to the one above
        ("scripts", "1️⃣去👨‍👩‍👧🇹🇼", ["1️⃣", "去", "👨‍👩‍👧", "🇹🇼"]),
        ("scripts", "東京へ行きたい", [*"東京へ行きたい"]),
        ("scripts", "ที่นี่", ["ที่", "นี่"]),  # vowel signs and tones belong to their consonants
        ("scripts", "서울 가는", ["서울", "가는"]),  # Korean has spaces
        ("scripts", "what's o'clock", ["what's", "o'clock"]),
        ("words", "d'Alger à AHU-Ghent-7", ["d", "'", "Alger", "à", "AHU", "-", "Ghent", "-", "7"]),
        ("words", "👍🏽 a_b", ["👍🏽", "a_b"]),
        ("characters", "ab 1", ["a", "b", "1"]),
        ("characters", "e\u0301a", ["e\u0301", "a"]),
        ("whitespace", "Oslo, (by 6:30pm)", ["Oslo,", "(by", "6:30pm)"]),
        ("whitespace", "\u200b Oslo", ["Oslo"]),
    ],
)
def test_tokenizers(name: str, text: str, tokens: list[str]) -> None:
    assert texts(name, text) == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("CA1234航班9:30起飞，18:00前到", "CA1234 航 班 9:30 起 飞 ， 18:00 前 到"),
        ("ＣＡ１２３４航班９：３０起飞", "ＣＡ１２３４ 航 班 ９：３０ 起 飞"),
        ("2026-11-02或11/2，11．2", "2026-11-02 或 11/2 ， 11．2"),
        ("6:30p.m.到LHR-JFK的", "6:30p.m. 到 LHR - JFK 的"),
        ("a.m.前。他.她", "a.m. 前 。 他 . 她"),
        ("1,000元3.5小时T3航站楼Wi-Fi", "1,000 元 3.5 小 时 T3 航 站 楼 Wi-Fi"),
    ],
)
def test_numbers_and_latin_words_stay_whole_in_scripts(text: str, tokens: str) -> None:
    assert texts("scripts", text) == tokens.split()


def test_every_tokenizer_can_be_set() -> None:
    assert LIMITS["model", "tokenizer"] == ("auto", *TOKENIZERS)


@pytest.mark.parametrize(
    ("tokenizer", "sentences"),
    [
        ("slotfill", ["fly to Oslo at 6:30pm", "what's the fare to Xi'an ?"]),
        ("scripts", ["我要去奥斯陆", "请订去都灵的 Airbus 机票"]),
        ("words", ["AHU-Oslo-7", "fan-Turin-4"]),
        ("characters", ["我要Oslo", "去B2"]),
        ("whitespace", ["user@host:/var to://x", "b:2/x,y"]),
    ],
)
def test_the_tokenizer_of_data_is_the_one_that_makes_its_tokens(tokenizer: str, sentences: list[str]) -> None:
    fit = best_fit([example_of(text, tokenizer) for text in sentences])
    assert (fit.tokenizer, fit.others, fit.problem()) == (tokenizer, 0, None)


def test_white_space_is_not_taken_for_a_few_odd_tokens() -> None:
    examples = [example_of("fly to Oslo", "whitespace")] * 19 + [example_of("at 5pm/6", "whitespace")]
    fit = best_fit(examples)
    assert (fit.tokenizer, fit.others) == ("slotfill", 1)
    assert fit.problem() == (
        "in 1 of 20 sentences, the tokenizer `slotfill` makes other tokens than the data has, as in "
        '"at 5pm/6": the data has "5pm/6", tagging gives "5pm | / | 6"'
    )


def test_where_tokens_first_differ() -> None:
    fit = fit_of("words", [example_of("it's 6:30pm in Xi'an", "slotfill")])
    assert str(fit.problem()).endswith("""the data has "it's", tagging gives "it | ' | s\"""")


def test_no_sentence_is_no_problem() -> None:
    assert best_fit([]).problem() is None
