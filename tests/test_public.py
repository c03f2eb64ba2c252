"""What `import slotfill` gives, and what it costs."""

import doctest
import pickle
import pydoc
import re
import subprocess
import sys
from html import escape, unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import slotfill
from slotfill import errors

HEAVY = {"numpy", "torch", "typer", "rich", "safetensors", "datasets", "seqeval", "sklearn", "pandas"}


def loaded_by(code: str) -> set[str]:
    """The heavy packages that a fresh Python has loaded after running this."""
    listing = "import sys; print(*sys.modules)"
    command = [sys.executable, "-W", "error", "-c", f"{code}\n{listing}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return HEAVY & set(done.stdout.split())


def test_the_public_names() -> None:
    assert slotfill.__all__ == [
        "Alternative",
        "Annotation",
        "BundleError",
        "Change",
        "Checked",
        "Config",
        "ConfigError",
        "Conflict",
        "DataError",
        "DataWarning",
        "Dataset",
        "DateValue",
        "Dialogue",
        "EpochReport",
        "Example",
        "Explanation",
        "Frame",
        "GoldValues",
        "InputError",
        "Intent",
        "Leg",
        "Merged",
        "MissingExtraError",
        "PlaceValue",
        "Scores",
        "Slot",
        "SlotValue",
        "SlotfillError",
        "Suspect",
        "Suspects",
        "Tagger",
        "TimeValue",
        "Token",
        "Trained",
        "Turn",
        "__version__",
        "check_data",
        "evaluate",
        "explain",
        "find_suspects",
        "load",
        "merge_data",
        "parse_markup",
        "read_data",
        "read_records",
        "split_data",
        "train",
    ]


NAMES = [name for name in slotfill.__all__ if name != "__version__"]


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_what_its_home_has(name: str) -> None:
    found = getattr(slotfill, name)
    assert found.__name__ == name
    assert found.__module__.startswith("slotfill")
    assert name in dir(slotfill)


@pytest.mark.parametrize("name", NAMES)
def test_each_docstring_has_an_example_that_holds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent.parent)
    public = {name: getattr(slotfill, name) for name in NAMES}
    tests = doctest.DocTestFinder().find(public[name], name, globs=public)
    assert next(test for test in tests if test.name == name).examples
    runner = doctest.DocTestRunner(verbose=False)
    report: list[str] = []
    for test in tests:
        runner.run(test, out=report.append)
    assert not runner.failures, "".join(report)


def test_the_version_is_that_of_the_package() -> None:
    assert slotfill.__version__ == version("slotfill")
    assert loaded_by("import slotfill; slotfill.__version__") == set()


def test_every_error_is_exported() -> None:
    tree = {name for name, found in vars(errors).items() if isinstance(found, type) and issubclass(found, Exception)}
    assert tree <= set(slotfill.__all__)
    raised = tree - {"DataWarning"}
    assert all(issubclass(getattr(errors, name), slotfill.SlotfillError) for name in raised)


# --- results ---------------------------------------------------------------------------------------

TEXT = "fly to <b>Rome</b> & back"
SLOT = slotfill.Slot("toloc.city_name", "Rome", 10, 14, 0.9)


def annotation(text: str, *slots: slotfill.Slot) -> slotfill.Annotation:
    return slotfill.Annotation(text, (), (), slots, slotfill.Intent("flight", 0.9))


def test_results_are_no_tuples() -> None:
    bare: object = ("toloc.city_name", "Rome", 10, 14, 0.9)
    assert bare != SLOT
    assert slotfill.Slot("toloc.city_name", "Rome", 10, 14, 0.9) == SLOT
    results: list[object] = [SLOT, slotfill.Token("a", 0, 1), slotfill.Leg(), slotfill.Frame(), annotation(TEXT)]
    for found in results:
        assert not isinstance(found, tuple)
        assert not hasattr(found, "__dict__")
        assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("result", [SLOT, slotfill.Leg(), slotfill.Frame(), annotation(TEXT, SLOT)])
def test_results_are_frozen(result: Any) -> None:
    with pytest.raises(AttributeError):
        setattr(result, result.__match_args__[0], None)


