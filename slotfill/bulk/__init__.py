"""Tag a data set in parts: files too big for memory, runs that may be killed, any number of machines.

    storage.py     files and folders, of this machine or of what pyarrow reaches
    sources.py     a source -> parts: fixed ranges of its rows, found without tagging
    rows.py        a part -> its rows: an id and a text each, or what is wrong with it
    records.py     a row and what the tagger says -> a record of the declared schema, as JSON line or Parquet
    run.py         what is still to do, and doing it: a part is written whole or not at all
    on_ray.py      the same parts, tagged by the actors of Ray Data

A part depends on nothing but the source and the settings, so it does not matter which process tags it, or how often.
A run that was killed goes on with the missing parts, and its result is that of an uninterrupted run.

    settings = Settings("queries.jsonl", "tagged", Columns("query", None))
    for outcome in outcomes(begin(settings), jobs=4):
        ...
    finish(settings)
"""
