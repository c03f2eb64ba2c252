"""Data in, a calibrated bundle out: `pipeline` is the way, the other modules are its steps.

data.py            data sets -> pooled splits, with a dev split held out where there is none
mixture.py         which sentences an epoch takes of each data set
augmentation.py    value substitution: copies of sentences with other values
relabelling.py     the repair of a flaw in the labels of ATIS
lexicons.py        the values that slotfill ships, by slot type
vocabularies.py    the words, tags and gazetteers that a network counts by
batches.py         sentences -> batches of equal length, as ids
loop.py            the epochs
history.py         what is reported of each epoch
fingerprint.py     a digest of all that decides the weights
checkpoint.py      an interrupted training on disk
calibration.py     the temperature of confidence
bundling.py        network -> bundle, and back
model_card.py      the README of a bundle
pipeline.py        all of it in order: `train` and `Training`
"""
