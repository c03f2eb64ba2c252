"""The small pieces of HTML that tables and sentences share."""

import re
from html import escape


def breakable(name: str) -> str:
    """A name that a narrow page may break after its dots and underscores, but not inside a word."""
    return re.sub(r"(?<=[._+/])(?=\w)", "<wbr>", escape(name))
