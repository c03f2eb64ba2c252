"""Sentences with a model's labels, reviewed by a person one after another.

sentences.py  a file -> sentences, each once, with the labels that stand there or those of the model
doubt.py      how likely a model finds the labels of a sentence
order.py      which sentence comes first
draft.py      the labels of one sentence while a person mends them
journal.py    a file that grows by whole lines, and survives a kill
output.py     the decisions: what is written, what is put off, and what was decided before
session.py    one sentence after another: accept, skip, undo

The terminal (slotfill/cli/reviewing) and the page (slotfill/server) are two faces of one `Session`.
"""
