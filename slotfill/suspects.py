"""Sentences whose labels are likely wrong, by models that have not seen them.

`find_suspects` trains them by cross-validation (slotfill/training/folds.py), or takes one that is there. What is
doubted is decided by confident learning (slotfill/confident_learning.py). Nothing here prints.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from slotfill.confident_learning import Doubt, Judgement, Label, doubts_of, judge
from slotfill.config import Config, config_of
from slotfill.data_checks import trained_on
from slotfill.errors import InputError
from slotfill.readers import Source, jsonl, label_of, read_placed, split_of
from slotfill.readers.layout import ALL
from slotfill.readers.reports import Notes
from slotfill.schema import Dataset, Example
from slotfill.tagger import Tagger, find_bundle
from slotfill.tags import char_span, spans_of, tags_of
from slotfill.training.folds import TRAIN, Fold, Folds
from slotfill.training.history import EpochReport
from slotfill.training.pipeline import Trained, device_of


@dataclass(frozen=True, slots=True)
class Suspect:
    """A sentence whose labels are likely wrong, and where it is: `data/train.markup:12`.

    >>> import slotfill
    >>> example = slotfill.parse_markup("to [Rome](city)")
    >>> slotfill.Suspect("mine.markup:3", example, ()).to_dict()["suspect"]
    {'place': 'mine.markup:3', 'score': 0.0, 'doubts': []}
    """

    place: str
    example: Example
    doubts: tuple[Doubt, ...]  # at least one, the most doubtful first

    @property
    def score(self) -> float:
        """That of the most doubtful label."""
        return max((doubt.score for doubt in self.doubts), default=0.0)

    @property
    def proposed(self) -> Example:
        """The sentence with what the model says in place of what is doubted."""
        spans, intent = set(spans_of(self.example.tags)), self.example.intent
        for data, model in ((doubt.disagreement.data.label, doubt.disagreement.model.label) for doubt in self.doubts):
            if isinstance(model, str):
                intent = model
            else:
                spans = (spans - set(data)) | set(model)
        tags = tags_of(sorted(spans), length=len(self.example.tokens))
        return self.example._replace(tags=tags, intent=intent)

    def to_dict(self) -> dict[str, Any]:
        """The sentence as JSON lines have it, and under `suspect` why it is one: a line of `data suspects --output`."""
        doubts = [_doubt_dict(doubt, self.example) for doubt in self.doubts]
        return {
            **jsonl.record_of(self.example),
            "suspect": {"place": self.place, "score": round(self.score, 4), "doubts": doubts},
        }


def _doubt_dict(doubt: Doubt, example: Example) -> dict[str, Any]:
    kind, data, model = doubt.disagreement
    return {
        "kind": kind,
        "data": label_dicts(data.label, example),
        "model": label_dicts(model.label, example),
        "data_confidence": round(data.confidence, 4),
        "model_confidence": round(model.confidence, 4),
    }


def label_dicts(label: Label, example: Example) -> str | list[dict[str, Any]]:
    """The slots of a label with their texts, or its intent.

    >>> import slotfill
    >>> label_dicts(((1, 2, "city"),), slotfill.parse_markup("to Rome"))
    [{'start': 3, 'end': 7, 'label': 'city', 'text': 'Rome'}]
    """
    if isinstance(label, str):
        return label
    places = [(char_span(example.tokens, start, end), name) for start, end, name in label]
    return [
        {"start": start, "end": end, "label": name, "text": example.text[start:end]} for (start, end), name in places
    ]


@dataclass(frozen=True, slots=True)
class Suspects:
    """The result of `find_suspects`.

    >>> import slotfill
    >>> slotfill.Suspects("mine", "train", sentences=20, agreed=19, found=(), unknown={}).agreement
    0.95
    """

    name: str  # of the data set
    split: str
    sentences: int  # that were judged
    agreed: int  # of which the models say just what the data says
    found: tuple[Suspect, ...]  # the likeliest error first
    unknown: Mapping[str, int]  # labels that the models do not know, with the number of sentences that have them

    @property
    def agreement(self) -> float:
        """The share of sentences of which the models say just what the data says, between 0 and 1."""
        return self.agreed / self.sentences if self.sentences else 0.0


def find_suspects(
    data: Source | Sequence[Example],
    *,
    split: str | None = None,
    folds: int = 5,
    config: Config | Mapping[str, Any] | str | Path | None = None,
    model: str | Path | None = None,
    device: str = "auto",
    on_epoch: Callable[[int, EpochReport], None] | None = None,
    on_error: str = "stop",
    on_note: Notes | None = None,
) -> Suspects:
    """Find the sentences of a data set that are likely labelled wrongly, as `slotfill data suspects` does.

    >>> import slotfill
    >>> examples = [slotfill.parse_markup(f"to [{city}](city)") for city in ("Rome", "Oslo", "Lima", "Bern")]
    >>> settings = {"model": {"hidden": 4}, "training": {"epochs": 1}}
    >>> slotfill.find_suspects(examples, folds=2, config=settings).sentences
    4

    `split` is judged: train, or all of data in one piece. Of train, each sentence is judged by a model that is trained
    on the other `folds`, by `config` as in `slotfill.train`; of another split, by one model of train. Or `model` judges
    all, by its name or path; it must not have seen the sentences. `on_epoch` is called with the number of the fold,
    from 1, and the report of each epoch. `on_error` and `on_note` are those of `read_data`.

    Raises what `read_data` and `slotfill.train` raise, and InputError for a split that is not there or has no labels,
    for a number of folds that does not fit, and for a model that was trained on these sentences or knows none of their
    labels.
    """
    given = read_given(data, split=split, on_error=on_error, on_note=on_note)
    if model is not None:
        return ranked(given, judged_by_model(given, model))
    cut = folds_of(given, config=config_of(config), count=folds, device=device_of(device))

    def train(fold: Fold) -> Trained:
        for report in fold.training:
            if on_epoch is not None:
                on_epoch(fold.number, report)
        return fold.training.finish()

    return ranked(given, judged_by_folds(cut, train))


# --- the steps, for those who show progress --------------------------------------------------------


class Given(NamedTuple):
    """A data set, and the split of it that is judged."""

    dataset: Dataset
    split: str
    examples: tuple[Example, ...]
    places: tuple[str, ...]


def read_given(
    data: Source | Sequence[Example], *, split: str | None, on_error: str = "stop", on_note: Notes | None = None
) -> Given:
    """Read the data, and choose the split; InputError if it is not there or has nothing to judge."""
    dataset, places = read_placed(data, on_error=on_error, on_note=on_note)
    if isinstance(data, str | Path):
        dataset = dataset._replace(name=label_of(data))  # so that the tables of a recipe find it
    name = split or TRAIN
    if set(dataset.splits) == {ALL} or (split is None and len(dataset.splits) == 1):
        ((name, examples),) = dataset.splits.items()
        dataset = Dataset(dataset.name, {ALL: examples})
    given = Given(dataset, name, split_of(dataset, name), places[name])
    if not any(example.intent or spans_of(example.tags) for example in given.examples):
        raise InputError(f"{given.dataset.name} ({given.split}) has neither slots nor intents: no label to doubt")
    return given


def folds_of(
    given: Given,
    *,
    config: Config,
    count: int,
    device: str,
    checkpoints: Path | None = None,
    on_batch: Callable[[int], None] = lambda sentences: None,
) -> Folds:
    """The folds whose models judge the split (see `Folds`); InputError if they cannot be cut."""
    # what a recipe relabels would be suspect everywhere
    config = config._replace(data=tuple([settings._replace(relabelled=False) for settings in config.data]))
    return Folds(
        [given.dataset],
        config=config,
        count=count,
        split=TRAIN if set(given.dataset.splits) == {ALL} else given.split,
        seed=config.training.seed,
        device=device,
        checkpoints=checkpoints,
        on_batch=on_batch,
    )


def judged_by_folds(folds: Folds, train: Callable[[Fold], Trained]) -> list[Judgement]:
    """What the model of each fold makes of what it holds out, in the order of the sentences."""
    found: dict[int, Judgement] = {}
    for fold in folds:
        held_out = [folds.examples[number] for number in fold.held_out]
        found.update(zip(fold.held_out, judge(train(fold).tagger, held_out), strict=True))
    return [found[number] for number in range(len(found))]


def judged_by_model(given: Given, model: str | Path) -> list[Judgement]:
    """What a model makes of the split; InputError if it has seen it, or knows none of its labels."""
    if trained_on(find_bundle(model).training, given.examples) is not None:
        raise InputError(
            f"{model} was trained on these very sentences, and has learnt their errors: leave out the model, so that "
            "others are trained, or judge another split"
        )
    judgements = judge(Tagger.load(model), given.examples)
    if not any(judgement.knows_labels for judgement in judgements):
        raise InputError(f"{model} knows none of the slots and intents of {given.dataset.name}: take a model that does")
    return judgements


def ranked(given: Given, judgements: Sequence[Judgement]) -> Suspects:
    """The suspects, the likeliest error first; those that are as likely stay in the order of the data."""
    doubted = zip(given.places, given.examples, doubts_of(judgements), strict=True)
    found = [Suspect(place, example, doubts) for place, example, doubts in doubted if doubts]
    return Suspects(
        given.dataset.name,
        given.split,
        sentences=len(given.examples),
        agreed=sum(not (judgement.disagreements or judgement.unknown) for judgement in judgements),
        found=tuple(sorted(found, key=lambda suspect: -suspect.score)),
        unknown=Counter(name for judgement in judgements for name in judgement.unknown),
    )
