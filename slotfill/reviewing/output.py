"""The decisions of a review: sentences that training reads, one a line, and beside them those that were put off.

The file is the state: a sentence that is in it is decided. So a review goes on after a kill where it stopped, and with
another model, or on other sentences, it adds to the same file.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from slotfill.errors import InputError
from slotfill.readers import jsonl, load, markup
from slotfill.readers.alignment import example_of, shown
from slotfill.readers.formats import suffix_of
from slotfill.reviewing.journal import Journal
from slotfill.schema import Example
from slotfill.tokenizer import tokenize

FORMATS = {".jsonl": jsonl, ".markup": markup}
SKIPPED = ".skipped"  # what the name of the file beside it ends in: a JSON string a line
_BYTE_ORDER_MARK = "\ufeff"


class Output:
    """The file of a review, locked until `close`."""

    def __init__(self, path: Path) -> None:
        """Read what is there, and lock it.

        InputError for a name with another suffix, for a file that cannot be written or that another review writes to;
        DataError for a faulty line.
        """
        if path.suffix.lower() not in FORMATS or suffix_of(path) != path.suffix.lower():
            raise InputError(
                f"{path}: a review writes .jsonl or .markup; slotfill data convert makes other formats of it"
            )
        self.path = path
        self._format = FORMATS[path.suffix.lower()]
        self.before: tuple[Example, ...] = ()  # what was there
        if path.is_file() and path.read_bytes().strip():
            self.before = tuple(example for split in load(path).splits.values() for example in split)
        self._skipped = self._read_skipped()
        self._journal = Journal(path)
        self._later: Journal | None = None

    @property
    def skipped(self) -> set[str]:
        """The texts that have been put off at least once."""
        return {*self._skipped}

    @property
    def last(self) -> Example | None:
        """The sentence in the last line, which `take_back` removes; None if there is none."""
        line = self._journal.lines[-1].decode().strip() if self._journal.lines else ""
        try:
            if self._format is markup:
                return markup.parse(line.removeprefix(_BYTE_ORDER_MARK)) if line else None
            marked = jsonl.marked_of(json.loads(line)) if line else None
            return None if marked is None else example_of(marked, tokenizer=tokenize)
        except ValueError:  # a line of another origin, which only the whole file explains
            return None

    def check(self, sentences: Iterable[Example]) -> None:
        """InputError for the first sentence whose tokens the format cannot keep."""
        if self._format is not markup:
            return
        for example in sentences:
            if example.tokens != tokenize(example.text):
                raise InputError(
                    f"{self.path}: markup cannot keep the tokens of {shown(example.text)}, which are not those of "
                    "slotfill's tokenizer: write to a .jsonl file"
                )

    def add(self, example: Example) -> None:
        """Write a sentence; InputError if it cannot be."""
        (line,) = self._format.lines([example])
        if not self._journal.lines and line.startswith(_BYTE_ORDER_MARK):  # a reader drops the first
            line = _BYTE_ORDER_MARK + line
        self._journal.add(line.encode())

    def take_back(self) -> None:
        """Remove the last line."""
        self._journal.take_back()

    def put_off(self, text: str) -> None:
        """Note that a sentence was skipped, unless it is noted."""
        if text not in self._skipped:
            if self._later is None:
                self._later = Journal(self._beside)
            self._later.add(json.dumps(text, ensure_ascii=False).encode(errors="surrogatepass"))
        self._skipped.append(text)

    def take_up(self) -> None:
        """Forget the last sentence that was skipped."""
        text = self._skipped.pop()
        if text not in self._skipped and self._later is not None:
            self._later.take_back()

    def close(self) -> None:
        """Let another review write."""
        self._journal.close()
        if self._later is not None:
            self._later.close()

    @property
    def _beside(self) -> Path:
        return self.path.with_name(self.path.name + SKIPPED)

    def _read_skipped(self) -> list[str]:
        try:
            lines = self._beside.read_bytes().split(b"\n")
            found = [json.loads(line) for line in lines if line.strip()]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, RecursionError) as error:
            raise InputError(f"{self._beside}: expected a JSON string a line: {error}; remove the file") from None
        return [text for text in found if isinstance(text, str)]
