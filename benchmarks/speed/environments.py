"""Two virtual environments: one as a user of slotfill has it, from a wheel, and one with those it is compared with."""

import json
import subprocess
import sys
from pathlib import Path

from measure import say

ROOT = Path(__file__).parent.parent.parent
# what is compared, by the names of the packages that it needs besides slotfill
PEERS = {
    "torch": ("torch",),
    "onnxruntime": ("onnxruntime", "onnx"),
    "crfsuite": ("python-crfsuite",),
    "spacy": ("spacy",),
}


class Environments:
    """`lean` has the wheel without extras; `peers` has it too, with torch and all the others."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.lean, self.peers = work / "lean", work / "peers"

    def make(self) -> None:
        """Build the wheel of the tree as it is, and install it in both; what is installed already stays."""
        say("building the wheel")
        wheels = self.work / "wheels"
        for old in wheels.glob("*.whl"):
            old.unlink()
        pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", wheels, ROOT)
        (wheel,) = wheels.glob("*.whl")
        for folder in (self.lean, self.peers):
            python_of(folder)
            extras = "[plots]" if folder == self.peers else ""
            pip(folder / "bin/python", "install", "--constraint", ROOT / "constraints.txt", f"{wheel}{extras}")
            pip(folder / "bin/python", "install", "--force-reinstall", "--no-deps", wheel)
        for name, packages in PEERS.items():
            try:
                pip(self.peers / "bin/python", "install", "--constraint", ROOT / "constraints.txt", *packages)
            except subprocess.CalledProcessError as error:
                lines = (error.stderr or "").strip().splitlines()
                say(f"left out: {name} cannot be installed here: {lines[-1] if lines else error}")
        for folder in (self.lean, self.peers):
            # some packages ship files that are no Python of this version
            _run(folder / "bin/python", "-m", "compileall", "-q", _packages_of(folder), accept=(0, 1))

    def sizes(self) -> dict[str, float]:
        """Bytes: site-packages of `lean`, without and with pip and setuptools; of each peer with what it needs."""
        packages = _packages_of(self.lean)
        tools = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence")
        sizes = {"with pip": 0.0, "without pip": 0.0}
        for path in packages.rglob("*"):
            if path.is_file():
                size, top = path.stat().st_size, path.relative_to(packages).parts[0]
                sizes["with pip"] += size
                sizes["without pip"] += 0 if top.startswith(tools) else size
        for name, wanted in PEERS.items():
            done = _run(self.peers / "bin/python", "-c", _CLOSURE, wanted[0], accept=(0, 1))
            if done.returncode == 0:
                sizes[name] = float(done.stdout)
        return sizes

    def versions(self) -> dict[str, str]:
        """Of Python and of all packages that matter."""
        done = _run(self.peers / "bin/python", "-c", _VERSIONS, *(p for packages in PEERS.values() for p in packages))
        found: dict[str, str] = json.loads(done.stdout)
        return found


def python_of(folder: Path) -> Path:
    """The Python of an environment, which is made if it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        say(f"making the environment {folder}")
        _run(sys.executable, "-m", "venv", folder)
    return python


def pip(python: str | Path, *arguments: str | Path) -> None:
    """Run pip in an environment, by its Python."""
    _run(python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


_CLOSURE = """
import re, sys
from importlib.metadata import PackageNotFoundError, distribution
def walk(name, seen):
    if name in seen:
        return 0
    try:
        found = distribution(name)
    except PackageNotFoundError:  # of another platform or an extra
        if not seen:
            raise SystemExit(1)
        return 0
    seen.add(name)
    files = {file.locate().resolve() for file in found.files or ()}
    size = sum(file.stat().st_size for file in files if file.is_file())
    needs = [re.match(r"[\\w.-]+", r)[0].lower() for r in found.requires or () if "extra ==" not in r]
    return size + sum(walk(need, seen) for need in needs if need not in ("pip", "setuptools"))
print(walk(sys.argv[1], set()))
"""

_VERSIONS = """
import json, platform, sys
from importlib.metadata import PackageNotFoundError, version
versions = {"python": platform.python_version()}
for name in ("slotfill", "numpy", "typer", *sys.argv[1:]):
    try:
        versions[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(versions))
"""


def _packages_of(folder: Path) -> Path:
    return next((folder / "lib").glob("python*/site-packages"))


def _run(*command: str | Path, accept: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode not in accept:
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout, done.stderr)
    return done
