"""Builds the compiled core (slotfill/core) with the wheel, where there is a compiler for C.

    pip install .              a wheel with the core; without a compiler, one in pure Python and a word about it
    pip install --editable .   the core lies beside its sources; again after they changed
    python hatch_build.py      that alone, where hatchling and setuptools are installed

The environment variable SLOTFILL_CORE decides: `no` builds none, and `must` makes it an error if there would be none.
"""

import os
import sys
import sysconfig
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "slotfill/core"
SOURCES = ("module.c", "layout.c", "floats.c", "kernels.c")
# no option names a processor: kernels.c has a form for each instruction set
# without traps, which nobody sets, gcc may choose between two floats without a jump: vectors need that before AVX-512
UNIX = ["-std=gnu11", "-O3", "-ffp-contract=fast", "-fno-trapping-math", "-fvisibility=hidden", "-g0"]
MSVC = ["/std:c11", "/O2"]


class CoreHook(BuildHookInterface[Any]):
    """hatchling's hook: the core's file and the wheel's tag."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the core, for an editable install in place."""
        wanted = os.environ.get("SLOTFILL_CORE", "")
        if wanted == "no":
            return
        try:
            built = build(Path(self.root), in_place=version == "editable")
        except Exception as error:  # each system has another way to say that there is no compiler
            if wanted == "must":
                raise
            self.app.display_warning(f"slotfill is installed without its compiled core, which is slower: {error}")
            return
        platform = self.build_config.builder.get_best_matching_tag().split("-", 2)[2]
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{platform}"  # CPython 3.11 and every later one
        if version != "editable":
            build_data["force_include"][str(built)] = f"{FOLDER}/{built.name}"


def build(root: Path, *, in_place: bool) -> Path:
    """Compile the core, and return its file; whatever setuptools raises if it cannot."""
    from setuptools import Distribution, Extension

    if sys.implementation.name != "cpython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise RuntimeError("it needs CPython with its global lock")
    is_msvc = sys.platform == "win32" and "GCC" not in sys.version
    folder = root / FOLDER
    extension = Extension(
        "_core",
        [str(folder / name) for name in SOURCES],
        depends=[str(header) for header in folder.glob("*.h")],
        extra_compile_args=MSVC if is_msvc else UNIX,
        libraries=[] if is_msvc else ["m"],
        py_limited_api=True,
    )
    command = Distribution({"ext_modules": [extension]}).get_command_obj("build_ext")
    command.build_temp = mkdtemp()
    command.build_lib = str(folder) if in_place else mkdtemp()
    command.force = True
    command.ensure_finalized()
    command.run()
    return Path(command.get_ext_fullpath("_core"))


if __name__ == "__main__":
    print(build(Path(__file__).parent, in_place=True))  # noqa: T201  # a script
