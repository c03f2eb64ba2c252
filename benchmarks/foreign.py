"""How often the travel model says that a sentence is not in English, of English sentences and of others.

    python -m benchmarks.foreign --shared ../shared/data

English: data/travel and the sets in the folder of shared data. Other languages: benchmarks/foreign.tsv (travel, written
for this by hand) and xSID 0.7, validation part (van der Goot et al. 2021). The weights of slotfill/languages.py were
chosen on every second sentence; printed are the shares of the others, among foreign ones those of four words or more,
and what the look at each sentence costs. A last table has the sentences whose dates and times would be null, all of
them, whatever a model has learnt.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated
from unittest.mock import patch

import typer

from benchmarks.documents import table
from slotfill import Tagger, read_data
from slotfill.languages import Languages, other_language, script_of, small_words
from slotfill.resolvers.context import Sentence
from slotfill.schema import Annotation, Example, Slot
from slotfill.slot_names import frame_part_of
from slotfill.tagger import find_bundle
from slotfill.tags import char_span, spans_of

_HERE = Path(__file__).parent
_NAMES = {
    "es": "Spanish", "de": "German", "fr": "French", "it": "Italian", "pt": "Portuguese", "nl": "Dutch",
    "tr": "Turkish", "vi": "Vietnamese", "id": "Indonesian or Malay", "pl": "Polish", "sv": "Swedish", "cs": "Czech",
    "da": "Danish or Norwegian", "fi": "Finnish", "ro": "Romanian", "hu": "Hungarian", "tl": "Tagalog",
    "sw": "Swahili", "hr": "Croatian or Serbian", "ca": "Catalan", "et": "Estonian", "lv": "Latvian",
    "ru": "Russian", "el": "Greek", "ar": "Arabic",
    "he": "Hebrew", "th": "Thai", "ja": "Japanese", "zh": "Chinese", "ko": "Korean", "hi": "Hindi",
    "ka": "Georgian", "hy": "Armenian",
}  # fmt: skip
_SHORTEST = 4  # words of a foreign sentence that must be told
_FEW = 2  # sentences of a script, all of which are counted: nothing was chosen on them


def main(shared: Annotated[Path, typer.Option()] = Path("../shared/data"), rounds: int = 5) -> None:
    """Print the tables."""
    bundle = find_bundle("travel")  # without the one that it hands Chinese to
    config = bundle.config._replace(model=bundle.config.model._replace(elsewhere=""))
    tagger = Tagger.of(bundle._replace(config=config))
    alarms = _counter(tagger)
    rows = [[name, *alarms(texts[1::2])] for name, texts in english(shared)]
    _print(("English", "sentences", "said to be foreign"), rows)
    written: dict[str, list[str]] = {}
    for line in (_HERE / "foreign.tsv").read_text(encoding="utf-8").splitlines():
        code, text = line.split("\t")
        written.setdefault(code, []).append(text)
    listed = [code for code in written if _NAMES[code] in small_words()]
    others = [code for code in written if code not in listed and not _is_other_script(written[code][0])]
    scripts = [code for code in written if code not in listed and code not in others]
    for title, codes in (("with a list of words", listed), ("without", others), ("another script", scripts)):
        some = [(_NAMES[code], _long(written[code])) for code in codes]
        rows = [[name, *alarms(texts[1::2] if len(texts) > _FEW else texts)] for name, texts in some]
        _print((f"travel, by hand: {title}", "sentences", "told"), rows)
    xsid = sorted((shared / "xsid").glob("*.jsonl"))
    _print(("xSID", "sentences", "told"), [[_NAMES[path.stem], *alarms(_long(_jsonl([path]))[1::2])] for path in xsid])
    _print(
        ("dates and times null", "sentences", "told"),
        list(_unread(shared, chain.from_iterable(written[code] for code in listed))),
    )
    texts = [text for name, own in english(shared) if name != "SNIPS" for text in own[::20]]
    typer.echo(f"cost of tagging with the look at each sentence, without it = 1: {_cost(tagger, texts, rounds):.3f}")


def english(shared: Path) -> Iterable[tuple[str, list[str]]]:
    """Different sentences of each English set, by its name."""
    for part, examples in read_data("travel").splits.items():
        yield f"travel, {part}", _different(example.text for example in examples)
    for name, label in (("atis", "ATIS"), ("snips", "SNIPS")):
        parts = read_data(str(shared / name)).splits.values()
        yield label, _different(example.text for example in chain.from_iterable(parts))
    for name in ("sgd", "multiwoz", "multidogo", "msr_taxi"):
        yield name, _different(_jsonl(sorted((shared / name).glob("*.jsonl"))))
    for path in sorted((shared / "raw").glob("*.txt")):
        yield f"raw: {path.stem}", _different(path.read_text(encoding="utf-8").splitlines())


def _unread(shared: Path, foreign: Iterable[str]) -> Iterable[tuple[str, str, str]]:
    """For English data with slots and foreign texts: sentences, and in how many dates and times are null for that."""
    for name in ("travel", "travel-zh", *(str(shared / name) for name in ("atis", "sgd", "multiwoz", "msr_taxi"))):
        examples = [*chain.from_iterable(read_data(name).splits.values())]
        told = sum(_language(example) is not None for example in examples)
        yield Path(name).name, str(len(examples)), str(told)
    texts = [*foreign]
    told = sum(other_language(text) is not None for text in texts)
    yield "travel in other languages, by hand", str(len(texts)), str(told)


def _language(example: Example) -> str | None:
    """The language for which the dates and times of a sentence are null; None if it has none of them."""
    spans = [(*char_span(example.tokens, start, end), name) for start, end, name in spans_of(example.tags)]
    slots = tuple([Slot(name, example.text[start:end], start, end, 1.0) for start, end, name in spans])
    parts = [part.part for slot in slots if (part := frame_part_of(slot.name))]
    annotation = Annotation(example.text, example.tokens, example.tags, slots, None)
    return Sentence(annotation, range(len(slots)), 2026).language if {*parts} & {"date", "time"} else None


def _jsonl(paths: Iterable[Path]) -> list[str]:
    return [json.loads(line)["text"] for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def _different(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text.strip()]


def _is_other_script(text: str) -> bool:
    return script_of(next(filter(str.isalpha, text))) != script_of("a")


def _long(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if len(text.split()) >= _SHORTEST or _is_other_script(text)]


def _print(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    typer.echo(table(titles, [*rows, ["all", *_sums(rows)]]) + "\n")


def _counter(tagger: Tagger) -> Callable[[Sequence[str]], tuple[str, str]]:
    def count(texts: Sequence[str]) -> tuple[str, str]:
        return str(len(texts)), str(sum(found.note is not None for found in tagger.annotate(texts)))

    return count


def _sums(rows: Sequence[Sequence[str]]) -> tuple[str, str]:
    sentences, told = (sum(int(row[column]) for row in rows) for column in (1, 2))
    return str(sentences), f"{told} ({100 * told / max(1, sentences):.3g} %)"


def _cost(tagger: Tagger, texts: Sequence[str], rounds: int) -> float:
    """The ratio of the least times of several rounds, one sentence at a time."""
    look = Languages.note
    least: dict[str, float] = {}
    for _ in range(rounds):
        for name, note in (("with", look), ("without", lambda *_: None)):
            with patch.object(Languages, "note", note):
                begin = time.process_time()
                for text in texts:
                    tagger.tag([text])
                least[name] = min(least.get(name, float("inf")), time.process_time() - begin)
    return least["with"] / least["without"]


if __name__ == "__main__":
    typer.run(main)
