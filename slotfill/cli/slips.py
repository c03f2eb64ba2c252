"""What was probably meant by a command line that is wrong: what is wrong with it, and what to type instead.

Imported only when something is wrong, so that a right command need not wait for it.
"""

import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from os import sep
from pathlib import Path
from typing import Any, NamedTuple

from slotfill.cli.tag import OPTIONS, is_named_like_a_file

PROGRAM = "slotfill"
_SHELL = set('"$`\\!')  # what a shell reads inside double quotes

# Options that other programs have -> ours, where the command has it.
_ALIASES = {
    "file": "--input",
    "infile": "--input",
    "outfile": "--output",
    "threads": "--jobs",
    "workers": "--jobs",
    "processes": "--jobs",
    "cell": "--cells",
    "nets": "--cells",
    "dataset": "--data",
    "yes": "--overwrite",
    "gpu": "--device cuda",
    "cuda": "--device cuda",
    "cpu": "--device cpu",
    "json": "--format json",
    "markup": "--format markup",
    "table": "--format table",
    "date": "--now",
    "threshold": "--min-confidence",
}
# Words for a command -> the command.
_COMMANDS = {
    "evaluate": "eval",
    "score": "eval",
    "test": "eval",
    "label": "tag",
    "parse": "tag",
    "predict": "tag",
    "fit": "train",
    "dialogue": "chat",
    "talk": "chat",
    "server": "serve",
    "list": "models list",
    "show": "models show",
    "version": "--version",
}


class Slip(NamedTuple):
    """What is wrong, and the command that was probably meant."""

    problem: str
    command: str | None = None

    def __str__(self) -> str:
        return self.problem if self.command is None else f"{self.problem}\n  {self.command}"


def quoted(text: str) -> str:
    """A sentence or a word as one would type it: `"leave Boston"`, `train`."""
    if re.fullmatch(r"[\w@%+=:,./-]+", text):
        return text
    return shlex.quote(text) if _SHELL & set(text) else f'"{text}"'


def line(*words: str) -> str:
    """A command line of slotfill."""
    return " ".join((PROGRAM, *map(quoted, words)))


# --- tag -------------------------------------------------------------------------------------------


def sentences(texts: Sequence[str], options: Sequence[str]) -> Slip:
    """What is wrong with texts that `tag.doubtful` doubts; `options` are the other words of the command line."""
    files = [text for text in texts if is_named_like_a_file(text)]
    if files and len(files) == len(texts):
        return _files(files, options)
    if files:
        return Slip(f"{files[0]} is a file among sentences: tag the file alone", to_tag_file(files[0], options))
    sentence = " ".join(texts).strip("“”„‟«»‘’")  # quotes of a word processor, which are none to a shell
    problem = (
        f"{len(texts)} sentences of one word each: put quotes around a sentence; "
        f"if they are sentences, put -- before them"
    )
    return Slip(problem, " ".join((line("tag"), _always_quoted(sentence), *map(quoted, options))))


def _always_quoted(sentence: str) -> str:
    return shlex.quote(sentence) if _SHELL & set(sentence) else f'"{sentence}"'


def _files(files: Sequence[str], options: Sequence[str]) -> Slip:
    file = files[0]
    if len(files) > 1:
        return Slip(
            f"{len(files)} names of files, not sentences: give all of them to standard input",
            f"cat {' '.join(map(quoted, files))} | {line('tag', *options)}",
        )
    if not Path(file).exists():
        return Slip(f"{file} looks like the name of a file, but there is none; if it is a sentence, put -- before it")
    kind = "folder" if Path(file).is_dir() else "file"
    return Slip(f"{file} is a {kind}, not a sentence; if it is one, put -- before it", to_tag_file(file, options))


def to_tag_file(file: str, options: Sequence[str] = ()) -> str:
    """The command that tags a file: `tag --input` if it holds a sentence a line, else `bulk`."""
    if Path(file).is_dir() or file.lower().endswith((".csv", ".jsonl", ".ndjson", ".parquet")):
        return line("bulk", file, "tagged")
    return line("tag", "--input", file, *options)


# --- commands --------------------------------------------------------------------------------------


