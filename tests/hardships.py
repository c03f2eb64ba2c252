"""Commands in a hard life: `python -m tests.hardships kill|interrupt|full|nearly-full|read-only|... CASE...`.

A process of its own that imports everything once, and forks for each try. With `kill` and `interrupt` the child ends
just before its n-th change of the disk (a file opened for writing or removed, a folder made, a rename), for n = 1, 2,
... until it is done before: by SIGKILL, or by the KeyboardInterrupt of Ctrl-C and SIGTERM. Then everything must be old
or new, and the same command again must end well and leave nothing hidden. With the other hardships the command must do
its work, or say in one line why it cannot and change nothing. What went wrong is printed, a line of JSON a case.
"""

import json
import os
import re
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from slotfill.bundle import is_bundle, read, weights_digest
from slotfill.cli import console, main
from slotfill.errors import InputError
from slotfill.files import tidy
from slotfill.locks import UNFINISHED

GOLDEN = Path(__file__).parent / "golden"
MODEL = str(GOLDEN / "model")
SMALL = [
    word
    for setting in ("model.hidden=4", "model.word_size=4", "model.character_filters=0", "training.epochs=2")
    for word in ("--set", setting)
]
INTERRUPTED = 130
AGAIN = 4  # after each such kill the command runs again

State = dict[str, Any]


class Case(NamedTuple):
    """One command."""

    prepare: Callable[[], None]  # makes the files in the working folder that the command needs
    run: Callable[[], None]
    state: Callable[[], State]  # what must be old or new, by itself
    again: Callable[[], None] | None = None  # what one types after a kill, if not the same


def command(*arguments: str) -> Callable[[], None]:
    """A command line; an error of it is an error."""

    def run() -> None:
        sys.argv = ["slotfill", *arguments]
        try:
            main()
        except SystemExit as stop:
            if stop.code:
                raise

    return run


# --- cases -----------------------------------------------------------------------------------------


def toy() -> None:
    """A data set in three parts, a text, and folders for results."""
    Path("toy").mkdir()
    for split, cities in (("train", ("oslo", "rome", "lima")), ("dev", ("oslo", "quito")), ("test", ("rome", "riga"))):
        lines = [f"i {verb} [{city}]({verb}.city)\n" for city in cities for verb in ("reach", "leave")]
        Path(f"toy/{split}.markup").write_text("".join(lines), encoding="utf-8")
    Path("texts.txt").write_text("to oslo\nto rome\n\nfrom lima\nto riga\n", encoding="utf-8")


def clone() -> None:
    """A clone of the repository that has ATIS."""
    for split in ("train", "valid", "test"):
        folder = Path("clone/data/atis", split)
        folder.mkdir(parents=True)
        for file, line in (("seq.in", f"{split} rome"), ("seq.out", "O B-city"), ("label", "atis_flight")):
            (folder / file).write_text(f"{line}\n", encoding="utf-8")


def old_files(*names: str) -> Callable[[], None]:
    """The toy, and files that are there already."""

    def prepare() -> None:
        toy()
        for name in names:
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text('{"text": "old", "slots": []}\n', encoding="utf-8")

    return prepare


def conversation() -> None:
    Path("c.json").write_text("{}", encoding="utf-8")


def files(*names: str) -> Callable[[], State]:
    """Files, each by itself."""
    return lambda: {name: Path(name).read_bytes() if Path(name).exists() else None for name in names}


def together(*names: str) -> Callable[[], State]:
    """Files that are written together, as whoever reads them next finds them."""

    def state() -> State:
        tidy(Path(names[0]).parent)
        return {"all": {name: Path(name).read_bytes() if Path(name).exists() else None for name in names}}

    return state


def models(*names: str) -> Callable[[], State]:
    """Whole models by their weights, and whole checkpoints beside them."""

    def state() -> State:
        from slotfill.training.checkpoint import Checkpoint

        for checkpoint in Path().glob("**/*.checkpoint"):
            if UNFINISHED in str(checkpoint):
                continue
            try:
                Checkpoint(checkpoint, "").read()
            except InputError as error:
                if "belongs to" not in str(error):
                    raise
        return {name: weights_digest(name) if is_bundle(name) and read(name) else None for name in names}

    return state


