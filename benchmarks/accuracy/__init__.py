"""How right slotfill is, beside the literature and python-crfsuite: the tables of docs/accuracy.md.

plan.py        which trainings each part of the benchmark needs
training.py    one training in its own process -> one JSON file, which is kept
scoring.py     tags -> figures, strict and flattering
mistakes.py    what kind of error each wrong span is, by rule
literature.py  what others report, and who reran it
results.py     kept files -> scores; tables.py: scores -> tables and the learning curve
"""