def command(words: Sequence[str], known: Iterable[str], *, path: str) -> Slip:
    """What is meant by `words`, of which the first should be one of the commands `known` below `path`."""
    word, *rest = words
    if path != PROGRAM:
        return _command_of_group(word, rest, list(known), path=path)
    if word == "help":
        return Slip("there is no command help", line(*(w for w in rest if not w.startswith("-")), "--help"))
    if word in _COMMANDS:
        return Slip(f"there is no command {word}", line(*_COMMANDS[word].split(), *rest))
    inner = {"check": "data", "stats": "data", "convert": "data", "generate": "data", "get": "data"}
    if word in inner:
        return Slip(f"there is no command {word}", line(inner[word], word, *rest))
    near = get_close_matches(word.lower(), list(known), n=1, cutoff=0.65)
    if near:
        return Slip(f"there is no command {word}: did you mean {near[0]}?", line(near[0], *rest))
    texts = [text for text in words if not text.startswith("-")]
    if is_named_like_a_file(word):
        return Slip(f"{word} is not a command; to tag a file", to_tag_file(word))
    if len(texts) == len(words) and all(len(text.split()) == 1 for text in texts):
        texts = [" ".join(texts)]
    return Slip(
        f"{_always_quoted(word)} is not a command; to label a sentence",
        " ".join((line("tag"), *map(_always_quoted, texts))),
    )


def _command_of_group(word: str, rest: Sequence[str], known: list[str], *, path: str) -> Slip:
    near = get_close_matches(word.lower(), known, n=1)
    if near:
        group = path.removeprefix(PROGRAM).split()
        return Slip(f"there is no command {path} {word}: did you mean {near[0]}?", line(*group, near[0], *rest))
    usual = {"data": "stats", "models": "show"}.get(path.split()[-1])
    if usual is not None and not word.startswith("-"):
        return Slip(f"{word} is not one of {path} {', '.join(known)}", line(*path.split()[1:], usual, word, *rest))
    return Slip(f"{word} is not one of {path} {', '.join(known)}")


# --- options and arguments -------------------------------------------------------------------------


def option(name: str, words: Sequence[str], flags: Sequence[str], *, path: str) -> Slip:
    """What is meant by an option that a command does not have; `words` are those after the command."""
    whole = next((word for word in words if word.startswith(name)), name)
    head, _, value = whole.partition("=")
    start = path.split()[1:]
    if (" " in head or re.match(r"-\d", head)) and start[-1:] in (["tag"], ["explain"]):
        problem = f"{_always_quoted(whole)} begins with a dash, as options do: put -- before a sentence that does"
        return Slip(problem, f"{line(*start)} -- {_always_quoted(whole)}")
    if path == PROGRAM and name in {flag for option in OPTIONS.values() for flag in option.flags}:
        return Slip(f"{name} belongs to a command, which comes first", line("tag", *words))
    missing = f"{path} has no option {name}"
    bare = head.lstrip("-")
    if "--config" in flags and (meant := setting(bare.removeprefix("no-"))) is not None:
        return _as_setting(missing, meant, whole, words, start=start)
    alias = _ALIASES.get(bare)
    near = get_close_matches(f"--{bare}", [flag for flag in flags if flag.startswith("--")], n=1, cutoff=0.7)
    if alias is not None and alias.split()[0] in flags:
        near = [alias]
    if not near:
        return Slip(missing)
    guess = near[0]
    instead = guess.split()
    if value:
        instead[-1] += f"={value}"
    return Slip(f"{missing}: did you mean {guess}?", line(*start, *_replaced(words, whole, instead)))


def setting(name: str) -> str | None:
    """`training.learning_rate` for `--lr`, `--learning-rate` and the like; None if it is like no setting."""
    from slotfill.config import setting_like

    return setting_like(name.lstrip("-").replace("-", "_"))


def _as_setting(missing: str, meant: str, whole: str, words: Sequence[str], *, start: Sequence[str]) -> Slip:
    _, glued, value = whole.partition("=")
    place = words.index(whole)
    after = list(words[place + 1 :])
    if not glued:
        value = after.pop(0) if after and not after[0].startswith("--") else str(not whole.startswith("--no-")).lower()
    instead = ["--set", f"{meant}={value}"]
    return Slip(f"{missing}: settings are given to --set", line(*start, *words[:place], *instead, *after))


def _replaced(words: Sequence[str], old: str, new: Sequence[str]) -> list[str]:
    place = words.index(old) if old in words else len(words)
    return [*words[:place], *new, *words[place + 1 :]]


def one_dash(words: Sequence[str], flags: Sequence[str], *, path: str) -> Slip | None:
    """`-model travel` where `--model` is meant: it would be read as `-m odel`."""
    for word in words:
        if word == "--":
            return None
        head = word.partition("=")[0]
        if re.fullmatch(r"-[a-z][a-z-]{2,}", head) and f"-{head}" in flags:
            start = path.split()[1:]
            return Slip(
                f"{head}: options of several letters have two dashes",
                line(*start, *_replaced(words, word, [f"-{word}"])),
            )
    return None


