"""A tagger for an exported model, written from the JSON beside it and from nothing of slotfill."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

Found = dict[str, Any]


class Elsewhere:
    """Texts -> slots and intent, by an .onnx file and the JSON beside it."""

    def __init__(self, description: Path) -> None:
        self.said = json.loads(description.read_text(encoding="utf-8"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        network = description.parent / self.said["network"]["file"]
        self.session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        tokens, ids = self.said["tokens"], self.said["ids"]
        self.pattern = re.compile(tokens["pattern"])
        self.words, self.characters = (
            {item: number for number, item in enumerate(self.said[name], start=ids["first"])}
            for name in ("words", "characters")
        )

    def tokens(self, text: str) -> list[tuple[str, int, int]]:
        """Tokens with start and end."""
        return [(match.group(), match.start(), match.end()) for match in self.pattern.finditer(text)]

    def fold(self, word: str) -> str:
        """The folded form."""
        while True:
            before = word
            normal = unicodedata.normalize("NFKD", word.casefold())
            word = "".join(sign for sign in normal if unicodedata.combining(sign) == 0) or before
            if word == before:
                break
        word = "".join(self.said["folding"]["replace"].get(sign, sign) for sign in word)
        return "".join("0" if unicodedata.category(sign) == "Nd" else sign for sign in word)

    def tag(self, texts: list[str]) -> list[Found]:
        """All texts as one batch."""
        sentences = [self.tokens(text) for text in texts]
        found: list[Found] = [{"tags": [], "slots": [], "intent": None} for _ in texts]
        live = [number for number, sentence in enumerate(sentences) if sentence]
        if live:
            forms = [[self.fold(word) for word, _, _ in sentences[number]] for number in live]
            for row, (number, scores) in enumerate(zip(live, self.run(forms), strict=True)):
                emissions = scores[0][: len(forms[row])]
                found[number] = self.read(texts[number], sentences[number], emissions, scores[1])
        return found

    def run(self, forms: list[list[str]]) -> list[tuple[NDArray[np.float32], NDArray[np.float32] | None]]:
        """Emissions (T, K) and intent scores of each sentence."""
        ids = self.said["ids"]
        size, longest = max(map(len, forms)), ids["longest_word"]
        words = np.full((len(forms), size), ids["pad"], dtype=np.int64)
        characters = np.full((len(forms), size, longest), ids["pad"], dtype=np.int64)
        for row, sentence in enumerate(forms):
            for place, form in enumerate(sentence):
                words[row, place] = self.words.get(form, ids["unknown"])
                read = [self.characters.get(sign, ids["unknown"]) for sign in form[:longest]]
                characters[row, place, : len(read)] = read
        lengths = np.array([len(sentence) for sentence in forms], dtype=np.int64)
        given = {"words": words, "characters": characters, "lengths": lengths}
        outputs = [entry["name"] for entry in self.said["outputs"]]
        scores = self.session.run(outputs, {entry["name"]: given[entry["name"]] for entry in self.said["inputs"]})
        by_name = dict(zip(outputs, scores, strict=True))
        intents = by_name.get("intents", [None] * len(forms))
        return list(zip(by_name["emissions"], intents, strict=True))

    def read(
        self,
        text: str,
        tokens: list[tuple[str, int, int]],
        emissions: NDArray[np.float32],
        intents: NDArray[np.float32] | None,
    ) -> Found:
        """Tags, slots and intent of one sentence."""
        names = self.said["tags"]
        path = self.best(emissions)
        sure = [float(softmax(row)[tag]) for row, tag in zip(emissions, path, strict=True)]
        tags = [names[tag] for tag in path]
        slots: list[list[Any]] = []
        for tag, (_, start, end), confidence in zip(tags, tokens, sure, strict=True):
            if tag[0] == "B":
                slots.append([tag[2:], start, end, confidence])
            elif tag[0] == "I":
                slots[-1][2:] = [end, min(slots[-1][3], confidence)]
        intent = None
        if intents is not None:
            intent = self.said["intents"][int(intents.argmax())], float(softmax(intents).max())
        slots = [[name, text[start:end], start, end, confidence] for name, start, end, confidence in slots]
        return {"tags": tags, "slots": slots, "intent": intent}

    def best(self, emissions: NDArray[np.float32]) -> list[int]:
        """The best sequence of tags that obeys `only_after`, as ids (Viterbi)."""
        names, only_after = self.said["tags"], self.said["decoding"]["only_after"]
        allowed = np.array([[tag not in only_after or before in only_after[tag] for tag in names] for before in names])
        score = np.where([tag in only_after for tag in names], -np.inf, emissions[0])
        back = []
        for row in emissions[1:]:
            candidates = np.where(allowed, score[:, None], -np.inf)
            back.append(candidates.argmax(0))
            score = candidates.max(0) + row
        path = [int(score.argmax())]
        for step in reversed(back):
            path.append(int(step[path[-1]]))
        return path[::-1]


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    exps: NDArray[np.float32] = np.exp(scores - scores.max())
    exps /= exps.sum()
    return exps
