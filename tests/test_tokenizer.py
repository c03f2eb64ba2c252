import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill.schema import Token
from slotfill.tokenizer import fold, tokenize, whole_pattern

# Text as it is typed, with the signs that the rules look at more often than chance would have them.
TEXTS = st.text() | st.text(alphabet=st.sampled_from("ab1 29:/.,-'’\u0301\u200b\u00a0\x00apm.M. é東✈"), max_size=30)


@given(TEXTS)
def test_tokens_are_slices_in_order_that_do_not_overlap(text: str) -> None:
    end = 0
    for token in tokenize(text):
        assert end <= token.start < token.end
        assert text[token.start : token.end] == token.text
        end = token.end


@settings(max_examples=500)
@given(st.text(alphabet=st.sampled_from("abpmstAMST019_ .,:/'-$!\t\n\x00\x1f\x7f"), max_size=12))
def test_the_short_cut_for_ascii_changes_nothing(text: str) -> None:
    found = whole_pattern().finditer(text)
    assert tokenize(text) == tuple(Token(match.group(), match.start(), match.end()) for match in found)


@given(TEXTS)
def test_every_visible_sign_is_in_a_token_and_no_white_space_is(text: str) -> None:
    covered = {offset for token in tokenize(text) for offset in range(token.start, token.end)}
    for offset, character in enumerate(text):
        if offset in covered:
            assert not character.isspace()
        else:
            # separators, control, format and unassigned code points: nothing that a font draws
            assert unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cc", "Cf", "Cn")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\n\u3000", []),
        ("arrive Taipei on November 2nd", ["arrive", "Taipei", "on", "November", "2nd"]),
        ("at 6:30pm, please", ["at", "6:30pm", ",", "please"]),
        ("at 6:30 p.m.", ["at", "6:30", "p.m."]),
        ("7 a.m. tomorrow", ["7", "a.m.", "tomorrow"]),
        ("7a.m. tomorrow", ["7a.m.", "tomorrow"]),
        ("18h30", ["18h30"]),
        ("2026-11-02", ["2026-11-02"]),
        ("on 11/2/2026.", ["on", "11/2/2026", "."]),
        ("$1,000.50", ["$", "1,000.50"]),
        ("2,5", ["2", ",", "5"]),
        ("a 3-day trip", ["a", "3-day", "trip"]),
        ("747-400", ["747", "-", "400"]),
        ("10% of 50€", ["10", "%", "of", "50", "€"]),
        ("6 o'clock", ["6", "o'clock"]),
        ("6 o’clock", ["6", "o’clock"]),
        ("Xi'an", ["Xi'an"]),
        ("Aix-en-Provence", ["Aix-en-Provence"]),
        ("LHR-JFK", ["LHR", "-", "JFK"]),
        ("LHR-JFK-SFO, Nîmes", ["LHR", "-", "JFK", "-", "SFO", ",", "Nîmes"]),
        ("lhr-jfk one-way X-LHR NON-STOP ABC-DEFG", ["lhr-jfk", "one-way", "X-LHR", "NON-STOP", "ABC-DEFG"]),
        ("Coeur d'Alene", ["Coeur", "d'Alene"]),
        ("St. Louis", ["St.", "Louis"]),
        ("Butte, MT.", ["Butte", ",", "MT", "."]),
        ("🇹🇼✈️ 👨‍👩‍👧 👍🏽!", ["🇹🇼", "✈️", "👨‍👩‍👧", "👍🏽", "!"]),
        ("the best. Louis", ["the", "best", ".", "Louis"]),
        ("U.S.A.", ["U.S.A."]),
        ("ok.I want", ["ok", ".", "I", "want"]),
        ("don't stop!", ["don't", "stop", "!"]),
        ('(Paris) "Rome"', ["(", "Paris", ")", '"', "Rome", '"']),
        ("hello...", ["hello", ".", ".", "."]),
        ("New York—London", ["New", "York", "—", "London"]),
        ("a--b", ["a", "-", "-", "b"]),
        ("#1 @home A&B", ["#", "1", "@", "home", "A", "&", "B"]),
        ("✈ to 🗼", ["✈", "to", "🗼"]),
        ("שלום, תל אביב", ["שלום", ",", "תל", "אביב"]),
        ("سفر إلى دبي", ["سفر", "إلى", "دبي"]),
        ("दिल्ली से मुंबई", ["दिल्ली", "से", "मुंबई"]),
        ("Bogota\u0301 Zu\u0308rich", ["Bogota\u0301", "Zu\u0308rich"]),
        ("İstanbul", ["İstanbul"]),
        ("what's tomorrow's first flight", ["what's", "tomorrow", "'s", "first", "flight"]),
        ("IT’S MONDAY’S flight from O'Hare's", ["IT’S", "MONDAY", "’s".upper(), "flight", "from", "O'Hare", "'s"]),
        ("'s-Hertogenbosch and King's Cross", ["'", "s-Hertogenbosch", "and", "King", "'s", "Cross"]),
        ("東京、大阪", ["東京", "、", "大阪"]),
        ("２月３日", ["２月３日"]),
        ("\x00", []),
        ("to\x00Rome", ["to", "Rome"]),
        ("to\u200bRome", ["to", "Rome"]),
        ("to\u2028Rome\u00a0now", ["to", "Rome", "now"]),
        ("\ufeffRome", ["Rome"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),  # a joiner within a word is part of it
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokenize(text)] == expected


def test_tokens_of_atis_stay_as_they_are(shared_data: Path) -> None:
    sentences = [
        line.strip()
        for split in ("train", "dev", "test")
        for line in (shared_data / "atis" / split / "seq.in").read_text(encoding="utf-8").splitlines()
    ]
    assert len(sentences) == 5871
    # but for possessives, which are one token there: `atlanta's airport`
    changed = [s for s in sentences if [token.text for token in tokenize(s)] != s.split()]
    assert {word for s in changed for word in s.split() if word.endswith("'s") and len(tokenize(word)) == 2} == {
        f"{name}'s" for name in ["york", "delta", "atlanta", "american", "sunday", "friday", "one", "wednesday"]
    }
    assert len(changed) == 16


@given(st.text(min_size=1))
def test_fold_is_idempotent_and_leaves_something(word: str) -> None:
    folded = fold(word)
    assert folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Taipei", "taipei"),
        ("ZÜRICH", "zurich"),
        ("Bogota\u0301", "bogota"),
        ("Bogotá", "bogota"),
        ("İstanbul", "istanbul"),
        ("Straße", "strasse"),
        ("O’Hare", "o'hare"),
        ("6:30pm", "0:00pm"),
        ("２日", "0日"),
        ("١٢", "00"),
        ("\u0301", "\u0301"),  # nothing but an accent
    ],
)
def test_fold(word: str, expected: str) -> None:
    assert fold(word) == expected
