"""The record of each row: the declared schema, as lines of JSON or as Parquet.

row                int64     the number of the row in the source, from 1; never null
id                 string    the source's id column
text               string    null if there is none; U+FFFD for bytes that are not text
slots              list of   name (string), text (string), start, end (int32; half-open, code points of text),
                   struct    confidence (float64)
frame              string    JSON, as in `slotfill tag`; in JSONL the object itself
intent             string
intent_confidence  float64
confidence         float64   of the least sure slot; null without slots
note               string    why there are no slots: a language that the model has not learnt
error              string    why the row was not tagged; null if it was
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO

from slotfill.bulk.rows import Row
from slotfill.schema import Annotation, one_line

if TYPE_CHECKING:
    import pyarrow

Record = dict[str, Any]


def record(number: int, row: Row, annotation: Annotation | None) -> Record:
    """One record; `annotation` is None if the row has a problem."""
    found = annotation.to_dict() if annotation else {"slots": [], "frame": None, "intent": None}
    intent = found["intent"] or {"name": None, "confidence": None}
    return {
        "row": number,
        "id": row.id,
        "text": row.text,
        "slots": found["slots"],
        "frame": found["frame"],
        "intent": intent["name"],
        "intent_confidence": intent["confidence"],
        "confidence": min((slot["confidence"] for slot in found["slots"]), default=None),
        "note": annotation.note if annotation else None,
        "error": row.problem,
    }


def write_jsonl(batches: Iterable[list[Record]], stream: BinaryIO) -> None:
    """Write one record a line."""
    for batch in batches:
        stream.writelines(one_line(entry).encode() + b"\n" for entry in batch)


def write_parquet(batches: Iterable[list[Record]], stream: BinaryIO) -> None:
    """Write one row group for each batch."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    columns = arrow_schema()
    with ParquetWriter(stream, columns, compression="zstd") as writer:
        for batch in batches:
            for entry in batch:
                if entry["frame"] is not None:
                    entry["frame"] = one_line(entry["frame"])
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=columns))


def arrow_schema() -> "pyarrow.Schema":
    """The schema above, in Arrow."""
    import pyarrow as pa

    slot = [("name", pa.string()), ("text", pa.string()), ("start", pa.int32()), ("end", pa.int32())]
    return pa.schema(
        [
            pa.field("row", pa.int64(), nullable=False),
            ("id", pa.string()),
            ("text", pa.string()),
            pa.field("slots", pa.list_(pa.struct([*slot, ("confidence", pa.float64())])), nullable=False),
            ("frame", pa.string()),
            ("intent", pa.string()),
            ("intent_confidence", pa.float64()),
            ("confidence", pa.float64()),
            ("note", pa.string()),
            ("error", pa.string()),
        ]
    )


WRITERS = {"jsonl": write_jsonl, "parquet": write_parquet}
