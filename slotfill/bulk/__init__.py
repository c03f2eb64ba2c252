"""Tag a data set in parts: it may be larger than memory, the run may be killed, and any number of machines may help.

    storage.py     files and folders, on this machine or wherever pyarrow reaches
    sources.py     a source -> parts: fixed ranges of its rows, found without tagging
    rows.py        a part -> its rows: an id and a text, or a problem
    records.py     a row and its annotation -> a record of the declared schema, as JSON line or Parquet
    run.py         the parts that are missing, and tagging them: a part is written whole or not at all
    on_ray.py      the same parts, as tasks of a Ray cluster

A part depends only on the source and the settings, so it does not matter which process tags it, or how often.
A run that was killed goes on with the missing parts, and its result is that of an uninterrupted run.

    settings = Settings("queries.jsonl", "tagged", Columns("query", None))
    for outcome in outcomes(begin(settings), jobs=4):
        ...
    finish(settings)
"""
