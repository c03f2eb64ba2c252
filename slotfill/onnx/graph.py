"""The network's forward pass as an ONNX graph (extra `onnx`).

The equations of slotfill/network.py in the operators of ONNX: LSTM (with or without peepholes), GRU, and RNN for the
Elman net. A Jordan net is a Scan of its equations. Sentences are padded to the longest of a batch; nothing beyond a
sentence's end is ever read.

Shapes: B sentences, T tokens of the longest, C characters of the longest word, N = B T, e character vector, F filters,
A affixes, E input features, D directions, H hidden units, S = D H states, K tags, I intents.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slotfill.affixes import AFFIXES, FACTOR, LONGEST, MODULUS, SHARE
from slotfill.config import DIRECT_WINDOW, ModelConfig
from slotfill.errors import InputError
from slotfill.intents import SIGNS
from slotfill.vocabulary import PAD

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, ValueInfoProto

Array = NDArray[np.float32]
Weights = Mapping[str, Array]

OPSET, IR_VERSION = 17, 8  # of 2022: old enough for other runtimes
_LARGEST = 2**31 - 2**20  # bytes of weights: a file may have 2 GiB, and the nodes need a little
_OPERATORS = {"lstm": "LSTM", "gru": "GRU", "elman": "RNN"}
_BLOCKS = {"lstm": (0, 3, 1, 2), "gru": (1, 0, 2), "elman": (0,)}  # i f g o -> i o f g, r z n -> z r n
_END = 2**63 - 1  # of a slice: to the end


def graph_of(config: ModelConfig, weights: Weights) -> "ModelProto":
    """The graph of a network, whose weights must fit its configuration.

    Inputs, int64: `words` (B, T), `lengths` (B) and, if the network reads characters, `characters` (B, T, C). If it
    reads gazetteers, also `matches` (B, T, M), float32. Outputs: `emissions` (B, T, K) and, if it has intents,
    `intents` (B, I). Raises InputError if the network is too large for an ONNX file.
    """
    if sum(array.nbytes for array in weights.values()) > _LARGEST:
        raise InputError("the network is too large: an ONNX file may have 2 GiB at most")
    return _Graph(config, weights).model()


class _Graph:
    """Collects the nodes in order; every value is known by its name."""

    def __init__(self, config: ModelConfig, weights: Weights) -> None:
        from onnx import TensorProto, helper, numpy_helper

        self.helper, self.numpy_helper, self.types = helper, numpy_helper, TensorProto
        self.config, self.weights = config, weights
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self.numbers = count()
        inputs = weights["encoder.0.forward.W"].shape[1] // (2 * config.window + 1)
        self.matches = inputs - config.word_size - config.character_filters  # columns of gazetteers

    def model(self) -> "ModelProto":
        """The network from its inputs to its outputs."""
        self.shape_2 = self.node("Shape", "words")
        times_T = self.node("Range", self.ids(0), self.node("Gather", self.shape_2, self.ids(1)), self.ids(1))
        mask_BT = self.node("Less", times_T, self.node("Unsqueeze", "lengths", self.ids([1])))
        mask_BT1 = self.node("Unsqueeze", mask_BT, self.ids([2]))
        features_BTE = self.features(mask_BT, mask_BT1)
        input_BTE = self.windowed(features_BTE, mask_BT1, self.config.window)
        states_TBS = self.node("Transpose", input_BTE, perm=[1, 0, 2])
        directions = ("forward", "backward")[: 2 if self.config.bidirectional else 1]
        layer_of = {"feedforward": self.feedforward, "jordan": self.jordan}.get(self.config.cell, self.recurrent)
        for layer in range(self.config.layers):
            cells = [self.below(f"encoder.{layer}.{direction}") for direction in directions]
            states_TBS = layer_of(states_TBS, cells)
        states_BTS = self.node("Transpose", states_TBS, perm=[1, 0, 2])
        head = self.below("emissions")
        if self.config.direct:
            own_BTK = self.linear(states_BTS, head["W"], head["b"])
            near_BTE = self.windowed(features_BTE, mask_BT1, DIRECT_WINDOW)
            direct_BTK = self.node("MatMul", near_BTE, self.floats(self.weights["direct.W"].T))
            self.node("Add", own_BTK, direct_BTK, output="emissions")
        else:
            self.linear(states_BTS, head["W"], head["b"], output="emissions")
        outputs: dict[str, list[str | int]] = {"emissions": ["B", "T", len(head["b"])]}
        if head := self.below("intent"):
            self.intents(states_BTS, mask_BT1, head)
            outputs["intents"] = ["B", len(head["b"])]
        reads = self.config.character_filters or self.config.affixes == "yes"
        inputs = {"words": ["B", "T"], "characters": ["B", "T", "C"], "lengths": ["B"]}
        if not reads:
            del inputs["characters"]
        values = [self.value(name, shape, of=self.types.INT64) for name, shape in inputs.items()]
        if self.matches:
            values.append(self.value("matches", ["B", "T", self.matches]))
        graph = self.helper.make_graph(
            self.nodes,
            "slotfill",
            values,
            [self.value(name, shape) for name, shape in outputs.items()],
            self.constants,
        )
        opset = self.helper.make_opsetid("", OPSET)
        return self.helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="slotfill")

    def intents(self, states_BTS: str, mask_BT1: str, head: Weights) -> None:
        """Intent scores from each state's largest value, or for sets the largest score of any token."""
        if self.config.intents in SIGNS:
            scores_BTI = self.linear(states_BTS, head["W"], head["b"])
            present_BTI = self.node("Where", mask_BT1, scores_BTI, self.floats(np.finfo(np.float32).min))
            self.node("ReduceMax", present_BTI, axes=[1], keepdims=0, output="intents")
            return
        # no cell has a state below -1, so padding never changes the maximum
        present_BTS = self.node("Where", mask_BT1, states_BTS, self.floats(-1))
        largest_BS = self.node("ReduceMax", present_BTS, axes=[1], keepdims=0)
        self.linear(largest_BS, head["W"], head["b"], output="intents")

    # --- layers --------------------------------------------------------------------------------------

    def features(self, mask_BT: str, mask_BT1: str) -> str:
        """Word vectors, character features and matches of all tokens, concatenated: (B, T, E)."""
        weights = self.below("features")
        # beyond a sentence's end there may be anything: make it padding, which every table has
        words_BT = self.node("Where", mask_BT, "words", self.ids(PAD))
        x_BTE = self.node("Gather", self.floats(weights["words"]), words_BT)
        reads_affixes = self.config.affixes == "yes"
        if self.config.character_filters or reads_affixes:
            characters_BTC = self.node("Where", mask_BT1, "characters", self.ids(PAD))
            C = self.node("Shape", characters_BTC, start=2)
            ids_NC = self.node("Reshape", characters_BTC, self.node("Concat", self.ids([-1]), C, axis=0))
        if reads_affixes:
            x_BTE = self.node("Add", x_BTE, self.of_affixes(ids_NC, weights["affixes"]))
        if self.config.character_filters:
            x_BTE = self.node("Concat", x_BTE, self.read(ids_NC, weights), axis=2)
        if self.matches:
            x_BTE = self.node("Concat", x_BTE, "matches", axis=2)
        return x_BTE

    def windowed(self, x_BTE: str, mask_BT1: str, window: int) -> str:
        """The features of all tokens in the window, concatenated: (B, T, (2 window + 1) E)."""
        if not window:
            return x_BTE
        x_BTE = self.node("Where", mask_BT1, x_BTE, self.floats(0))  # neighbours beyond the end are zeros
        padded = self.node("Pad", x_BTE, self.ids([0, window, 0, 0, window, 0]))
        ends = [place - 2 * window or _END for place in range(2 * window + 1)]
        places = [
            self.node("Slice", padded, self.ids([place]), self.ids([end]), self.ids([1]))
            for place, end in enumerate(ends)
        ]
        return self.node("Concat", *places, axis=2)

    def of_affixes(self, ids_NC: str, table: Array) -> str:
        """Half of the sum of the vectors of each word's affixes, (B, T, E): the rows of slotfill/affixes.py."""
        present_NC = self.node("Cast", self.node("Greater", ids_NC, self.ids(PAD)), to=self.types.INT64)
        places_NC = self.node("CumSum", present_NC, self.ids(1))
        lengths_N1 = self.node("ReduceSum", present_NC, self.ids([1]), keepdims=1)
        backward_NC = self.node("Add", self.node("Sub", lengths_N1, places_NC), self.ids(1))
        rows = []
        for start, counted_NC in enumerate((places_NC, backward_NC), start=1):
            hash_N1 = self.ids([[start]])
            for size in range(1, LONGEST + 1):
                here_NC = self.node("Cast", self.node("Equal", counted_NC, self.ids(size)), to=self.types.INT64)
                character_N1 = self.node("ReduceSum", self.node("Mul", ids_NC, here_NC), self.ids([1]), keepdims=1)
                hash_N1 = self.node("Add", self.node("Mul", hash_N1, self.ids(FACTOR)), character_N1)
                hash_N1 = self.node("Mod", hash_N1, self.ids(MODULUS))
                row_N1 = self.node("Add", self.node("Mod", hash_N1, self.ids(AFFIXES)), self.ids(1))
                is_shorter_N1 = self.node("Less", lengths_N1, self.ids(size))
                rows.append(self.node("Where", is_shorter_N1, self.ids(PAD), row_N1))
        vectors_NAE = self.node("Gather", self.floats(table), self.node("Concat", *rows, axis=1))
        sum_NE = self.node("ReduceSum", vectors_NAE, self.ids([1]), keepdims=0)
        share_NE = self.node("Mul", sum_NE, self.floats(SHARE))
        return self.node("Reshape", share_NE, self.node("Concat", self.shape_2, self.ids([-1]), axis=0))

    def read(self, ids_NC: str, weights: Weights) -> str:
        """The character CNN, (B, T, F)."""
        vectors_NCe = self.node("Gather", self.floats(weights["characters"]), ids_NC)
        width = weights["filters"].shape[2]
        responses_NFC = self.node(
            "Conv",
            self.node("Transpose", vectors_NCe, perm=[0, 2, 1]),
            self.floats(weights["filters"]),
            self.floats(weights["filters_b"]),
            pads=[(width - 1) // 2, width // 2],
        )
        present_NC = self.node("Greater", ids_NC, self.ids(PAD))
        present_N1C = self.node("Unsqueeze", present_NC, self.ids([1]))
        kept_NFC = self.node("Where", present_N1C, self.node("Relu", responses_NFC), self.floats(0))
        best_NF = self.node("ReduceMax", kept_NFC, axes=[2], keepdims=0)
        return self.node("Reshape", best_NF, self.node("Concat", self.shape_2, self.ids([-1]), axis=0))

    def feedforward(self, x_TBE: str, cells: Sequence[Weights]) -> str:
        """One product for all directions, since they see the same."""
        W, b = (np.concatenate([cell[name] for cell in cells]) for name in "Wb")
        return self.node("Tanh", self.linear(x_TBE, W, b))

    def recurrent(self, x_TBE: str, cells: Sequence[Weights]) -> str:
        """A layer with an operator in ONNX: h (T, B, S)."""
        blocks = _BLOCKS[self.config.cell]

        def reordered(rows: Array) -> Array:
            parts = np.split(rows, len(blocks))
            return np.concatenate([parts[block] for block in blocks])

        biases = [np.zeros((2, *cell["b"].shape), dtype=np.float32) for cell in cells]  # one each for W x and U h
        for both, cell in zip(biases, cells, strict=True):
            both[0] = reordered(cell["b"])
            if "d" in cell:  # the bias of a GRU's candidate inside the reset gate
                both[1, -len(cell["d"]) :] = cell["d"]
        inputs = [
            x_TBE,
            self.floats([reordered(cell["W"]) for cell in cells]),
            self.floats([reordered(cell["U"]) for cell in cells]),
            self.floats([both.ravel() for both in biases]),
            self.node("Cast", "lengths", to=self.types.INT32),
        ]
        if "p" in cells[0]:  # after no initial h and c; our p has rows i, f, o, ONNX's i, o, f
            inputs += ["", "", self.floats([cell["p"][[0, 2, 1]].ravel() for cell in cells])]
        attributes: dict[str, Any] = {"linear_before_reset": 1} if self.config.cell == "gru" else {}
        h_TDBH = self.node(
            _OPERATORS[self.config.cell],
            *inputs,
            hidden_size=cells[0]["U"].shape[1],
            direction="bidirectional" if len(cells) > 1 else "forward",
            **attributes,
        )
        h_TBDH = self.node("Transpose", h_TDBH, perm=[0, 2, 1, 3])
        return self.node("Reshape", h_TBDH, self.ids([0, 0, -1]))

    def jordan(self, x_TBE: str, cells: Sequence[Weights]) -> str:
        """A layer of Jordan nets, which feed back their outputs: h (T, B, S)."""
        outputs = []
        for cell, backward in zip(cells, (False, True), strict=False):
            z_TBH = self.linear(x_TBE, cell["W"], cell["b"])
            if backward:
                z_TBH = self.node("ReverseSequence", z_TBH, "lengths", time_axis=0, batch_axis=1)
            h_TBH = self.scan(z_TBH, cell)
            if backward:
                h_TBH = self.node("ReverseSequence", h_TBH, "lengths", time_axis=0, batch_axis=1)
            outputs.append(h_TBH)
        return self.node("Concat", *outputs, axis=2)

    def scan(self, z_TBH: str, cell: Weights) -> str:
        """h_t = tanh(z_t + U y_{t-1}) and y_t = softmax(V h_t + c) from y_0 = 0: h (T, B, H)."""
        K, H = cell["V"].shape
        B = self.node("Shape", "words", start=0, end=1)
        zeros_BK = self.node("Expand", self.floats(np.zeros((1, K))), self.node("Concat", B, self.ids([1]), axis=0))
        y, z, last, h_TBH = (self.name(letter) for letter in ("y", "z", "last", "h"))
        nodes, self.nodes = self.nodes, []  # collect the nodes of one step
        h = self.node("Tanh", self.node("Add", z, self.node("MatMul", y, self.floats(cell["U"].T))))
        next_y = self.node("Softmax", self.linear(h, cell["V"], cell["c"]), axis=1)
        step = self.helper.make_graph(
            self.nodes,
            self.name("step"),
            [self.value(y, ["B", K]), self.value(z, ["B", H])],
            [self.value(next_y, ["B", K]), self.value(h, ["B", H])],
        )
        self.nodes = nodes
        self.nodes.append(self.helper.make_node("Scan", [zeros_BK, z_TBH], [last, h_TBH], body=step, num_scan_inputs=1))
        return h_TBH

    # --- nodes ---------------------------------------------------------------------------------------

    def linear(self, x: str, W: Array, b: Array, *, output: str = "") -> str:
        """W x + b for every x."""
        return self.node("Add", self.node("MatMul", x, self.floats(W.T)), self.floats(b), output=output)

    def node(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node, and return the name of its output."""
        name = output or self.name(operator.lower())
        self.nodes.append(self.helper.make_node(operator, inputs, [name], **attributes))
        return name

    def floats(self, values: Any) -> str:
        """Add a constant of type float32."""
        return self.constant(np.asarray(values, dtype=np.float32))

    def ids(self, values: Any) -> str:
        """Add a constant of type int64."""
        return self.constant(np.asarray(values, dtype=np.int64))

    def constant(self, array: NDArray[Any]) -> str:
        """Add a constant."""
        name = self.name("constant")
        self.constants.append(self.numpy_helper.from_array(array, name))
        return name

    def name(self, beginning: str) -> str:
        """A new name."""
        return f"{beginning}_{next(self.numbers)}"

    def value(self, name: str, shape: Sequence[str | int], *, of: int | None = None) -> "ValueInfoProto":
        """An input or an output, by default of type float32."""
        return self.helper.make_tensor_value_info(name, self.types.FLOAT if of is None else of, shape)

    def below(self, prefix: str) -> dict[str, Array]:
        """The weights whose names begin with `prefix.`, by the rest of their names."""
        start = f"{prefix}."
        return {name.removeprefix(start): array for name, array in self.weights.items() if name.startswith(start)}