def extra(extras: Sequence[str], words: Sequence[str], flags: Sequence[str], *, path: str) -> Slip | None:
    """What is meant by arguments that a command does not take."""
    start = path.split()[1:]
    others = [word for word in words if word not in extras]
    first = extras[0] if extras else ""
    if start[-1:] == ["chat"]:
        if is_named_like_a_file(first):
            return Slip("chat reads turns from standard input", f"{line(*start, *others)} < {quoted(first)}")
        turn = _always_quoted(" ".join(extras))
        return Slip("chat reads turns from standard input, one a line", f"echo {turn} | {line(*start, *others)}")
    if start[-1:] == ["explain"]:
        texts = [word for word in words if not word.startswith("-")]
        return Slip(
            "explain takes one sentence: put quotes around it", f"{line(*start)} {_always_quoted(' '.join(texts))}"
        )
    if "--set" in flags and (joined := _spaced_setting(extras, words, meant=_meant(flags))) is not None:
        return Slip("a setting and its value are joined by =", line(*start, *joined))
    if "--inputs" in flags:
        return Slip("the inputs are given to --inputs", line(*start, *others, "--inputs", " ".join(extras)))
    if "--cells" in flags:
        place = words.index("--cells") + 1 if "--cells" in words else None
        cells = [*([words[place]] if place is not None else []), *extras]
        kept = [word for word in others if word not in ("--cells", *cells)]
        return Slip("nets are given to --cells, with commas", line(*start, "--cells", ",".join(cells), *kept))
    flag = _flag_for(first, flags)
    if flag is None:
        return None
    given = [part for one in extras for part in (flag, one)]
    what = "a model" if flag == "--model" else "data"
    return Slip(f"{first}: {what} is given to {flag}", line(*start, *others, *given))


def _flag_for(name: str, flags: Sequence[str]) -> str | None:
    if "--model" in flags:
        from slotfill.bundle import is_bundle
        from slotfill.locations import locate

        path = locate("models", name, fits=is_bundle)
        if path is not None and is_bundle(path) and (sep in name or "--data" not in flags):
            return "--model"
    return "--data" if "--data" in flags else None


def _meant(flags: Sequence[str]) -> Callable[[str], str | None]:
    """How a setting may be misspelt: those of training, or the weights of `slotfill cell`, which only look alike."""
    return setting if "--config" in flags else lambda _name: None


def _spaced_setting(
    extras: Sequence[str], words: Sequence[str], *, meant: Callable[[str], str | None]
) -> list[str] | None:
    """The words with `--set a=1` for `--set a 1`, and with `--set` before each further `b=2`; None if there is none."""
    joined: list[str] = []
    changed = False
    rest = list(words)
    while rest:
        word = rest.pop(0)
        joined.append(word)
        if word in ("--set", "-s") and rest:
            assignment = rest.pop(0)
            if "=" not in assignment and rest and rest[0] in extras:
                assignment = f"{assignment}={rest.pop(0)}"
                changed = True
            name, _, value = assignment.partition("=")
            joined.append(f"{meant(name) or name}={value}" if changed else assignment)
            while rest and rest[0] in extras and "=" in rest[0]:
                joined += ["--set", rest.pop(0)]
                changed = True
    return joined if changed else None


# --- all of them -----------------------------------------------------------------------------------


def of(error: Any, words: Sequence[str]) -> Slip:
    """The slip behind a usage error of Typer; `words` are those of the command line, without the program's name."""
    context = error.ctx
    message = (
        error.message if error.__class__.__name__ == "BadParameter" and _is_bare(error) else error.format_message()
    )
    if context is None:
        return Slip(message)
    path: str = context.command_path
    rest = words[len(path.split()) - 1 :]
    flags = [flag for parameter in context.command.params for flag in parameter.opts if flag.startswith("-")]
    if (name := getattr(error, "option_name", None)) and "No such option" in message:
        return option(name, rest, flags, path=path)
    if found := re.match(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)$", message, re.DOTALL):
        extras = _extras(found[1], rest)
        return extra(extras, rest, flags, path=path) or Slip(_unexpected(extras, path))
    return Slip(message)


def _is_bare(error: Any) -> bool:
    return error.param_hint is None and error.param is None


def _extras(joined: str, words: Sequence[str]) -> list[str]:
    """The last words of the line that make up `joined`, which Typer joins by spaces."""
    for first in range(len(words)):
        chosen = [word for word in words[first:] if not word.startswith("-")]
        if " ".join(chosen) == joined:
            return chosen
    return joined.split()


def _unexpected(extras: Sequence[str], path: str) -> str:
    return f"{path} does not take {' '.join(map(quoted, extras))}"
