"""The Dockerfile and docs/deploy.md: what they name exists, and what they run can be run."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

from tests.server.test_running import PATIENCE, Server

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")


def dockerfile() -> list[tuple[str, str]]:
    """The instructions, each with its arguments."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def instruction(name: str) -> str:
    """The arguments of the last instruction of a name, which is the one that counts."""
    return [rest for found, rest in dockerfile() if found == name][-1]


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    return str(found)


def test_what_the_image_is_made_of_is_in_the_context() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sources = [
        one for name, rest in dockerfile() if name == "COPY" and "--from" not in rest for one in rest.split()[:-1]
    ]
    assert sources
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source}" in ignored
    # hatch puts these into the wheel, so they must be there, too
    wheel = re.findall(
        r'^"(.+)" = "slotfill/shipped/', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert set(wheel) <= set(sources)


def test_the_image_runs_without_rights() -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", instruction("USER"))
    assert json.loads(instruction("ENTRYPOINT")) == ["slotfill"]
    assert json.loads(instruction("CMD"))[:3] == ["serve", "--host", "0.0.0.0"]


def test_the_health_check_tells_a_server_that_runs_from_one_that_does_not() -> None:
    interpreter, *arguments = json.loads(instruction("HEALTHCHECK").partition("CMD ")[2])
    assert interpreter == "python"
    running = Server(log=subprocess.DEVNULL)
    try:
        here = [one.replace(":8000", f":{running.port}") for one in arguments]
        subprocess.run([sys.executable, *here], timeout=PATIENCE, check=True)
    finally:
        running.kill()
    dead = subprocess.run([sys.executable, *here], timeout=PATIENCE, capture_output=True, check=False)
    assert dead.returncode


def test_the_options_of_the_guide_exist() -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "slotfill", "serve", "--help"], capture_output=True, text=True, check=True
    ).stdout
    commands = [*re.findall(r"slotfill (serve .*)", GUIDE), " ".join(json.loads(instruction("CMD")))]
    for command in commands:
        for option in re.findall(r"(?<!\S)--[a-z-]+", command):
            assert option in help_text, command


def test_the_unit_can_be_read(tmp_path: Path) -> None:
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(block("ini"))
    start = shlex.split(unit["Service"]["ExecStart"])
    assert start == ["/opt/slotfill/bin/slotfill", "serve", "--port", "%i"]
    assert unit["Service"]["DynamicUser"] == "yes"
    if shutil.which("systemd-analyze"):
        path = tmp_path / "slotfill@8001.service"
        path.write_text(block("ini").replace(start[0], sys.executable), encoding="utf-8")
        command = ["systemd-analyze", "verify", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert "slotfill@8001" not in done.stderr


def test_the_proxy_can_be_read(tmp_path: Path) -> None:
    text = block("nginx")
    assert text.count("{") == text.count("}")
    if nginx := shutil.which("nginx"):
        path = tmp_path / "nginx.conf"
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        folders = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
        rest = text.replace("listen 80;", "listen 127.0.0.1:18080;")
        path.write_text(
            f"pid {tmp_path}/pid; events {{}}\nhttp {{ access_log off; {folders}\n{rest}}}\n", encoding="utf-8"
        )
        command = [nginx, "-t", "-e", "stderr", "-c", str(path)]
        subprocess.run(command, timeout=PATIENCE, capture_output=True, check=True)
