"""Emissions -> valid IOB2 tags, the probability of each tag, and the confidence of each span.

    chain.py             `Chain`, which chooses between the forms below
    transitions.py       which tag may follow which, and the scores of a CRF
    viterbi.py           the best path of one sentence: the plain definition
    pruned.py            the same paths for many sentences at a time
    forward_backward.py  marginals and confidence over all pairs of tags: the plain definition
    confidence.py        the confidence of the spans of a path
    inside_pairs.py      the same confidence, faster, without a CRF
    compiled.py          all of these, where there is a compiled core; without numpy
    long.py              path and confidence of one sentence of any length, in bounded memory

tests/test_decoding.py checks that all forms agree.

Shapes: B sentences, N tokens of all sentences one after another, T tokens of one sentence, K tags. Sentences begin at
`starts` (B,), and none is empty.
"""