def test_only_a_leg_with_something_in_it_is_true() -> None:
    time = slotfill.TimeValue("noon", "12:00", (0,))
    assert not slotfill.Leg()
    assert slotfill.Leg(time=time)
    frame = slotfill.Frame(return_=slotfill.Leg(time=time), stops=(slotfill.Leg(),))
    assert [name for name, _ in frame.items()] == ["return", "stop"]
    assert (time.kind, slotfill.DateValue("x", None, ()).kind) == ("time", "date")


def test_dir_and_help_show_what_is_meant_to_be_used() -> None:
    assert dir(slotfill) == slotfill.__all__
    assert dir(slotfill.Slot) == ["confidence", "end", "name", "replace", "start", "text", "to_dict"]
    results = ("Slot", "Intent", "Leg", "Frame", "Annotation", "PlaceValue", "DateValue", "TimeValue", "Alternative")
    for name in results:
        assert len(pydoc.render_doc(getattr(slotfill, name)).splitlines()) <= 55, name
    head = pydoc.plain(pydoc.render_doc(slotfill)).split("PACKAGE CONTENTS")[0]
    assert "tagger.tag(" in head
    assert len(head.splitlines()) <= 24


def test_a_result_shows_what_it_knows() -> None:
    time = slotfill.TimeValue("at 6", None, (0,), alternatives=("06:00", "18:00"))
    shown = repr(slotfill.Frame(arrival=slotfill.Leg(time=time)))
    assert shown == (
        "Frame(arrival=Leg(time=TimeValue(text='at 6', value=None, slots=(0,), alternatives=('06:00', '18:00'))))"
    )


def test_an_annotation_is_shown_as_a_short_sentence() -> None:
    found = annotation(TEXT, SLOT)
    assert repr([found, annotation("")]) == (
        "[Annotation('fly to <b>[Rome](toloc.city_name)</b> & back', intent='flight'), Annotation('', intent='flight')]"
    )
    assert len(repr(annotation("word " * 10_000))) < 200


def test_a_notebook_shows_a_coloured_sentence() -> None:
    html = annotation(TEXT, SLOT)._repr_html_()
    assert "toloc.city_name" in html
    assert "flight" in html
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
    assert "background: #" in html
    assert "; color: #" in html  # both are set, so that it can be read on any page
    assert "<style" not in html


def test_a_notebook_runs_nothing_that_a_text_says() -> None:
    evil = "<script>alert('x')</script>"
    slot = slotfill.Slot(f'"{evil}', evil, 0, len(evil), 1.0)
    html = annotation(f"{evil} {evil}", slot)._repr_html_()
    assert "<script" not in html
    assert "'" not in html


@given(st.text(max_size=30), st.lists(st.integers(0, 30), max_size=6))
def test_a_notebook_shows_the_whole_text_with_each_slot_in_its_place(text: str, cuts: list[int]) -> None:
    edges = sorted({cut for cut in cuts if cut <= len(text)})
    slots = [slotfill.Slot("toloc", text[a:b], a, b, 1.0) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    html = slotfill.Annotation(text, (), (), tuple(slots), None)._repr_html_()
    inside = [unescape(piece) for piece in re.findall(r"<span [^>]*>(.*?) <small", html, re.DOTALL)]
    assert inside == [slot.text for slot in slots]
    plain = re.sub(r"<[^>]*>", "", re.sub(r" <small.*?</small>", "", html, flags=re.DOTALL))
    assert unescape(plain) == unescape(escape(text))


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(slotfill, "no_such_name")
    with pytest.raises(AttributeError, match=r"'slotfill' has no attribute 'taggr'"):
        _ = slotfill.taggr


def test_star_import_gives_the_public_names() -> None:
    names: dict[str, object] = {}
    exec("from slotfill import *", names)  # the only way to say it inside a function
    assert names.keys() - {"__builtins__"} == set(slotfill.__all__)


def test_all_errors_are_slotfill_errors() -> None:
    with pytest.raises(slotfill.SlotfillError, match="no-such-model"):
        slotfill.load("no-such-model")


def test_importing_slotfill_loads_nothing_heavy() -> None:
    assert loaded_by("import slotfill") == set()
    assert loaded_by("import numpy") == {"numpy"}  # the listing works


def test_importing_the_tagger_loads_little() -> None:
    assert loaded_by("import slotfill.tagger") - {"safetensors"} == set()
    assert loaded_by("from slotfill import Tagger") - {"safetensors"} == set()
