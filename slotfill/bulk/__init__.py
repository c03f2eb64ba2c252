"""A data set tagged in parts: files too big for memory, runs that may be killed, machines as many as there are.

    storage.py     files and folders, of this machine or of what pyarrow reaches
    sources.py     a source -> parts: fixed ranges of its rows, found without tagging anything
    rows.py        a part -> its rows: an id and a text each, or what is wrong with it
    records.py     a row and what the tagger says -> a record of the declared schema, as JSON line or Parquet
    run.py         what is still to do, and doing it: a part is written whole or not at all
    on_ray.py      the same parts, tagged by the actors of Ray Data

A part depends on nothing but the source and the settings. So it does not matter who tags it, or how often: a run
that was killed goes on with the parts that are not there yet, and what comes out is what an uninterrupted run gives.
"""
