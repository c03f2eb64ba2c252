"""A bundle -> an ONNX file for other programs, and a JSON with everything else that they need (extra `onnx`).

    travel.onnx         the network: ids of words and characters -> emissions and intent scores
    travel.onnx.json    how text becomes ids, and scores become slots: pattern, folding, vocabulary, tags, rules

Both are written only after onnxruntime has returned the same scores as the numpy runtime.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from slotfill.batching import character_ids
from slotfill.bundle import Bundle
from slotfill.errors import InputError, MissingExtraError, SlotfillError
from slotfill.files import write_files
from slotfill.folding import PLAIN, replaced_by
from slotfill.gazetteers import GazetteerMatcher
from slotfill.intents import SIGNS
from slotfill.onnx.graph import graph_of
from slotfill.runtime.forward import Runtime
from slotfill.tags import OUTSIDE, may_follow
from slotfill.tokenizers import pattern_of
from slotfill.vocabulary import MAX_CHARACTERS, PAD, SPECIALS, UNKNOWN, Gazetteers, Vocabularies

if TYPE_CHECKING:
    from onnx import ModelProto, ValueInfoProto

Ids = NDArray[np.int64]

FORMAT = "slotfill-onnx"
VERSION = 3
TOLERANCE = 1e-4


def write(bundle: Bundle, path: Path, *, overwrite: bool = False) -> float:
    """Write `path` and `path`.json, and return the largest difference of a score from the numpy runtime's.

    Both files are written, or neither; only with `overwrite` is one replaced. Raises InputError if the path cannot be
    written, BundleError if the weights do not fit the configuration, SlotfillError if the scores differ by more than
    TOLERANCE, MissingExtraError without onnx or onnxruntime.
    """
    if path.suffix != ".onnx":
        raise InputError(f"{path}: expected a file that ends in .onnx")
    description_path = path.with_name(f"{path.name}.json")
    for file in (path, description_path):
        if file.is_dir():
            raise InputError(f"{file} is a folder: choose another name")
        if file.exists() and not overwrite:
            raise InputError(f"{file} exists already: add --overwrite to replace it")
    try:
        import onnx
        import onnxruntime  # noqa: F401
    except ModuleNotFoundError:
        raise MissingExtraError("exporting to ONNX", extra="onnx") from None
    runtime = Runtime(bundle.config.model, bundle.vocabularies, bundle.weights)  # checks the weights
    model = graph_of(bundle.config.model, bundle.weights)
    onnx.checker.check_model(model, full_check=True)
    network = model.SerializeToString()
    difference = largest_difference(network, runtime, bundle.vocabularies)
    if not difference <= TOLERANCE:  # NaN included
        raise SlotfillError(
            f"onnxruntime {version('onnxruntime')} and numpy differ by {difference:.2g}, expected at most {TOLERANCE}: "
            "nothing was written; try another version of onnxruntime"
        )
    description = json.dumps(describe(bundle, model, file=path.name), ensure_ascii=False, indent=1)
    # the JSON first: a network is never without it, and its checksum tells whether they belong together
    write_files({description_path: f"{description}\n".encode(), path: network})
    return difference


# --- the check -------------------------------------------------------------------------------------


def largest_difference(network: bytes, runtime: Runtime, vocabularies: Vocabularies) -> float:
    """The largest difference between a score of an ONNX network and of numpy, over batches of made-up sentences.

    Where scores exceed 100, in hundredths of the largest.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3  # errors only, no warnings about devices
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    input_names = {entry.name for entry in session.get_inputs()}
    rng = np.random.default_rng(1)
    differences = []
    for sentences in _batches(vocabularies, rng):
        arrays, mask_BT = inputs_of(sentences, vocabularies, padding=3)
        for name in ("words", "characters"):  # what is beyond the end must not matter
            beyond = arrays[name][~mask_BT]
            arrays[name][~mask_BT] = rng.integers(0, len(getattr(vocabularies, name)), beyond.shape)
        arrays["matches"][~mask_BT] = 1
        outputs = session.run(None, {name: array for name, array in arrays.items() if name in input_names})
        emissions_NK, intent_BI, _ = runtime.run(sentences)
        pairs = [(outputs[0][mask_BT], emissions_NK)] + ([(outputs[1], intent_BI)] if intent_BI is not None else [])
        # float32 has seven digits, so scores beyond 100 have fewer after the point
        differences += [np.abs(one - other).max() / max(1, np.abs(other).max() / 100) for one, other in pairs]
    return float(np.max(differences))


