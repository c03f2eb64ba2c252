"""What others report for the test splits of ATIS and SNIPS, and who reran it.

Claims are those of the paper or its authors' repository. Reruns are by OpenSLU (Qin, Chen, Xu, Feng & Che 2023, ACL
system demonstrations; the table is in the README of github.com/LightChen233/OpenSLU), which trains all of its systems
under one protocol; its slot F1 is a port of conlleval, and its "EMA" means that both slots and intent are right.
"""

from typing import NamedTuple

_RERUN = "rerun: OpenSLU (Qin et al. 2023)"
_GATED = "Slot-Gated (Goo et al. 2018, NAACL)"
_BI_MODEL = "Bi-Model (Wang, Shen & Jin 2018, NAACL)"
_STACK = "Stack-Propagation (Qin et al. 2019, EMNLP)"
_CO_INTERACTIVE = "Co-Interactive (Qin et al. 2021, ICASSP)"
_ZHU = "BiLSTM, GloVe, character embeddings (Zhu, github.com/sz128/slot_filling_and_intent_detection_of_SLU)"
_BERT = "JointBERT (Chen, Zhuo & Wang 2019, arXiv 1902.10909)"
_DEBERTA = "DeBERTa v3 (He, Gao & Chen 2021, arXiv 2111.09543)"


class System(NamedTuple):
    """What one source says of one system: slot F1, intent right, both right in percent; "" where it does not say."""

    name: str
    figure: str  # a claim, or a rerun and whose
    atis: tuple[str, str, str] | None
    snips: tuple[str, str, str] | None
    parameters: str = ""


SYSTEMS = (
    System(_GATED, _RERUN, ("94.7", "94.5", "82.5"), ("93.2", "97.6", "85.1")),
    System(_BI_MODEL, "claim", ("96.89", "98.99", ""), None),
    System(_BI_MODEL, _RERUN, ("95.2", "96.2", "85.6"), ("93.1", "97.6", "84.1")),
    System(_STACK, "claim", ("95.9", "96.9", "86.5"), ("94.2", "98.0", "86.9")),
    System(_STACK, _RERUN, ("95.4", "96.9", "85.9"), ("94.6", "97.9", "87.1")),
    System(_CO_INTERACTIVE, "claim", ("95.9", "97.7", "87.4"), ("95.9", "98.8", "90.3")),
    System(_CO_INTERACTIVE, _RERUN, ("95.9", "97.3", "87.6"), ("94.3", "98.1", "87.3")),
    System(_ZHU, "claim", ("95.55", "98.66", ""), ("96.24", "99.14", "")),
    System(_BERT, "claim", ("96.1", "97.5", "88.2"), ("97.0", "98.6", "92.8"), "110 M"),
    System(_BERT, _RERUN, ("95.8", "97.9", "88.6"), ("96.4", "98.4", "91.9"), "110 M"),
    System(_DEBERTA, _RERUN, ("95.8", "97.8", "88.4"), ("97.0", "98.4", "92.7")),
)
