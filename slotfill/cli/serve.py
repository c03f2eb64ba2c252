"""`slotfill serve`: tagging over HTTP, with a page for people."""

import contextlib
import sys
from pathlib import Path
from typing import Annotated

import typer

from slotfill.cli import completions, console
from slotfill.errors import InputError, MissingExtraError


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
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds until a request gets a 504.")] = 10.0,
    log_texts: Annotated[bool, typer.Option("--log-texts", help="Also write the texts to the access log.")] = False,
) -> None:
    """Label sentences over HTTP, with a page to try it.

    The access log goes to standard output, one JSON line for each request. On Ctrl-C or SIGTERM, the server answers
    the requests that it has accepted, and stops.

        slotfill serve --port 8000

        slotfill serve --model travel --model models/mine     # {"text": "...", "model": "mine"}

        curl -H "Content-Type: application/json" -d '{"text": "arrive Taipei"}' http://127.0.0.1:8000/tag
    """
    try:
        from slotfill.server import running
        from slotfill.server.app import application
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "slotfill":
            raise
        raise MissingExtraError("serving over HTTP", extra="serve") from None
    from slotfill.catalogue import summarize
    from slotfill.tagger import Tagger, find_bundle

    with running.listen(host, port) as listening:  # first: if the port is in use, no model need be loaded
        bundles = {name: find_bundle(name) for name in model or ["travel"]}
        served = [summarize(Path(name).resolve().name, bundle) for name, bundle in bundles.items()]
        taggers = {summary.name: Tagger.of(bundle) for summary, bundle in zip(served, bundles.values(), strict=True)}
        if len(taggers) < len(served):
            raise InputError(f"two models of one name: got {', '.join(bundles)}; rename the folder of one of them")
        private = running.is_private(listening)
        names = {"localhost", "127.0.0.1", "::1", host.lower(), *(name.lower() for name in allow_host or ())}
        app = application(
            taggers,
            models=served,
            hosts=names if private or allow_host else None,
            log=_write,
            log_texts=log_texts,
            queue=queue,
            timeout=timeout,
        )
        url = running.url_of(listening)
        running.run(
            app,
            listening,
            timeout=timeout,
            on_ready=lambda: console.notice(f"serving {', '.join(bundles)} at {url} (Ctrl-C stops it)"),
        )


def _write(line: str) -> None:
    """Write one line of the access log at once; a reader that has gone must not stop the server."""
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