def inputs_of(
    sentences: Sequence[Sequence[str]], vocabularies: Vocabularies, *, padding: int = 0
) -> tuple[dict[str, NDArray[Any]], Any]:
    """The network's inputs for sentences of folded words (none empty), and the mask (B, T) of their tokens.

    T is the longest sentence's length plus `padding`.
    """
    lengths_B = np.array([len(sentence) for sentence in sentences], dtype=np.int64)
    forms = [word for sentence in sentences for word in sentence]
    mask_BT = np.arange(lengths_B.max() + padding) < lengths_B[:, None]
    characters_NC = character_ids(forms, vocabularies.characters)
    words_BT = np.full(mask_BT.shape, PAD, dtype=np.int64)
    characters_BTC = np.full((*mask_BT.shape, characters_NC.shape[1]), PAD, dtype=np.int64)
    words_BT[mask_BT] = [vocabularies.words.id(form) for form in forms]
    characters_BTC[mask_BT] = characters_NC
    matcher = GazetteerMatcher(vocabularies.gazetteers)
    matches_BTM = np.zeros((*mask_BT.shape, matcher.size), dtype=np.float32)
    matches_BTM[mask_BT] = np.concatenate([matcher.match(sentence) for sentence in sentences])
    return {"words": words_BT, "characters": characters_BTC, "lengths": lengths_B, "matches": matches_BTM}, mask_BT


def _batches(vocabularies: Vocabularies, rng: np.random.Generator) -> Iterator[list[list[str]]]:
    """Sentences of 1 to 100 words, one alone and the others in company, of words known, made up and overlong."""
    known = vocabularies.words.items[len(SPECIALS) :]
    signs = [*vocabularies.characters.items[len(SPECIALS) :], "\U0010ffff"]  # the last one is in no vocabulary

    def drawn(items: Sequence[str], size: int) -> list[str]:
        return [items[number] for number in rng.integers(0, len(items), size)]

    pool = ["".join(drawn(signs, size)) for size in rng.integers(1, MAX_CHARACTERS + 8, 100)]
    pool += drawn(known, 300) if known else []
    sentences = [drawn(pool, length) for length in rng.permutation([1, *range(1, 33), 100])]
    yield from (sentences[:1], sentences[1:8], sentences[8:])


# --- the description -------------------------------------------------------------------------------

_AXES = {
    "B": "sentences of a batch, at least 1",
    "T": "tokens of the longest sentence, or more: what is beyond a sentence's end is never read",
    "C": "characters of the longest word, or more",
}
_MEANING = {
    "words": "the id of each token's folded form; anything beyond a sentence's end",
    "characters": "the ids of the characters of each token's folded form, then pad; anything beyond a sentence's end",
    "lengths": "how many tokens each sentence has: at least 1",
    "matches": "two columns for each of `gazetteers.names`: 1 where a name begins and 1 where it continues, else 0",
    "emissions": "the score of each tag for each token; meaningless beyond a sentence's end",
    "intents": "the score of each intent",
}
_TOKENS = [
    "tokens are the matches of the pattern, from left to right; the rest of the text is in no token",
    "start and end of a token count Unicode code points of the original text",
    "a text without tokens is not run: it has no slots and no intent",
]
_DIALECT = (
    "as in Python's re, on Unicode text: \\d a decimal digit of any script (Nd), \\w a letter, digit or number of any "
    "script, or _; \\s white space, Unicode's included; \\b between \\w and anything else; \\W anything but \\w; "
    "\\xXX, \\uXXXX and \\UXXXXXXXX code points"
)
_PLAIN = [
    "1. fold the case (Unicode full case folding: ß becomes ss)",
    "2. normalize to NFKD",
    "3. drop every character whose canonical combining class is not 0; if nothing is left, "
    "undo everything since 1 and continue with 5",
    "4. repeat from 1 until nothing changes",
    "5. replace characters by `replace`",
    "6. replace every decimal digit of any script (Nd) by 0",
]
_ACCENTED = [
    "1. normalize to NFKC",
    "2. fold the case (Unicode full case folding: ß becomes ss), and drop U+0307 right after i",
    "3. normalize to NFKD",
    "4. replace characters by `replace`; if nothing is left, undo everything since 1 and continue with 6",
    "5. repeat from 1 until nothing changes",
    "6. replace every decimal digit of any script (Nd) by 0",
]
_CASED = [
    "1. normalize to NFKD",
    "2. replace characters by `replace`; if nothing is left, undo everything since 1 and continue with 4",
    "3. repeat from 1 until nothing changes",
    "4. replace every decimal digit of any script (Nd) by 0",
]
_FOLDING = {"auto": _PLAIN, "plain": _PLAIN, "accented": _ACCENTED, "chinese": _ACCENTED, "cased": _CASED}
_IDS = [
    "words and characters are numbered from `first`, in the order of the lists below",
    "anything that is in no list has the id `unknown`",
    "`characters` has the first `longest_word` characters of a folded form; the word id is that of the whole form",
]
_ENTRIES = (
    "words, and the entries of gazetteers, are looked up by another form, which the steps of `entry` make of the "
    "folded one; characters are those of the folded form"
)
_GAZETTEERS = [
    "an entry is a name or the beginning of one: folded forms with a space between each two; "
    "`entries` has the numbers, from 0, of the gazetteers in which it is a name",
    "at each token, from left to right, the longest name of each gazetteer that begins there is taken, "
    "unless it overlaps a name taken earlier from the same gazetteer",
]
_DECODING = [
    "a tag that is a key of `only_after` may only follow one of its tags, and is never first; others may be anywhere",
    "the score of a sequence of tags is the sum of their emissions and, where `transitions` is not null, of "
    "transitions[k][l] for each tag l that follows a tag k, and of the last row's l for the first tag",
    "the answer is the allowed sequence with the largest score (Viterbi)",
    "B-x begins a slot x, and each I-x right after it continues it; its text is from its first token's start to its "
    "last token's end",
    "the confidence of a slot is the probability that an allowed sequence has a slot with its name, start and end; "
    "the probability of a sequence is proportional to exp(score / `temperature`) (forward-backward)",
]
_ONE = "the intent is the one with the largest score, and its confidence is its softmax"
_SETS = (
    "the intents of a sentence are those with a score above 0, or the one with the largest score if there is none; "
    "the name is theirs in the order of `intents`, joined by `intent_sign`; the confidence is the product, over all "
    "intents, of p = 1 / (1 + exp(-score)) for those of the sentence, and of 1 - p for the others"
)


