"""`slotfill vectors`: get word vectors that others have learnt."""

from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from slotfill.cli import completions, console, options
from slotfill.cli.commands import Command
from slotfill.errors import DataError

app = typer.Typer(help="Get word vectors that others have learnt, for `training.vectors`.", no_args_is_help=True)


@app.callback()
def _vectors() -> None:
    """Keep `get` a command of its own, though it is the only one."""


@app.command(cls=Command)
def get(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="glove.6B.50d, .100d, .200d or .300d; glove.twitter.27B.25d, .50d, .100d or .200d.",
            show_default=False,
            autocompletion=completions.vectors,
        ),
    ],
    place: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="PATH", help="The archive, the text file or their folder. Without it, the hub is asked."
        ),
    ] = None,
    words: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Keep the N most frequent words. Default: all.")
    ] = None,
    target: Annotated[Path | None, options.output("The file to write. Default: data/NAME.txt.gz.")] = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Get word vectors (GloVe) and write them to ./data, where `training.vectors` finds them.

        slotfill vectors get glove.6B.100d

        slotfill train --data mine --set training.vectors=glove.6B.100d.txt.gz

    The archives are large (0.8 and 1.5 GB). Vectors in other languages: fastText's .vec files, which need no getting.
    """
    import gzip

    from slotfill.cli.targets import check_target
    from slotfill.files import writing
    from slotfill.training import vector_sources

    source = vector_sources.find(name)
    target = target or Path("data", f"{name}.txt.gz")
    check_target(target, overwrite=overwrite, inputs=() if place is None else (place,))
    found = vector_sources.lines(source, place, words=words)
    first = next(found, b"")
    columns = len(first.split()) - 1
    if columns != int(name.rpartition(".")[2].removesuffix("d")):
        raise DataError(
            f"got {max(columns, 0)} numbers beside the first word: expected those of {name}",
            path=place or source.archive,
            line=1,
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with writing(target) as stream:
        packer = gzip.GzipFile(fileobj=stream, mode="wb", mtime=0) if target.suffix == ".gz" else nullcontext(stream)
        with packer as out:
            count = sum(out.write(line) > 0 for line in chain([first], found))
    console.notice(f"wrote {target}: {count:,} words, {source.about}\nlicence: {vector_sources.LICENCE}")
    console.notice(f"to use them: slotfill train --set training.vectors={target.name}")
