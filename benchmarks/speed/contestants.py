"""What every contestant can do, and how to ask it; imports are few, since they are part of a cold start.

    NAME one MODEL TEXT           label one text and print a JSON line
    NAME bulk MODEL INPUT OUTPUT  label a file, one sentence a line, into JSON lines
    NAME warm MODEL INPUT         label each line by itself; print the CPU seconds that each took, as JSON
    NAME predict MODEL INPUT      label the tokens of a file of splits; print IOB2 tags as JSON
    NAME train DATA MODEL         train on a file of splits; print the CPU seconds

A file of splits holds {split: [[tokens, tags], ...]}. All but slotfill split texts at white space, which is cheaper
than slotfill's tokenizer and right for ATIS, and give no confidence. torch and onnxruntime run slotfill's network in
sorted batches of 32.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from time import process_time
from typing import Any

Slots = list[dict[str, Any]]
Sentences = Sequence[Sequence[str]]
Rows = Sequence[tuple[Sequence[str], Sequence[str]]]  # tokens and tags
BATCH = 32
SPACY_EPOCHS = 20
_DIGITS = str.maketrans("123456789", "000000000")


def main() -> None:
    name, task, *arguments = sys.argv[1:]
    if task == "train":
        splits = json.loads(_read(arguments[0]))
        import_module({"crfsuite": "pycrfsuite"}.get(name, name))  # not counted
        began = process_time()
        if name == "spacy":
            train_spacy(splits["train"], splits["dev"], arguments[1])
        else:
            train_crfsuite(splits["train"], arguments[1])
        print(process_time() - began)
        return
    tagger, source = LOADERS[name](arguments[0]), arguments[1]
    if task == "one":
        (slots,) = tagger.slots([source])
        print(json.dumps({"text": source, "slots": slots}))
    elif task == "predict":
        print(json.dumps(tagger.tags([words for words, _ in json.loads(_read(source))["test"]])))
    elif task == "warm":
        print(json.dumps([_timed(tagger, line) for line in _read(source).splitlines()]))
    else:
        lines = _read(source).splitlines()
        with open(arguments[2], "w", encoding="utf-8") as file:  # noqa: PTH123
            for text, slots in zip(lines, tagger.slots(lines), strict=True):
                file.write(json.dumps({"text": text, "slots": slots}, ensure_ascii=False) + "\n")


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123  # pathlib costs a cold start
        return file.read()


def _timed(tagger: Any, line: str) -> float:
    began = process_time()
    list(tagger.slots([line]))
    return process_time() - began


def slots_of(words: Sequence[str], tags: Sequence[str]) -> Slots:
    """IOB2 -> slots; an `I-` that continues nothing begins a slot of its own."""
    slots: Slots = []
    name = ""
    for word, tag in zip(words, tags, strict=True):
        if tag[:2] == "I-" and tag[2:] == name:
            slots[-1]["text"] += f" {word}"
        elif name := tag[2:]:
            slots.append({"name": name, "text": word})
    return slots


class Slotfill:
    """A bundle, through slotfill's Python interface."""

    def __init__(self, model: str) -> None:
        import slotfill

        self.tagger = slotfill.load(model)

    def slots(self, texts: Sequence[str]) -> Iterator[Slots]:
        for annotation in self.tagger.tag(texts):
            yield [{"name": slot.name, "text": slot.text} for slot in annotation.slots]

    def tags(self, sentences: Sentences) -> list[list[str]]:
        from slotfill.readers.alignment import align

        texts = [" ".join(words) for words in sentences]
        tokens = [align(text, words) for text, words in zip(texts, sentences, strict=True)]
        return [list(annotation.tags) for annotation in self.tagger.annotate(texts, tokens)]


# --- the same network in torch and in onnxruntime --------------------------------------------------


