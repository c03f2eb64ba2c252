"""What the figures hold for."""

import os
import platform
import time
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """The day, the processor and the system."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    about = {line.partition("\t")[0]: line.partition(":")[2].strip() for line in lines}
    flags = about.get("flags", "").split()
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "processor": about.get("model name") or platform.processor() or platform.machine(),
        "vectors": "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else platform.machine(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def described(here: dict[str, Any]) -> str:
    """The same in one line."""
    return "{date}: {cores} cores of {processor} ({vectors}), {system}".format(**here)
