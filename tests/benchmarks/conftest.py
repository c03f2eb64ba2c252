"""The benchmarks are no package: what runs them puts their folders on the path, and so do their tests."""

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"
sys.path += [str(BENCHMARKS), str(BENCHMARKS / "speed")]