class Network:
    """slotfill's vocabularies, and `run`, a function from a batch to emissions (B, T, K).

    A batch is its distinct words (W), their characters (W, C), which word each token is (B, T), and lengths (B).
    """

    def __init__(self, words: Sequence[str], characters: Sequence[str], tags: Sequence[str], run: Any) -> None:
        self.words = {word: number for number, word in enumerate(words, start=2)}
        self.characters = {character: number for number, character in enumerate(characters, start=2)}
        self.names, self.run = list(tags), run

    def slots(self, texts: Sequence[str]) -> Iterator[Slots]:
        """By each token's best tag."""
        sentences = [text.split() for text in texts]
        tags: list[list[str]] = [[] for _ in texts]
        for numbers, emissions_BTK in self._batches(sentences):
            for number, row in zip(numbers, emissions_BTK.argmax(2).tolist(), strict=True):
                tags[number] = [self.names[k] for k in row[: len(sentences[number])]]
        return map(slots_of, sentences, tags)

    def tags(self, sentences: Sentences) -> list[list[str]]:
        """The best tags that IOB2 allows, decoded by slotfill to compare labels."""
        import numpy as np

        from slotfill.decoding.chain import Chain

        chain, tags = Chain(self.names), [[""]] * len(sentences)
        for numbers, emissions_BTK in self._batches(sentences):
            for number, emissions_TK in zip(numbers, emissions_BTK, strict=True):
                own = np.ascontiguousarray(emissions_TK[: len(sentences[number])])
                tags[number] = [self.names[k] for k in chain.decode(own, np.zeros(1, dtype=np.int64)).tolist()]
        return tags

    def _batches(self, sentences: Sentences) -> Iterator[tuple[list[int], Any]]:
        """Numbers of sentences, longest first, and their emissions; empty sentences are left out."""
        order = sorted((n for n, words in enumerate(sentences) if words), key=lambda n: -len(sentences[n]))
        for start in range(0, len(order), BATCH):
            numbers = order[start : start + BATCH]
            batch = [sentences[n] for n in numbers]
            yield numbers, self.run(*self._ids(batch), list(map(len, batch)))

    def _ids(self, sentences: Sentences) -> tuple[list[int], list[list[int]], list[list[int]]]:
        rows: dict[str, int] = {}
        # folded as slotfill folds ASCII
        forms = [[rows.setdefault(w.lower().translate(_DIGITS), len(rows)) for w in words] for words in sentences]
        longest, widest = max(map(len, forms)), min(32, max(map(len, rows)))
        characters = [[self.characters.get(c, 1) for c in word[:widest]] for word in rows]
        return (
            [self.words.get(word, 1) for word in rows],
            [row + [0] * (widest - len(row)) for row in characters],
            [row + [0] * (longest - len(row)) for row in forms],
        )


def load_torch(model: str) -> Network:
    """Both directions in one module, which is how torch runs packed batches fastest."""
    from pathlib import Path

    import torch
    from torch import nn

    from slotfill.bundle import read
    from slotfill.training.bundling import from_bundle

    torch.set_num_threads(1)
    bundle = read(Path(model))
    network, known = from_bundle(bundle), bundle.vocabularies
    cells: list[Any] = [network.encoder.cell(0, direction) for direction in (0, 1)]
    lstm = nn.LSTM(network.features.size, cells[0].hidden, bidirectional=True, batch_first=True).eval()
    with torch.no_grad():
        for cell, suffix in zip(cells, ("", "_reverse"), strict=True):
            first, second = cell.biases()
            for name, weight in (("weight_ih", cell.W), ("weight_hh", cell.U), ("bias_ih", first + second)):
                getattr(lstm, f"{name}_l0{suffix}").copy_(weight)
            getattr(lstm, f"bias_hh_l0{suffix}").zero_()
    (head,) = network.heads()

    @torch.inference_mode()
    def run(words_W: Any, characters_WC: Any, forms_BT: Any, lengths: list[int]) -> Any:
        words_W, characters_WC, forms_BT = map(torch.tensor, (words_W, characters_WC, forms_BT))
        if len(lengths) == 1:
            return network(words_W[forms_BT], forms_BT, characters_WC)[0].numpy()
        x_BTE = network.features(words_W[forms_BT], forms_BT, characters_WC)
        packed = nn.utils.rnn.pack_padded_sequence(x_BTE, lengths, batch_first=True)
        # no state is below -1, so padding is never the largest
        states_BTS, _ = nn.utils.rnn.pad_packed_sequence(lstm(packed)[0], batch_first=True, padding_value=-1.0)
        if network.intent is not None:
            network.intent(states_BTS.amax(1)).argmax(1)
        return head(states_BTS).numpy()

    return Network(known.words.items[2:], known.characters.items[2:], known.tags.items, run)


def load_onnxruntime(model: str) -> Network:
    """The files of `slotfill export`."""
    import numpy as np

    runtime: Any = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = runtime.InferenceSession(f"{model}.onnx", options, providers=["CPUExecutionProvider"])
    known = json.loads(_read(f"{model}.onnx.json"))

    def run(words_W: Any, characters_WC: Any, forms_BT: Any, lengths: list[int]) -> Any:
        words_W, characters_WC, forms_BT = map(np.array, (words_W, characters_WC, forms_BT))
        fed = {"words": words_W[forms_BT], "characters": characters_WC[forms_BT], "lengths": np.array(lengths)}
        return session.run(None, fed)[0]

    return Network(known["words"], known["characters"], known["tags"], run)


