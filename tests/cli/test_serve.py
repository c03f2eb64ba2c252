"""What `serve` is told wrongly, before it listens; tests/server has the rest."""

import math

import pytest
import typer

from slotfill.cli.serve import _finite
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--timeout", "inf", "--timeout"),
        ("--timeout", "nan", "--timeout"),
        ("--timeout", "0", "--timeout"),
        ("--timeout", "3601", "--timeout"),
        ("--token", "two\nlines", "expected printable ASCII characters"),
        ("--token", " s3cret", "expected printable ASCII characters"),
        ("--token", "sécret", "expected printable ASCII characters"),
        ("--token", "", "expected printable ASCII characters"),
        ("--queue", "0", "--queue"),
        ("--port", "65536", "--port"),
        ("--order", "file", "it goes with --review"),
    ],
)
def test_wrong_usage(slotfill: Run, option: str, value: str, says: str) -> None:
    code, out, err = slotfill("serve", option, value, "--model", "no-such-model")
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_nan_is_in_no_range() -> None:
    """The newest Typer says so by itself, the oldest that is allowed does not."""
    with pytest.raises(typer.BadParameter):
        _finite(math.nan)