def old_model(name: str) -> Callable[[], None]:
    def prepare() -> None:
        toy()
        shutil.copytree(MODEL, name)

    return prepare


def review() -> None:
    """What a person decides: one sentence, one put off, one taken back, and the rest."""
    from slotfill.reviewing.session import begin
    from slotfill.tagger import Tagger

    with console.errors_reported():
        session = begin("texts.txt", Path("out.jsonl"), tagger=Tagger.load(MODEL), order="file", on_note=print)
        try:
            while session.current is not None and session.draft is not None and session.done < session.total:
                session.accept(session.draft)
        finally:
            session.close()


def reviewed() -> State:
    """Whole lines, and those from the first on."""
    from slotfill.readers import load

    if not Path("out.jsonl").exists() or not Path("out.jsonl").read_bytes():
        return {}
    texts = [example.text for split in load("out.jsonl").splits.values() for example in split]
    wanted = ["to oslo", "to rome", "from lima", "to riga"]
    assert texts == wanted[: len(texts)], texts
    return {}


def page() -> State:
    """Whether a page, which has the time in it, is whole, and whether it and the list beside it are the old ones."""
    tidy(Path())
    texts = [Path(name).read_text(encoding="utf-8") for name in ("r.html", "e.txt")]
    return {
        "whole": texts[0].endswith(("}\n", "</html>\n")),
        "old": [text.startswith('{"text": "old"') for text in texts],
    }


def parts() -> State:
    return {path.name: path.read_bytes() for path in Path("tagged").glob("part-*")} if Path("tagged").exists() else {}


def in_pieces() -> None:
    """Data sets of one piece each, and old parts."""
    old_files(*SPLITS)()
    for name in ("toy", "other"):
        lines = [f"{name} to [{letter * 3}](city)\n" for letter in "abcdefgh"]
        Path(f"{name}.markup").write_text("".join(lines), encoding="utf-8")


def scored() -> None:
    """Sentences with a slot of the model, and old files."""
    old_files("r.html", "e.txt")()
    Path("own.markup").write_text("on [friday](depart_date.day_name)\non monday\n", encoding="utf-8")


def vectors() -> None:
    """Word vectors as they come, and those that were made of others."""
    toy()
    Path("glove.txt").write_text(f"rome {'0.5 ' * 24}0.5\n" * 200, encoding="utf-8")
    Path("v.txt").write_text("old", encoding="utf-8")


def begun() -> None:
    """`init` after a kill: what is there is never replaced."""
    tidy(".")
    if not Path("own").exists():
        command("init", "own")()


def interrupted(*arguments: str) -> Callable[[], None]:
    """`train` after a kill: --resume goes on, from the beginning if no epoch was whole."""

    def run() -> None:
        command("train", *arguments, "--resume")()

    return run