def describe(bundle: Bundle, model: "ModelProto", *, file: str) -> dict[str, Any]:
    """The JSON for other programs: everything they need besides the network, which is in `file`."""
    network = model.SerializeToString()
    tags = bundle.vocabularies.tags.items
    runtime = Runtime(bundle.config.model, bundle.vocabularies, bundle.weights)
    folding, key = bundle.config.model.folding, bundle.vocabularies.words.key

    def value(entry: "ValueInfoProto", kind: str) -> dict[str, Any]:
        shape = [size.dim_param or size.dim_value for size in entry.type.tensor_type.shape.dim]
        return {"name": entry.name, "type": kind, "shape": shape, "meaning": _MEANING[entry.name]}

    return {
        "format": FORMAT,
        "version": VERSION,
        "network": {"file": file, "bytes": len(network), "sha256": hashlib.sha256(network).hexdigest()},
        "made_with": {name: version(name) for name in ("slotfill", "onnx", "onnxruntime", "numpy")},
        "inputs": [value(entry, "float32" if entry.name == "matches" else "int64") for entry in model.graph.input],
        "outputs": [value(entry, "float32") for entry in model.graph.output],
        "axes": _AXES,
        "tokens": {
            "pattern": re.sub(
                r"\s+#.*|\s+", "", pattern_of(bundle.config.model.tokenizer).pattern
            ),  # without the white space and comments of a verbose pattern
            "dialect": _DIALECT,
            "steps": _TOKENS,
        },
        "folding": {
            "name": PLAIN if folding == "auto" else folding,
            "steps": _FOLDING[folding],
            "replace": {chr(sign): other for sign, other in replaced_by(folding).items()},
            "unicode": unicodedata.unidata_version,
        },
        "ids": {
            "pad": PAD,
            "unknown": UNKNOWN,
            "first": len(SPECIALS),
            "longest_word": MAX_CHARACTERS,
            "steps": [*_IDS, *([] if key is None else [_ENTRIES])],
            "entry": None if key is None else {"steps": _ACCENTED},
        },
        "decoding": {
            "scheme": "IOB2",
            "steps": [*_DECODING, _SETS if bundle.config.model.intents in SIGNS else _ONE],
            "intent_sign": bundle.config.model.intents if bundle.config.model.intents in SIGNS else None,
            "temperature": runtime.temperature,
            "transitions": None if runtime.transitions is None else runtime.transitions.tolist(),
            "only_after": _only_after(tags),
        },
        "gazetteers": {
            "steps": _GAZETTEERS,
            "names": bundle.vocabularies.gazetteers.names,
            "entries": dict(_entries(bundle.vocabularies.gazetteers)),
        },
        "card": bundle.card,
        "tags": tags,
        "intents": bundle.vocabularies.intents.items,
        "words": bundle.vocabularies.words.items[len(SPECIALS) :],
        "characters": bundle.vocabularies.characters.items[len(SPECIALS) :],
    }


def _only_after(tags: Sequence[str]) -> dict[str, list[str]]:
    inside = [tag for tag in tags if not may_follow(OUTSIDE, tag)]
    return {tag: [before for before in tags if may_follow(before, tag)] for tag in inside}


def _entries(gazetteers: Gazetteers) -> Iterator[tuple[str, list[int]]]:
    for line in gazetteers.entries.table().decode(errors="surrogatepass").split("\n")[:-1]:
        run, number = line.split("\t")
        yield run, [place for place in range(len(gazetteers.names)) if int(number) - len(SPECIALS) >> place & 1]
