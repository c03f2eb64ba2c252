"""Recurrent cells small enough to work by hand, in plain floats: what `slotfill cell` and the page /cell show.

numbers.py   the arithmetic of both, sequences, and how numbers are written
lstm.py      one LSTM unit with three inputs, and the example of Hung-yi Lee's lectures
simple.py    an Elman and a Jordan net of two units, and his example of them

The page computes the same in slotfill/server/page/worked_cells.js; a test holds both equal, and others hold these
equal to the cells that are trained (slotfill/cells) and to those that tag (slotfill/runtime).
"""
