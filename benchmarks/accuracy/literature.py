"""What others report for the ATIS and SNIPS test parts, and who reran it.

Claims are as the paper or its authors' repository has them. Reruns are those of OpenSLU, which trains all of its
systems under one protocol; its slot F1 is a port of conlleval, and its "EMA" is both slots and intent right.

OpenSLU: Qin, Chen, Xu, Feng & Che (2023), "OpenSLU: A Unified, Modularized, and Extensible Toolkit for Spoken Language
Understanding", ACL system demonstrations; the table of results stands in the README of github.com/LightChen233/OpenSLU.
"""

from typing import NamedTuple

RERUN = "rerun: OpenSLU (Qin et al. 2023)"


class Published(NamedTuple):
    """Figures in percent; None where none is given."""

    f1: float
    intents: float | None = None
    both: float | None = None


class System(NamedTuple):
    """What one source says of one system."""

    name: str
    paper: str  # authors, year, where
    figure: str  # whose figures these are: a claim, or a rerun
    atis: Published | None = None
    snips: Published | None = None
    parameters: str = ""


_GATED = "Goo et al. 2018, NAACL"
_BI_MODEL = "Wang, Shen & Jin 2018, NAACL"
_STACK = "Qin et al. 2019, EMNLP"
_CO_INTERACTIVE = "Qin et al. 2021, ICASSP"
_JOINT_BERT = "Chen, Zhuo & Wang 2019, arXiv 1902.10909"

_ZHU = "Zhu, github.com/sz128/slot_filling_and_intent_detection_of_SLU"
_DEBERTA = "He, Gao & Chen 2021, arXiv 2111.09543"

SYSTEMS = (
    System("Slot-Gated", _GATED, RERUN, Published(94.7, 94.5, 82.5), Published(93.2, 97.6, 85.1)),
    System("Bi-Model", _BI_MODEL, "claim", Published(96.89, 98.99)),
    System("Bi-Model", _BI_MODEL, RERUN, Published(95.2, 96.2, 85.6), Published(93.1, 97.6, 84.1)),
    System("Stack-Propagation", _STACK, "claim", Published(95.9, 96.9, 86.5), Published(94.2, 98.0, 86.9)),
    System("Stack-Propagation", _STACK, RERUN, Published(95.4, 96.9, 85.9), Published(94.6, 97.9, 87.1)),
    System("Co-Interactive", _CO_INTERACTIVE, "claim", Published(95.9, 97.7, 87.4), Published(95.9, 98.8, 90.3)),
    System("Co-Interactive", _CO_INTERACTIVE, RERUN, Published(95.9, 97.3, 87.6), Published(94.3, 98.1, 87.3)),
    System("BiLSTM, GloVe, character embeddings", _ZHU, "claim", Published(95.55, 98.66), Published(96.24, 99.14)),
    System("JointBERT", _JOINT_BERT, "claim", Published(96.1, 97.5, 88.2), Published(97.0, 98.6, 92.8), "110 M"),
    System("JointBERT", _JOINT_BERT, RERUN, Published(95.8, 97.9, 88.6), Published(96.4, 98.4, 91.9), "110 M"),
    System("DeBERTa v3", _DEBERTA, RERUN, Published(95.8, 97.8, 88.4), Published(97.0, 98.4, 92.7)),
)
OVERVIEW = ("Stack-Propagation", "Co-Interactive", "JointBERT")  # whose reruns the short table has
