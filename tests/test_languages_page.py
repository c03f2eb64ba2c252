"""The steps of docs/languages.md that lead to a model of another language, followed in an empty folder."""

import re
import shlex
from pathlib import Path

import pytest

from slotfill.cli import main
from slotfill.tagger import find_bundle

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "languages.md").read_text(encoding="utf-8").partition("## Another language")[2]
FILE = re.compile(r"`([\w/]+\.(?:txt|markup))`[^`]*?\n\n?```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def exit_code() -> object:
    try:
        main()
    except SystemExit as ended:
        return ended.code
    return 0


def test_the_steps_lead_to_a_tagger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in FILE.findall(PAGE):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(content, encoding="utf-8")
    assert len(list(Path("grammar/lexicons").iterdir())) == 4
    (commands,) = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    for command in commands.splitlines():
        monkeypatch.setattr("sys.argv", shlex.split(command))
        assert not exit_code(), capsys.readouterr().err
    arriving, leaving = [line for line in capsys.readouterr().out.splitlines() if '"Taipeh"' in line]
    assert "toloc.city_name" in arriving
    assert "fromloc.city_name" in leaving
    model = find_bundle("models/travel-de").config.model
    assert (model.tokenizer, model.folding) == ("slotfill", "accented")