OVER = ["--overwrite"]
TRAIN = ["--data", "toy", "--output", "m", "--quiet", *SMALL]
SPLITS = [f"made/{split}.jsonl" for split in ("train", "dev", "test")]
NOW = ["--now", "2026-11-20T09:00"]
CASES = {
    "train": Case(toy, command("train", *TRAIN), models("m"), interrupted(*TRAIN)),
    "train-over": Case(old_model("m"), command("train", *TRAIN, "--overwrite"), models("m")),
    "compare": Case(
        toy,
        command("compare", "--data", "toy", "--cells", "elman,jordan", "-o", "nets", "--report", "r.md", *SMALL, *OVER),
        models("nets/elman-1", "nets/jordan-1"),
    ),
    "folds": Case(
        toy, command("eval", "--folds", "2", "--data", "toy", "--checkpoint", "kept", "--quiet", *SMALL), models()
    ),
    "bulk": Case(
        toy, command("bulk", "texts.txt", "tagged", "-m", MODEL, "--part-rows", "2", "--jobs", "1", "-q", *NOW), parts
    ),
    "review": Case(toy, review, reviewed),
    "get": Case(
        clone,
        command("data", "get", "atis", "--from", "clone", "--output", "made"),
        together(*SPLITS),
        command("data", "get", "atis", "--from", "clone", "--output", "made", "--overwrite"),
    ),
    "convert": Case(
        old_files(*SPLITS), command("data", "convert", "toy", "made", "--overwrite"), together(*SPLITS)
    ),
    "generate": Case(
        old_files("made/all.jsonl"),
        command("data", "generate", "-n", "3", "--output", "made/all.jsonl", "--overwrite"),
        files("made/all.jsonl"),
    ),
    "export": Case(
        old_files("m.onnx", "m.onnx.json"),
        command("export", MODEL, "--to", "onnx", "--output", "m.onnx", "--overwrite"),
        together("m.onnx", "m.onnx.json"),
    ),
    "eval": Case(
        scored,
        command("eval", "-m", MODEL, "--data", "own.markup", "--report=r.html", "--errors=e.txt", "--quiet", *OVER),
        page,
    ),
    "split": Case(in_pieces, command("data", "split", "toy.markup", "made", *OVER), together(*SPLITS)),
    "merge": Case(
        in_pieces,
        command("data", "merge", "toy.markup", "other.markup", "made/all.jsonl", *OVER),
        files("made/all.jsonl"),
    ),
    "vectors": Case(
        vectors,
        command("vectors", "get", "glove.twitter.27B.25d", "--from", "glove.txt", "--output", "v.txt", *OVER),
        files("v.txt"),
    ),
    "init": Case(toy, command("init", "own"), together("own/recipe.toml", "own/README.md"), begun),
    "tag": Case(
        old_files("o.jsonl"),
        command("tag", "-m", MODEL, "-i", "texts.txt", "-o", "o.jsonl", "--overwrite", *NOW),
        files("o.jsonl"),
    ),
    "context": Case(
        conversation,
        command("tag", "to Oslo tomorrow", "--context", "c.json", *NOW),
        lambda: {"c": isinstance(json.loads(Path("c.json").read_bytes()), dict)},
    ),
    "plot": Case(
        old_files("p.svg"),
        command("explain", "to rome", "-m", MODEL, "--plot", "p.svg", "--overwrite", *NOW),
        files("p.svg"),
    ),
}  # fmt: skip


# --- children --------------------------------------------------------------------------------------


class Ended(NamedTuple):
    """How a child ended: 1 for an error, 130 for an interrupt, negative for a signal; and what it said on stderr."""

    code: int
    said: str


