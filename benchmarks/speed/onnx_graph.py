"""The network of a bundle as a graph for onnxruntime that reads the characters of each distinct word of a batch once.

`slotfill export` writes a graph for programs that know nothing of batches; this one is faster, as torch's network is.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from slotfill.bundle import read


def write_graph(bundle: Path, target: Path) -> None:
    """Words (W), characters (W, C), forms (T, B), lengths (B) -> emissions (T, B, K), intents (B, I)."""
    helper, numpy_helper = import_module("onnx.helper"), import_module("onnx.numpy_helper")
    weights = read(bundle).weights
    nodes: list[Any] = []
    constants: list[Any] = []

    def constant(array: Any) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(array), f"c{len(constants)}"))
        return f"c{len(constants) - 1}"

    def node(operator: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        out = out or f"n{len(nodes)}"
        nodes.append(helper.make_node(operator, inputs, [out], **attributes))
        return out

    def blocks(name: str) -> Any:
        """Rows i, f, g, o as ONNX has them: i, o, f, g; for both directions."""
        both = [np.split(weights[f"encoder.0.{direction}.{name}"], 4) for direction in ("forward", "backward")]
        return np.stack([np.concatenate([i, o, f, g]) for i, f, g, o in both])

    width, hidden = weights["features.filters"].shape[2], weights["encoder.0.forward.U"].shape[1]
    characters_WeC = node(
        "Transpose", node("Gather", constant(weights["features.characters"]), "characters"), perm=[0, 2, 1]
    )
    filters = constant(weights["features.filters"]), constant(weights["features.filters_b"])
    read_WFC = node("Relu", node("Conv", characters_WeC, *filters, pads=[(width - 1) // 2, width // 2]))
    present_W1C = node("Unsqueeze", node("Sign", node("Cast", "characters", to=1)), constant(np.array([1])))
    best_WF = node("ReduceMax", node("Mul", read_WFC, present_W1C), axes=[2], keepdims=0)
    x_WE = node("Concat", node("Gather", constant(weights["features.words"]), "words"), best_WF, axis=1)
    b = blocks("b")
    lstm = constant(blocks("W")), constant(blocks("U")), constant(np.concatenate([b, 0 * b], axis=1))
    h_TDBH = node(
        "LSTM", node("Gather", x_WE, "forms"), *lstm, "lengths", hidden_size=hidden, direction="bidirectional"
    )
    states_TBS = node("Reshape", node("Transpose", h_TDBH, perm=[0, 2, 1, 3]), constant(np.array([0, 0, -1])))
    scores_TBK = node("MatMul", states_TBS, constant(weights["emissions.W"].T))
    node("Add", scores_TBK, constant(weights["emissions.b"]), out="emissions")
    # no state is below -1, so what stands beyond a sentence's end is never the largest
    zero, one = constant(np.array(0)), constant(np.array(1))
    times_T = node("Range", zero, node("Gather", node("Shape", "forms"), zero), one)
    times_T1 = node("Unsqueeze", times_T, constant(np.array([1])))
    there_TB1 = node("Unsqueeze", node("Less", times_T1, node("Cast", "lengths", to=7)), constant(np.array([2])))
    masked_TBS = node("Where", there_TB1, states_TBS, constant(np.array(-1, dtype=np.float32)))
    largest_BS = node("ReduceMax", masked_TBS, axes=[0], keepdims=0)
    node(
        "Add", node("MatMul", largest_BS, constant(weights["intent.W"].T)), constant(weights["intent.b"]), out="intents"
    )

    value = helper.make_tensor_value_info
    inputs = [value("words", 7, ["W"]), value("characters", 7, ["W", "C"]), value("forms", 7, ["T", "B"])]
    outputs = [
        value("emissions", 1, ["T", "B", len(weights["emissions.b"])]),
        value("intents", 1, ["B", len(weights["intent.b"])]),
    ]
    graph = helper.make_graph(nodes, "tagger", [*inputs, value("lengths", 6, ["B"])], outputs, constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    target.write_bytes(made.SerializeToString())
