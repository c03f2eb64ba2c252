import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.config import ModelConfig
from slotfill.schema import Example
from slotfill.tokenizer import tokenize
from slotfill.tokenizer_fit import best_fit, fit_of
from slotfill.tokenizers import TOKENIZERS, tokenizer_named


def texts(tokenizer: str, text: str) -> list[str]:
    return [token.text for token in tokenizer_named(tokenizer)(text)]


def example_of(text: str, tokenizer: str) -> Example:
    tokens = tokenizer_named(tokenizer)(text)
    return Example(text, tokens, ("O",) * len(tokens))


@pytest.mark.parametrize("name", TOKENIZERS)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_tokens_are_pieces_of_the_text_in_order(name: str, text: str) -> None:
    end = 0
    for token in tokenizer_named(name)(text):
        assert token.text == text[token.start : token.end]
        assert end <= token.start < token.end
        end = token.end


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


def test_every_tokenizer_can_be_set() -> None:
    choices = ModelConfig.__annotations__["tokenizer"].__metadata__
    assert choices == ("auto", *TOKENIZERS)


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
