"""A digest of all that decides the weights, to tell one training from another."""

import hashlib
import json
from collections.abc import Sequence

from slotfill.config import Config
from slotfill.schema import Example
from slotfill.training.mixture import Mixture
from slotfill.vocabulary import Vocabularies


def fingerprint(
    config: Config,
    vocabularies: Vocabularies,
    train: Sequence[Example],
    dev: Sequence[Example],
    mixture: Mixture | None,
) -> str:
    """The digest of a configuration with its seed, and of the data: 64 hexadecimal digits.

    It covers which sentences belong to which data set, since each has settings of its own. It is made of plain strings
    and numbers, so that it does not depend on how classes show themselves.
    """
    digest = hashlib.sha256()

    def add(fact: object) -> None:
        digest.update(json.dumps(fact).encode() + b"\n")

    add(config.to_dict())
    add(vocabularies.words.items)
    add(vocabularies.gazetteers.names)
    digest.update(vocabularies.gazetteers.entries.table())
    add(mixture.sizes if mixture is not None else None)
    for split in (train, dev, mixture.out_of_domain if mixture is not None else ()):
        add(len(split))
        for e in split:
            add([e.text, [[token.text, token.start, token.end] for token in e.tokens], e.tags, e.intent])
    return digest.hexdigest()
