"""Find secrets in what is committed: `leaks.py check` names those that nobody looked at, `leaks.py renew` keeps them.

Nothing leaves the machine. What was looked at and is none (examples, alphabets, passwords of tests) stands in
`.secrets.baseline` as a hash; a renewed baseline is read before it is committed.
"""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from detect_secrets import SecretsCollection
from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / ".secrets.baseline"
SEEN = ROOT / ".cache" / "leaks.json"
HASHES = {".secrets.baseline", "package-lock.json"}
"""Files of hashes, as are the locks of Python's packages."""
WITHOUT_TEXT = (".png", ".ico", ".woff2", ".po")
PROCESSES = 2
KINDS = [
    "AWSKeyDetector",
    "AzureStorageKeyDetector",
    "BasicAuthDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "JwtTokenDetector",
    "KeywordDetector",
    "NpmDetector",
    "OpenAIDetector",
    "PrivateKeyDetector",
    "PypiTokenDetector",
    "SlackDetector",
]
ENTROPY = [{"name": "Base64HighEntropyString", "limit": 4.5}, {"name": "HexHighEntropyString", "limit": 3.0}]
FILTERS = [
    "allowlist.is_line_allowlisted",
    *(
        f"heuristic.{name}"
        for name in (
            "is_indirect_reference",
            "is_likely_id_string",
            "is_not_alphanumeric_string",
            "is_potential_uuid",
            "is_prefixed_with_dollar_sign",
            "is_sequential_string",
            "is_templated_secret",
        )
    ),
]
SETTINGS = {
    "plugins_used": [*({"name": name} for name in KINDS), *ENTROPY],
    "filters_used": [{"path": f"detect_secrets.filters.{name}"} for name in FILTERS],
}


def main(words: list[str]) -> int:
    """Look, and say what was found or keep it."""
    found = looked_at(tracked())
    if words == ["renew"]:
        BASELINE.write_text(json.dumps(sorted(found), indent=1) + "\n")
        print(f"{len(found)} places are kept in {BASELINE.name}: read them before you commit it.")
        return 0
    known = {tuple(one) for one in json.loads(BASELINE.read_text())}
    for path, kind, _hash in sorted(found.keys() - known):
        print(
            f"{path}:{found[path, kind, _hash]}: {kind}: take it out and change it where it is used; "
            "if it is no secret, keep it by scripts/leaks.py renew"
        )
    for path, kind, _hash in sorted(known - found.keys()):
        print(f"{path}: {kind}: gone, renew {BASELINE.name}")
    return 1 if found.keys() != known else 0


def tracked() -> list[str]:
    """The files with text that git knows, and those that it would take in, but for files of hashes."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [
        path
        for path in listed
        if path and (ROOT / path).is_file() and path not in HASHES
        if not path.endswith(WITHOUT_TEXT) and not (path.startswith("requirements") and path.endswith(".txt"))
    ]


def looked_at(paths: list[str]) -> dict[tuple[str, str, str], int]:
    """What looks like a secret in these files; a file that stands as it was looked at last is not read again."""
    marks = {path: sha256((ROOT / path).read_bytes() + repr(SETTINGS).encode()).hexdigest() for path in paths}
    kept = json.loads(SEEN.read_text()) if SEEN.exists() else {}
    found = scanned([path for path in paths if marks[path] not in kept])
    for path in paths:
        fresh = [[kind, hashed, line] for (place, kind, hashed), line in found.items() if place == path]
        kept.setdefault(marks[path], fresh)
    SEEN.parent.mkdir(exist_ok=True)
    SEEN.write_text(json.dumps({marks[path]: kept[marks[path]] for path in paths}))
    return {(path, kind, hashed): line for path in paths for kind, hashed, line in kept[marks[path]]}


def scanned(paths: list[str]) -> dict[tuple[str, str, str], int]:
    """What looks like a secret, as (file, kind, hash), each with its line."""
    with transient_settings(SETTINGS):
        secrets = SecretsCollection(root=str(ROOT))
        secrets.scan_files(*paths, num_processors=PROCESSES)
    return {_place(path, one): one.line_number for path, one in secrets}


def _place(path: str, one: PotentialSecret) -> tuple[str, str, str]:
    return path, one.type, one.secret_hash


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
