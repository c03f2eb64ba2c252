"""Tries an installed slotfill as its users get it: `python tests/smoke.py`, by the Python that it is installed for.

It is no test of pytest's, since it runs where nothing but the wheel and what it asks for is installed: bare, or with
the lowest versions that are allowed (.ci/package). Extras that are missing must say so.
"""

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

TEXT = "arrive Taipei on November 2nd"


def main() -> None:
    """Run all commands in an empty folder; the first that does not do what it should ends it."""
    with tempfile.TemporaryDirectory() as folder:
        for command in _commands():
            _run(*command, "--help", folder=folder)
        for attempt in (try_tagging, try_models, try_data):
            attempt(folder)
        for extra, module, attempt in (
            ("plots", "matplotlib", try_plots),
            ("serve", "uvicorn", try_serve),
            ("train", "torch", try_train),
        ):
            if find_spec(module):
                attempt(folder)
            else:
                try_without(extra, folder)


def try_tagging(folder: str) -> None:
    """One sentence, a pipe, Chinese, and two lines of a file in bulk."""
    (answer,) = _json(_run("tag", TEXT, folder=folder))
    assert answer["frame"]["arrival"]["place"]["value"] == "Taipei", answer
    answers = _json(_run("tag", folder=folder, text=f"{TEXT}\n\n11月2日到達台北\n"))
    assert [len(one["slots"]) > 0 for one in answers] == [True, False, True], answers
    Path(folder, "two.txt").write_text(f"{TEXT}\nleave Taipei\n", encoding="utf-8")
    _run("bulk", "two.txt", "out", folder=folder)
    parts = sorted(Path(folder, "out").glob("*.jsonl"))
    assert sum(len(part.read_text(encoding="utf-8").splitlines()) for part in parts) == 2, parts


def try_models(folder: str) -> None:
    """The shipped models are there, and whole."""
    for model in ("travel", "travel-zh", "tiny-lstm"):
        assert model in _run("models", "list", folder=folder)
        assert _run("models", "show", model, folder=folder).startswith("#")


def try_data(folder: str) -> None:
    """The shipped data can be read, scored and converted."""
    scores = json.loads(_run("eval", "--data", "travel", "--format", "json", folder=folder))
    assert scores["f1"] > 0.9, scores
    _run("data", "check", "travel", folder=folder)
    _run("data", "convert", "travel", "copy", folder=folder)
    assert Path(folder, "copy", "test.jsonl").is_file()


def try_plots(folder: str) -> None:
    """A picture of the gates."""
    _run("explain", TEXT, "--plot", "gates.png", folder=folder)
    assert Path(folder, "gates.png").read_bytes().startswith(b"\x89PNG")


def try_serve(folder: str) -> None:
    """One request of the service."""
    command = [sys.executable, "-m", "slotfill", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as server:
        assert server.stderr is not None
        try:
            address = next(word for word in server.stderr.readline().split() if word.startswith("http"))
            request = urllib.request.Request(
                f"{address}/tag",
                data=json.dumps({"text": TEXT}).encode(),
                headers={"Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                assert json.load(answer)["slots"]
        finally:
            server.terminate()


def try_train(folder: str) -> None:
    """One epoch."""
    _run("train", "--data", "travel", "--set", "training.epochs=1", "--set", "model.hidden=8", folder=folder)


def try_without(extra: str, folder: str) -> None:
    """The command that needs an extra names what installs it."""
    command = {"plots": ["explain", TEXT, "--plot", "x.png"], "serve": ["serve"], "train": ["train"]}[extra]
    done = subprocess.run(
        [sys.executable, "-m", "slotfill", *command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done
    assert f'"slotfill[{extra}]"' in done.stderr, done.stderr


def _commands() -> Iterator[tuple[str, ...]]:
    """Every command of the program, with the words that lead to it."""
    import typer

    from slotfill.cli.app import app

    def below(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        yield path
        for name, child in getattr(command, "commands", {}).items():
            yield from below(child, (*path, name))

    return below(typer.main.get_command(app), ())


def _run(*words: str, folder: str, text: str | None = None) -> str:
    """What a command prints; an error with its words if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "slotfill", *words],
        cwd=folder,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    if done.returncode or "Traceback" in done.stderr:
        sys.exit(f"slotfill {' '.join(words)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def _json(lines: str) -> list[Any]:
    return [json.loads(line) for line in lines.splitlines()]


if __name__ == "__main__":
    main()