def forked(run: Callable[[], None], hardship: Callable[[], object] = lambda: None) -> Ended:
    """Run in a child, after what makes it hard."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(writing, 2)
        sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115  # descriptors
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
        try:
            hardship()
            run()
            code: object = 0
        except KeyboardInterrupt:
            code = INTERRUPTED
        except SystemExit as stop:
            code = stop.code or 0
        except BaseException:
            import traceback

            os.write(writing, traceback.format_exc().encode(errors="replace"))
            code = 1
        os._exit(code if isinstance(code, int) else 1)
    os.close(writing)
    with open(reading, "rb") as stream:  # noqa: PTH123  # a descriptor
        said = stream.read().decode()
    return Ended(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said)


STEP = int(os.environ.get("HARDSHIPS_STEP", "1"))  # the suite takes every third change, a release all


def end_at(number: int, *, by: str) -> None:
    """End this process before its n-th change in the working folder."""
    here = str(Path.cwd())
    left = number

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if left > 0 and _changes(event, arguments, here):
            left -= 1
            if not left:
                if by == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                raise KeyboardInterrupt

    sys.addaudithook(watch)


def _changes(event: str, arguments: tuple[Any, ...], here: str) -> bool:
    if event == "open":
        path, _mode, flags = arguments
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate", "os.chmod"):
        path, writes = arguments[0], True
    else:
        return False
    if not writes or isinstance(path, int):
        return False
    return os.path.abspath(os.fsdecode(path)).startswith(here)  # noqa: PTH100


def hidden() -> list[str]:
    return sorted(str(path) for path in Path().rglob(f"{UNFINISHED}*"))


@contextmanager
def fresh(case: Case) -> Iterator[None]:
    """A new working folder with what a case needs."""
    with TemporaryDirectory() as folder, chdir(folder):
        case.prepare()
        yield


# --- ended at every change -------------------------------------------------------------------------


def ended(case: Case, *, by: str) -> Iterator[str | None]:
    """What went wrong at each change; None where nothing did."""
    with fresh(case):
        old = case.state()
        if (first := forked(case.run)).code:
            yield f"the command itself fails: {first}"
            return
        new = case.state()
    at = 0
    while True:
        at += STEP
        with fresh(case):
            code = forked(case.run, partial(end_at, at, by=by)).code
            yield _wrong(case, old, new, code, by=by, at=at)
        if code == 0:
            return


def _wrong(case: Case, old: State, new: State, code: int, *, by: str, at: int) -> str | None:
    if code not in (0, INTERRUPTED, -signal.SIGKILL):
        return f"{at}: exit code {code}"
    if (by == "interrupt" or code == 0) and (left := hidden()):
        return f"{at}: left behind: {left}"
    try:
        state = case.state()
    except Exception as error:  # whatever a reader says of half a file
        return f"{at}: {error!r}"
    if any(value not in (old.get(name), new.get(name)) for name, value in state.items()):
        return f"{at}: neither old nor new: {state}"
    if code == 0:
        return None
    if at % AGAIN:
        for folder in {path.parent for path in Path().rglob(f"{UNFINISHED}*")}:
            tidy(folder)
        left = hidden()
        return f"{at}: left behind by who wrote there next: {left}" if left else None
    if (again := forked(case.again or case.run)).code:
        return f"{at}: again: {again}"
    if left := hidden():
        return f"{at}: left behind after the next run: {left}"
    return None if case.state() == new else f"{at}: another end: {case.state()}"


# --- other hardships -------------------------------------------------------------------------------


def full_disk(most: int) -> None:
    """No file may have more bytes than this."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def read_only() -> None:
    """A folder in which nothing can be written, for somebody who is not root."""
    for path in (Path(), *Path().rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    if not os.getuid():
        os.seteuid(65534)


def vanished() -> None:
    """The working folder is not there any more."""
    shutil.rmtree(Path.cwd())


def closed() -> None:
    """No standard stream is open, as after `<&- >&- 2>&-`."""
    for descriptor in (0, 1, 2):
        os.close(descriptor)
    sys.stdin = sys.stdout = sys.stderr = None


HARDSHIPS: dict[str, Callable[[], object]] = {
    "full": lambda: full_disk(0),
    "nearly-full": lambda: full_disk(300),
    "read-only": read_only,
    "vanished": vanished,
    "closed": closed,
    "none": lambda: None,
}


def tree() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def endured(case: Case, name: str) -> Iterator[str | None]:
    """What went wrong; None if the command did its work, or said why it cannot in one line and changed nothing."""
    with fresh(case):
        old = tree()
        if name == "read-only":
            os.chmod(".", 0o755)  # noqa: PTH101  # of a temporary folder, which nobody else may enter
        found = forked(case.run, HARDSHIPS[name])
        if "Traceback" in found.said or found.code not in (0, 1):
            yield str(found)
        elif found.code == 0:
            yield f"{name} is no error: {found.said}" if name in ("full", "read-only", "vanished") else None
        elif not re.search(r"^error: .+: .+", found.said, re.MULTILINE) and name != "closed":
            yield f"no clear error: {found.said!r}"
        elif name == "none":
            yield str(found)
        elif name != "vanished" and (changed := tree().keys() ^ old.keys()):
            yield f"left behind: {changed}"
        elif name != "vanished" and tree() != old:
            yield "a file is another one"
        else:
            yield None


def try_all(mode: str, names: list[str]) -> None:
    """Try the cases, and print how many tries there were and what went wrong, a line of JSON for each."""
    import torch

    torch.set_num_threads(1)
    for name in names or CASES:
        case = CASES[name]
        with fresh(case), Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            case.run()  # whatever is imported late, once for all children
            console.fail("")
        results = list(ended(case, by=mode) if mode in ("kill", "interrupt") else endured(case, mode))
        print(json.dumps({"case": name, "tries": len(results), "wrong": [one for one in results if one]}), flush=True)


if __name__ == "__main__":
    try_all(sys.argv[1], sys.argv[2:])
