import re
import shutil
from pathlib import Path

from tests.cli.conftest import Run

SMALL = Path(__file__).parent.parent / "golden" / "model"


def test_list(slotfill: Run) -> None:
    shutil.copytree(SMALL, "models/small")
    shutil.copytree(SMALL, "models/broken")
    Path("models/broken/config.json").write_text("{", encoding="utf-8")
    Path("models/no-model").mkdir()
    code, out, err = slotfill("models", "list")
    assert code == 0
    assert "travel" in out
    assert "small" in out
    assert err.startswith(f"warning: {Path('models/broken/config.json')}: expected")  # what is wrong with it
    assert err.count("\n") == 1
    assert "no-model" not in out
    assert "…" not in out  # travel has learnt from data sets with long names


def test_a_card_is_shown_without_what_a_terminal_obeys(slotfill: Run) -> None:
    shutil.copytree(SMALL, "models/small")
    Path("models/small/README.md").write_text("# \x9b31mred\n", encoding="utf-8")  # click removes ESC in a pipe
    assert slotfill("models", "show", "small") == (0, "# \ufffd31mred\n", "")


def test_list_has_what_ships_beside_a_folder_of_that_name(slotfill: Run) -> None:
    Path("models/travel").mkdir(parents=True)
    _, out, _ = slotfill("models", "list")
    assert "bilstm" in out


def test_a_model_with_the_name_of_one_that_ships_is_told_of_and_listed_by_its_path(slotfill: Run) -> None:
    shutil.copytree(SMALL, "models/tiny-lstm")
    shipped = slotfill("tag", "to rome", "--model", "tiny-lstm", "--format", "markup")
    note = "note: tiny-lstm is the model that ships; the one here is models/tiny-lstm: type that for it\n"
    assert (shipped[0], shipped[2]) == (0, note)
    assert slotfill("tag", "to rome", "--model", "models/tiny-lstm", "--format", "markup")[2] == ""
    assert slotfill("models", "show", "tiny-lstm")[2] == note
    _, out, err = slotfill("models", "list")
    assert err == ""
    assert re.search(r"^ *models/tiny-lstm +lstm 1 x 9 ", out, re.MULTILINE), out
    assert re.search(r"^ *tiny-lstm +lstm", out, re.MULTILINE), out


def test_show(slotfill: Run) -> None:
    code, out, err = slotfill("models", "show", str(SMALL))
    assert (code, err) == (0, "")
    assert out == (SMALL / "README.md").read_text(encoding="utf-8").rstrip() + "\n"


def test_show_of_a_model_that_is_not_there(slotfill: Run) -> None:
    Path("models/compare/lstm-1").mkdir(parents=True)  # a folder that holds models is none
    code, out, err = slotfill("models", "show", "nowhere")
    assert (code, out) == (1, "")
    assert err == (
        "error: no model 'nowhere' "
        "(known by name: tiny-elman, tiny-feedforward, tiny-jordan, tiny-lstm, travel, travel-zh)\n"
    )