# --- python-crfsuite: a linear-chain CRF in C ------------------------------------------------------


class Crfsuite:
    """A model file with the usual features of a word and of two neighbours to each side; `cased`: with their case."""

    def __init__(self, model: str, *, cased: bool = False) -> None:
        self.cased = cased
        self.tagger = import_module("pycrfsuite").Tagger()
        self.tagger.open(f"{model}.crfsuite")

    def slots(self, texts: Sequence[str]) -> Iterator[Slots]:
        for words in map(str.split, texts):
            yield slots_of(words, *self.tags([words]))

    def tags(self, sentences: Sentences) -> list[list[str]]:
        return [self.tagger.tag(_features(words, cased=self.cased)) if words else [] for words in sentences]


def _features(words: Sequence[str], *, cased: bool = False) -> list[list[str]]:
    own = [_of_word(word if cased else word.lower()) for word in words]
    rows = []
    for place, here in enumerate(own):
        row = ["bias", *here]
        for offset in (-2, -1, 1, 2):
            at = place + offset
            if 0 <= at < len(own):
                row += [f"{offset}:{feature}" for feature in own[at][: 3 if abs(offset) == 1 else 1]]
            else:
                row.append(f"{offset}:none")
        rows.append(row)
    return rows


def _of_word(word: str) -> list[str]:
    """The word, its shape, then its suffixes and prefixes."""
    shape = "".join("0" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in word)
    affixes = [f"{side}{n}={text}" for n in (2, 3, 4) for side, text in (("s", word[-n:]), ("p", word[:n]))]
    return [f"w={word}", f"s3={word[-3:]}", f"shape={shape}", *affixes]


def train_crfsuite(train: Rows, model: str, *, cased: bool = False) -> None:
    trainer = import_module("pycrfsuite").Trainer(verbose=False)
    for words, tags in train:
        trainer.append(_features(words, cased=cased), tags)
    trainer.set_params({"c1": 0.1, "c2": 0.01, "max_iterations": 100})
    trainer.train(f"{model}.crfsuite")


# --- spaCy's entity recognizer on a blank English pipeline, on the CPU -----------------------------


class Spacy:
    """A pipeline, or the folder of one."""

    def __init__(self, model: Any) -> None:
        self.spacy: Any = import_module("spacy")
        self.nlp = self.spacy.load(f"{model}.spacy") if isinstance(model, str) else model

    def slots(self, texts: Sequence[str]) -> Iterator[Slots]:
        for doc in self.nlp.pipe(texts) if len(texts) > 1 else map(self.nlp, texts):
            yield [{"name": e.label_, "text": e.text, "start": e.start_char, "end": e.end_char} for e in doc.ents]

    def tags(self, sentences: Sentences) -> list[list[str]]:
        """Of the given tokens, which is kind: spaCy's own tokenizer would split some of them."""
        docs = self.nlp.pipe([self.spacy.tokens.Doc(self.nlp.vocab, words=list(words)) for words in sentences])
        return [[f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in doc] for doc in docs]


def train_spacy(train: Rows, dev: Rows, model: str) -> None:
    """Keep the epoch with the best strict F1 on dev."""
    import random

    from slotfill.evaluation import score

    spacy: Any = import_module("spacy")
    spacy.util.fix_random_seed(1)
    nlp, shuffler, best = spacy.blank("en"), random.Random(1), -1.0
    nlp.add_pipe("ner")
    example_of, to_biluo = spacy.training.Example.from_dict, spacy.training.iob_to_biluo
    examples = [
        example_of(spacy.tokens.Doc(nlp.vocab, words=words), {"entities": to_biluo(tags)}) for words, tags in train
    ]
    words, gold = zip(*dev, strict=True)
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(SPACY_EPOCHS):
        shuffler.shuffle(examples)
        for batch in spacy.util.minibatch(examples, size=32):
            nlp.update(batch, sgd=optimizer, drop=0.2)
        with nlp.use_params(optimizer.averages):
            if (f1 := score(gold, Spacy(nlp).tags(words)).micro.f1) > best:
                best = f1
                nlp.to_disk(f"{model}.spacy")


LOADERS: dict[str, Callable[[str], Any]] = {
    "slotfill": Slotfill,
    "torch": load_torch,
    "onnxruntime": load_onnxruntime,
    "crfsuite": Crfsuite,
    "spacy": Spacy,
}
