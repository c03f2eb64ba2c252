"""From data to a calibrated bundle. `pipeline` runs the steps; each of the other modules is one of them.

pipeline.py        all steps in order: `train` and `Training`
data.py            data sets -> pooled splits, with a dev split held out where there is none
mixture.py         which sentences an epoch takes from each data set
augmentation.py    value substitution: copies of sentences with other values
vectors.py         word vectors learnt from other texts (vector_sources.py: where to get them)
vocabularies.py    the words, tags and gazetteers of a network
batches.py         sentences -> batches of ids, each of one length
loop.py            the epochs
history.py         the report of an epoch
checkpoint.py      an interrupted training on disk
calibration.py     the temperature of the confidence
bundling.py        network -> bundle with its model card, and back
"""
