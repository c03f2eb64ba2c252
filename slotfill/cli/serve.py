"""`slotfill serve`: tagging over HTTP, with a page for people."""

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slotfill.cli import completions, console, options
from slotfill.cli.review import OUTPUT_HELP, Order, checked_target, order_option, split_option, title_of
from slotfill.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from slotfill.server.review import Reviewed
    from slotfill.tagger import Tagger

_REVIEW = "Review"  # the panel of options for it


def _finite(number: float) -> float:
    """BadParameter for `nan`, which is in every range."""
    if not math.isfinite(number):
        raise typer.BadParameter("it is not a number")
    return number


def _plain(token: str | None) -> str | None:
    """BadParameter for a token that no header can hold."""
    if token is not None and not (token.isascii() and token.isprintable() and token.strip() == token != ""):
        raise typer.BadParameter("expected printable ASCII characters, without spaces at the ends")
    return token


def serve(
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            "-m",
            help="A model's name or folder; may be repeated, and a request may name one. Default: travel.",
            show_default=False,
            autocompletion=completions.models,
        ),
    ] = None,
    host: Annotated[
        str, typer.Option("--host", help="The address to listen on; 0.0.0.0 means all of them.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="The port; 0 means any free one.")] = 8000,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host", help="Another name that the server answers to, such as a proxy's; may be repeated."
        ),
    ] = None,
    queue: Annotated[
        int, typer.Option("--queue", min=1, help="How many sentences may wait; beyond that, requests get a 503.")
    ] = 20_000,
    timeout: Annotated[
        float,
        typer.Option("--timeout", min=0.1, max=3600, callback=_finite, help="Seconds until a request gets a 504."),
    ] = 10.0,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            envvar="SLOTFILL_TOKEN",
            callback=_plain,
            show_default=False,
            help="Answer only who sends this token. Better in the environment, where other users do not see it.",
        ),
    ] = None,
    log_texts: Annotated[bool, typer.Option("--log-texts", help="Also write the texts to the access log.")] = False,
    review: Annotated[
        str | None,
        typer.Option(
            "--review",
            metavar="FILE",
            help="A page to accept or mend the labels of these sentences, as slotfill review does.",
            rich_help_panel=_REVIEW,
        ),
    ] = None,
    target: Annotated[Path | None, options.output(OUTPUT_HELP, panel=_REVIEW)] = None,
    order: Annotated[Order, order_option(_REVIEW)] = "uncertain",
    split: Annotated[str | None, split_option(_REVIEW)] = None,
) -> None:
    """Label sentences over HTTP, with a page to try it.

    The access log goes to standard output, one JSON line for each request. On Ctrl-C or SIGTERM, the server answers
    the requests that it has accepted, and stops.

        slotfill serve --port 8000

        slotfill serve --model travel --model models/mine     # {"text": "...", "model": "mine"}

        slotfill serve --model models/mine --review queries.txt --output corrected.jsonl

        curl -H "Content-Type: application/json" -d '{"text": "arrive Taipei"}' http://127.0.0.1:8000/tag
    """
    try:
        from slotfill.server import running
        from slotfill.server.access_log import AccessLog
        from slotfill.server.app import application
        from slotfill.server.middleware import malformed
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "slotfill":
            raise
        raise MissingExtraError("serving over HTTP", extra="serve") from None
    from slotfill.catalogue import summarize
    from slotfill.tagger import Tagger, find_bundle

    if review is None:
        _check_alone(output=target is not None, order=order != "uncertain", split=split is not None)
    if review is not None:
        target = checked_target(review, target)
    with running.listen(host, port) as listening:  # first: if the port is in use, no model need be loaded
        bundles = {name: find_bundle(name) for name in model or ["travel"]}
        served = [summarize(Path(name).resolve().name, bundle) for name, bundle in bundles.items()]
        taggers = {summary.name: Tagger.of(bundle) for summary, bundle in zip(served, bundles.values(), strict=True)}
        if len(taggers) < len(served):
            raise InputError(f"two models of one name: got {', '.join(bundles)}; rename the folder of one of them")
        private = running.is_private(listening)
        names = {"localhost", "127.0.0.1", "::1", host.lower(), *(name.lower() for name in allow_host or ())}
        url = running.url_of(listening)
        first = next(iter(bundles))
        reviewed = None
        if review is not None and target is not None:
            reviewed = _reviewed(
                review, target, tagger=Tagger.of(bundles[first]), order=order, split=split, title=first
            )
        log = AccessLog(sys.stdout.fileno())
        app = application(
            taggers,
            models=served,
            hosts=names if private or allow_host else None,
            log=log,
            log_texts=log_texts,
            queue=queue,
            timeout=timeout,
            review=reviewed,
            token=token,
        )
        running.run(
            app,
            listening,
            timeout=timeout,
            on_ready=lambda: _tell(url, [*bundles], target if reviewed is not None else None),
            on_malformed=lambda client: log(malformed(client)),
            short=app.short,
        )
        log.close()


def _check_alone(**given: bool) -> None:
    """BadParameter for an option of a review without one."""
    for name, is_given in given.items():
        if is_given:
            raise typer.BadParameter("it goes with --review", param_hint=f"--{name}")


def _reviewed(
    source: str, target: Path, *, tagger: "Tagger", order: Order, split: str | None, title: str
) -> "Reviewed":
    """The review to serve, with a tagger of its own: that of the worker is in another thread."""
    from slotfill.reviewing.session import begin
    from slotfill.server.review import Reviewed

    session = begin(source, target, tagger=tagger, order=order, split=split, on_note=console.note)
    return Reviewed(session, title_of(source, title, target))


def _tell(url: str, models: list[str], target: Path | None) -> None:
    """Say where the server is."""
    console.notice(f"serving {', '.join(models)} at {url} (Ctrl-C stops it)")
    if target is not None:
        console.notice(f"review at {url}/review, into {target}")
