"""The same network in onnxruntime: one graph, in sorted padded batches of 32.

The graph reads the characters of each distinct word of a batch once, as the torch network does.
"""

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from contestant import Slots, main, slots_of
from vocabulary import Ids, batches, decoded

runtime: Any = import_module("onnxruntime")


def load(model: str) -> "Onnx":
    return Onnx(model)


class Onnx:
    """A graph, and the ids that it reads."""

    def __init__(self, model: str) -> None:
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = runtime.InferenceSession(f"{model}.onnx", options, providers=["CPUExecutionProvider"])
        self.ids = Ids(model)

    def _run(self, sentences: Sequence[Sequence[str]]) -> Any:
        """The emissions of one batch, (T, B, K)."""
        words, characters, forms = self.ids.of(sentences)
        fed = {
            "words": np.array(words),
            "characters": np.array(characters),
            "forms": np.array(forms).T,
            "lengths": np.array([len(sentence) for sentence in sentences], dtype=np.int32),
        }
        return self.session.run(None, fed)[0]

    def slots(self, texts: Sequence[str]) -> Iterator[Slots]:
        """Of texts."""
        sentences = [text.split() for text in texts]
        tags: list[list[str]] = [[] for _ in texts]
        for numbers in batches(sentences):
            best_BT = self._run([sentences[n] for n in numbers]).argmax(2).T.tolist()
            for number, row in zip(numbers, best_BT, strict=True):
                tags[number] = [self.ids.tags[k] for k in row[: len(sentences[number])]]
        return map(slots_of, sentences, tags)

    def tags(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """Of tokenized sentences, decoded as slotfill does."""
        tags: list[list[str]] = [[] for _ in sentences]
        for numbers in batches(sentences):
            emissions_BTK = self._run([sentences[n] for n in numbers]).swapaxes(0, 1)
            for number, emissions_TK in zip(numbers, emissions_BTK, strict=True):
                tags[number] = decoded(emissions_TK[: len(sentences[number])], self.ids.tags)
        return tags


def convert(bundle: str, model: str) -> None:
    """Write the graph of a bundle: words (W), characters (W, C), forms (T, B), lengths (B) -> emissions, intents."""
    from pathlib import Path

    from slotfill.bundle import read

    helper, numpy_helper = import_module("onnx.helper"), import_module("onnx.numpy_helper")
    weights = read(Path(bundle)).weights
    nodes: list[Any] = []
    constants: list[Any] = []

    def constant(name: str, array: Any) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(operator: str, *inputs: str, out: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(operator, inputs, [out], **attributes))
        return out

    def blocks(name: str) -> Any:
        """Rows i, f, g, o as ONNX has them: i, o, f, g; for both directions."""
        both = [np.split(weights[f"encoder.0.{direction}.{name}"], 4) for direction in ("forward", "backward")]
        return np.stack([np.concatenate([i, o, f, g]) for i, f, g, o in both])

    width = weights["features.filters"].shape[2]
    vectors = node("Gather", constant("character_table", weights["features.characters"]), "characters", out="wce")
    vectors = node("Transpose", vectors, out="wec", perm=[0, 2, 1])
    filters = constant("filters", weights["features.filters"]), constant("filters_b", weights["features.filters_b"])
    read_WFC = node("Conv", vectors, *filters, out="conv", pads=[(width - 1) // 2, width // 2])
    present = node("Cast", "characters", out="float", to=1)
    present = node("Sign", present, out="sign")
    present = node("Unsqueeze", present, constant("one", np.array([1])), out="present")
    kept = node("Mul", node("Relu", read_WFC, out="relu"), present, out="kept")
    best = node("ReduceMax", kept, out="best", axes=[2], keepdims=0)
    word = node("Gather", constant("word_table", weights["features.words"]), "words", out="word")
    x_TBE = node("Gather", node("Concat", word, best, out="x_WE", axis=1), "forms", out="x_TBE")
    b = blocks("b")
    lstm = constant("W", blocks("W")), constant("U", blocks("U")), constant("b", np.concatenate([b, 0 * b], axis=1))
    hidden = weights["encoder.0.forward.U"].shape[1]
    h_TDBH = node("LSTM", x_TBE, *lstm, "lengths", out="h", hidden_size=hidden, direction="bidirectional")
    h_TBDH = node("Transpose", h_TDBH, out="turned", perm=[0, 2, 1, 3])
    states = node("Reshape", h_TBDH, constant("shape", np.array([0, 0, -1])), out="states")
    head = constant("V", weights["emissions.W"].T), constant("c", weights["emissions.b"])
    node("Add", node("MatMul", states, head[0], out="product"), head[1], out="emissions")
    # no state is below -1, so that what stands beyond a sentence's end is never the largest
    zero, one = constant("zero", np.array(0)), constant("step", np.array(1))
    longest = node("Gather", node("Shape", "forms", out="sizes"), zero, out="longest")
    times = node("Unsqueeze", node("Range", zero, longest, one, out="range"), "one", out="times")
    there = node("Less", times, node("Cast", "lengths", out="long", to=7), out="less")
    there = node("Unsqueeze", there, constant("two", np.array([2])), out="there")
    masked = node("Where", there, states, constant("floor", np.array(-1, dtype=np.float32)), out="masked")
    largest = node("ReduceMax", masked, out="largest", axes=[0], keepdims=0)
    head = constant("P", weights["intent.W"].T), constant("q", weights["intent.b"])
    node("Add", node("MatMul", largest, head[0], out="intent_product"), head[1], out="intents")

    def value(name: str, shape: list[Any], kind: int = 7) -> Any:
        return helper.make_tensor_value_info(name, kind, shape)

    inputs = [value("words", ["W"]), value("characters", ["W", "C"]), value("forms", ["T", "B"])]
    inputs.append(value("lengths", ["B"], 6))
    outputs = [value("emissions", ["T", "B", head_size(weights, "emissions")], 1)]
    outputs.append(value("intents", ["B", head_size(weights, "intent")], 1))
    graph = helper.make_graph(nodes, "tagger", inputs, outputs, constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    Path(f"{model}.onnx").write_bytes(made.SerializeToString())


def head_size(weights: Any, name: str) -> int:
    return len(weights[f"{name}.b"])


def run() -> None:
    main(sys.modules[__name__])
