"""`slotfill data split` and `slotfill data merge`: one data set in parts, several data sets in one."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from slotfill.cli import console, options
from slotfill.cli.data import check_format, check_free, sizes
from slotfill.files import alone

if TYPE_CHECKING:
    from slotfill.merging import Conflict
    from slotfill.schema import Dataset, Example

_SHOWN = 3  # conflicts

To = Annotated[
    Literal["jsonl", "conll", "markup"] | None,
    typer.Option("--to", help="The format of the files in a folder. Default: jsonl."),
]


def split(
    source: options.DataArgument,
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="The folder for the parts.")],
    dev: Annotated[float, typer.Option("--dev", min=0, max=1, help="The share of dev; 0: no dev.")] = 0.1,
    test: Annotated[float, typer.Option("--test", min=0, max=1, help="The share of test; 0: no test.")] = 0.1,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same parts.")] = 1,
    to: To = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Split a data set that is in one piece into train, dev and test.

    Each part has its share of every intent and slot, the rarest first. Sentences with the same text are in the same
    part.

    slotfill data split my.jsonl data/mine

    slotfill data split my.markup data/mine --dev 0.15 --test 0.15 --seed 7
    """
    from slotfill.readers import save
    from slotfill.readers.layout import written_format
    from slotfill.splitting import groups_of, split_data

    if written_format(target) is not None and not target.is_dir():
        raise typer.BadParameter(f"{target} is a file: name a folder for the parts", param_hint="TARGET")
    check_free(target, overwrite=overwrite, data=(source,))
    with alone(target):
        dataset = split_data(source, dev=dev, test=test, seed=seed)
        for file in save(dataset, target, to=to or "jsonl"):
            console.notice(f"wrote {file}")
    examples = [example for part in dataset.splits.values() for example in part]
    twice = len(examples) - len(groups_of(examples))
    if twice:
        console.notice(f"sentences with the text of another one, kept together: {twice}")
    console.say(f"{dataset.name}: {sizes(dataset)} (seed {seed})")
    _print_labels(dataset)


def _print_labels(dataset: "Dataset") -> None:
    """Say which slots and intents a part lacks."""
    names = {part: _labels_of(examples) for part, examples in dataset.splits.items()}
    for part, known in names.items():
        lacking = sorted(set().union(*names.values()) - known)
        if lacking:
            shown = ", ".join(lacking[:8]) + (f" and {len(lacking) - 8} more" if len(lacking) > 8 else "")
            console.notice(f"{part} has no sentence with {shown}")


def _labels_of(examples: "Sequence[Example]") -> set[str]:
    from slotfill.tags import spans_of

    intents = {f"intent {example.intent}" for example in examples if example.intent}
    return intents | {f"slot {name}" for example in examples for _, _, name in spans_of(example.tags)}


def merge(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE... TARGET", help="Data sets, and last the file or folder to write.")
    ],
    to: To = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Put several data sets into one, split by split.

    A sentence that is there twice with the same labels is kept once. One text with different labels is a conflict:
    both are kept, and shown.

    slotfill data merge first.jsonl second.conll all.jsonl

    slotfill data merge data/mine ../atis data/both
    """
    from slotfill.merging import merge_data
    from slotfill.readers import save

    if len(sources) < 2:
        raise typer.BadParameter("name the data sets, and last the file or folder to write", param_hint="SOURCE")
    *read, last = sources
    target = Path(last)
    check_format(target, "TARGET")
    check_free(target, overwrite=overwrite, data=read)
    with alone(target):
        merged = merge_data(read, name=target.stem)
        for file in save(merged.dataset, target, to=to or "jsonl"):
            console.notice(f"wrote {file}")
    console.say(
        f"{merged.dataset.name}: {sizes(merged.dataset)}; duplicates left out: {merged.duplicates}; "
        f"conflicts kept: {len(merged.conflicts)}"
    )
    for conflict in merged.conflicts[:_SHOWN]:
        console.warn(_told(conflict))
    if len(merged.conflicts) > _SHOWN:
        console.notice(f"and {len(merged.conflicts) - _SHOWN} more conflicts")
    if merged.shared:
        console.warn(f"sentences of dev and test that train has too: {merged.shared}")


def _told(conflict: "Conflict") -> str:
    """Both sentences in markup."""
    first, second = (_marked(example) for example in (conflict.first, conflict.second))
    return f"two labellings of one text ({', '.join(dict.fromkeys(conflict.splits))}): {first} and {second}"


def _marked(example: "Example") -> str:
    from slotfill.markup import render
    from slotfill.tags import char_span, spans_of

    spans = [(*char_span(example.tokens, start, end), name) for start, end, name in spans_of(example.tags)]
    text = render(example.text, spans, intent=None)
    return f"{text} ({example.intent})" if example.intent else text
