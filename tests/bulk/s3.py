"""An S3 on this machine for the tests: moto, behind a gate that can refuse or cut."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "a",
    "AWS_SECRET_ACCESS_KEY": "b",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
Refusal = tuple[str, str] | None  # a status and what S3 calls the error


class Bucket:
    """A bucket of an S3 that listens on 127.0.0.1; `refuse(method, path)` may stand in the way of a request."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.refuse: Callable[[str, str], Refusal] = lambda method, path: None
        self._ask("PUT", "", None)

    def put(self, key: str, data: bytes) -> None:
        """Store an object."""
        self._ask("PUT", key, data)

    def get(self, key: str) -> bytes:
        """The bytes of an object."""
        return self._ask("GET", key)

    def keys(self, prefix: str) -> list[str]:
        """The objects whose names begin so, but for the empty ones that stand for folders."""
        import xml.etree.ElementTree as ElementTree

        found = ElementTree.fromstring(self._ask("GET", "?list-type=2&encoding-type=none"))
        keys = [element.text or "" for element in found.iter() if element.tag.rpartition("}")[2] == "Key"]
        return sorted(key for key in keys if key.startswith(prefix) and not key.endswith("/"))

    def _ask(self, method: str, key: str, data: bytes | None = None) -> bytes:
        headers = {
            "Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request",
            "Content-Type": "application/octet-stream",  # urllib's own is that of a form
        }
        with urlopen(Request(f"{self.address}/bucket/{key}", data, headers, method=method)) as answer:
            return bytes(answer.read())


@contextmanager
def standing_in() -> Iterator[Bucket]:
    """An S3 with one empty bucket, as long as the block runs."""
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, *_: Any, **__: Any) -> None:
            pass

    moto: Callable[[dict[str, Any], Any], Iterable[bytes]] = DomainDispatcherApplication(create_backend_app)

    def gate(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        refusal = bucket and bucket.refuse(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if not refusal:
            return moto(environ, start_response)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(refusal[0], [("Content-Type", "application/xml")])
        return [f"<Error><Code>{refusal[1]}</Code><Message>by the test</Message></Error>".encode()]

    bucket: Bucket | None = None
    server = make_server("127.0.0.1", 0, gate, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        bucket = Bucket(server.server_port)
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
