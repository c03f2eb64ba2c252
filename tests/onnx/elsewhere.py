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

    def fold(self, word: str, steps: list[str] | None = None) -> str:
        """The folded form."""
        steps = steps or self.said["folding"]["steps"]
        drops, lowers = "drop every character" in steps[2], any("fold the case" in step for step in steps)
        while True:
            before = word
            if lowers:
                word = word if drops else unicodedata.normalize("NFKC", word)
                word = word.casefold() if drops else word.casefold().replace("i\u0307", "i")
            word = unicodedata.normalize("NFKD", word)
            kept = "".join(sign for sign in word if unicodedata.combining(sign) == 0)
            word = (kept if drops else self.replaced(word)) or before
            if word == before:
                break
        word = self.replaced(word) if drops else word
        return "".join("0" if unicodedata.category(sign) == "Nd" else sign for sign in word)

    def replaced(self, word: str) -> str:
        """With other characters in place of some."""
        return "".join(self.said["folding"]["replace"].get(sign, sign) for sign in word)

    def entry(self, form: str) -> str:
        """What is looked up."""
        other = self.said["ids"]["entry"]
        return form if other is None else self.fold(form, other["steps"])

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
                words[row, place] = self.words.get(self.entry(form), ids["unknown"])
                read = [self.characters.get(sign, ids["unknown"]) for sign in form[:longest]]
                characters[row, place, : len(read)] = read
        lengths = np.array([len(sentence) for sentence in forms], dtype=np.int64)
        matches = np.zeros((*words.shape, 2 * len(self.said["gazetteers"]["names"])), dtype=np.float32)
        for row, sentence in enumerate(forms):
            self.mark(sentence, matches[row])
        given = {"words": words, "characters": characters, "lengths": lengths, "matches": matches}
        outputs = [entry["name"] for entry in self.said["outputs"]]
        scores = self.session.run(outputs, {entry["name"]: given[entry["name"]] for entry in self.said["inputs"]})
        by_name = dict(zip(outputs, scores, strict=True))
        intents = by_name.get("intents", [None] * len(forms))
        return list(zip(by_name["emissions"], intents, strict=True))

    def mark(self, forms: list[str], matches: NDArray[np.float32]) -> None:
        """Put ones where names stand."""
        lists, runs = self.said["gazetteers"]["names"], self.said["gazetteers"]["entries"]
        for number in range(len(lists)):
            reached = 0
            for start in range(len(forms)):
                ends = [
                    end
                    for end in range(start + 1, len(forms) + 1)
                    if number in runs.get(self.entry(" ".join(forms[start:end])), [])
                ]
                if ends and reached <= start:
                    reached = ends[-1]
                    matches[start, 2 * number] = 1
                    matches[start + 1 : reached, 2 * number + 1] = 1

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
        tags = [names[tag] for tag in path]
        spans: list[list[Any]] = []
        for place, tag in enumerate(tags):
            if tag[0] == "B":
                spans.append([tag[2:], place, place + 1])
            elif tag[0] == "I":
                spans[-1][2] = place + 1
        slots = [
            [name, tokens[first][1], tokens[end - 1][2], self.confidence(emissions, path, first, end)]
            for name, first, end in spans
        ]
        intent = None
        if intents is not None and self.said["decoding"]["intent_sign"] is not None:
            there = (intents > 0) | (intents == intents.max())
            chances = 1 / (1 + np.exp(-intents.astype(np.float64)))
            names_there = [name for name, is_there in zip(self.said["intents"], there, strict=True) if is_there]
            sure = float(np.where(there, chances, 1 - chances).prod())
            intent = self.said["decoding"]["intent_sign"].join(names_there), sure
        elif intents is not None:
            intent = self.said["intents"][int(intents.argmax())], float(softmax(intents).max())
        slots = [[name, text[start:end], start, end, confidence] for name, start, end, confidence in slots]
        return {"tags": tags, "slots": slots, "intent": intent}

    def best(self, emissions: NDArray[np.float32]) -> list[int]:
        """The best sequence of tags that obeys `only_after`, as ids (Viterbi)."""
        steps = self.steps()
        score = emissions[0] + steps[-1]
        back = []
        for row in emissions[1:]:
            candidates = score[:, None] + steps[:-1]
            back.append(candidates.argmax(0))
            score = candidates.max(0) + row
        path = [int(score.argmax())]
        for step in reversed(back):
            path.append(int(step[path[-1]]))
        return path[::-1]

    def steps(self) -> NDArray[np.float64]:
        """What it is worth that a tag follows another, or in the last row begins."""
        names, decoding = self.said["tags"], self.said["decoding"]
        only_after = decoding["only_after"]
        allowed = [[tag not in only_after or before in only_after[tag] for tag in names] for before in (*names, None)]
        worth = np.array(decoding["transitions"] or np.zeros((len(names) + 1, len(names))))
        return np.where(allowed, worth, -np.inf)

    def confidence(self, emissions: NDArray[np.float32], path: list[int], first: int, end: int) -> float:
        """The sum over all sequences that have the slot, divided by that over all sequences."""
        names, heat = self.said["tags"], self.said["decoding"]["temperature"]
        inside = names[path[first]].replace("B-", "I-", 1)

        def total(keep: bool) -> float:
            """The logarithm of a sum of exponentials, by going through the tokens once."""
            score = np.full(len(names), -np.inf)
            for place, row in enumerate(emissions):
                comes = (
                    self.steps()[-1] if place == 0 else np.logaddexp.reduce(score[:, None] + self.steps()[:-1] / heat)
                )
                score = comes / (heat if place == 0 else 1) + row / heat
                if keep and first <= place < end:
                    score[np.arange(len(names)) != path[place]] = -np.inf
                if keep and place == end and inside in names:
                    score[names.index(inside)] = -np.inf
            return float(np.logaddexp.reduce(score))

        return float(np.exp(total(keep=True) - total(keep=False)))


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    exps: NDArray[np.float32] = np.exp(scores - scores.max())
    exps /= exps.sum()
    return exps
