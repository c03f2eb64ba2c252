"""spaCy's entity recognizer on a blank English pipeline, on the CPU."""

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from contestant import Slots, main

spacy: Any = import_module("spacy")
EPOCHS = 20


def load(model: str) -> "Ner":
    return Ner(spacy.load(f"{model}.spacy"))


class Ner:
    """A pipeline and its entities."""

    def __init__(self, nlp: Any) -> None:
        self.nlp = nlp

    def slots(self, texts: Sequence[str]) -> Iterator[Slots]:
        """Of texts."""
        docs = self.nlp.pipe(texts) if len(texts) > 1 else map(self.nlp, texts)
        for doc in docs:
            yield [{"name": e.label_, "text": e.text, "start": e.start_char, "end": e.end_char} for e in doc.ents]

    def tags(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Of the words as given, which is kind: spaCy's own tokenizer would split some of them."""
        docs = self.nlp.pipe([spacy.tokens.Doc(self.nlp.vocab, words=list(words)) for words in sentences])
        return [[f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in doc] for doc in docs]


def train(data: str, model: str) -> float:
    """The epoch with the best strict F1 on dev."""
    import json
    import random
    from pathlib import Path
    from time import process_time

    from slotfill.evaluation import score

    began = process_time()
    spacy.util.fix_random_seed(1)
    shuffler = random.Random(1)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    part, dev = (json.loads((Path(data) / f"{name}.json").read_text()) for name in ("train", "dev"))
    example_of, to_biluo = spacy.training.Example.from_dict, spacy.training.iob_to_biluo
    examples = [
        example_of(spacy.tokens.Doc(nlp.vocab, words=words), {"entities": to_biluo(tags)}) for words, tags in part
    ]
    optimizer = nlp.initialize(lambda: examples)
    best = -1.0
    for _ in range(EPOCHS):
        shuffler.shuffle(examples)
        for batch in spacy.util.minibatch(examples, size=32):
            nlp.update(batch, sgd=optimizer, drop=0.2)
        with nlp.use_params(optimizer.averages):
            f1 = score([tags for _, tags in dev], Ner(nlp).tags([words for words, _ in dev])).micro.f1
            if f1 > best:
                best = f1
                nlp.to_disk(f"{model}.spacy")
    return process_time() - began


def run() -> None:
    main(sys.modules[__name__])
