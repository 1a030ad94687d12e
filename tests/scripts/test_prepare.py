"""The set-up finds a pip even where Python has none."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from scripts import prepare

NAMES = ["pip-9.0.3-py2.py3-none-any.whl", "pip-26.1-py3-none-any.whl", "pip-26.10-py3-none-any.whl", "pip-27.0.tar.gz"]


def _index(monkeypatch: pytest.MonkeyPatch, wheel: bytes, digest: str) -> None:
    files = [{"filename": name, "url": f"../../files/{name}", "hashes": {"sha256": digest}} for name in NAMES]

    def answer(request: Any, timeout: float) -> io.BytesIO:
        is_page = not isinstance(request, str)
        assert is_page or request == "https://mirror/files/pip-26.10-py3-none-any.whl"
        return io.BytesIO(json.dumps({"files": files}).encode() if is_page else wheel)

    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror/simple/")
    monkeypatch.setattr(prepare.urllib.request, "urlopen", answer)


def test_the_newest_wheel_is_taken_from_the_configured_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _index(monkeypatch, b"wheel", hashlib.sha256(b"wheel").hexdigest())
    assert prepare.fetch_pip(tmp_path).read_bytes() == b"wheel"


def test_another_wheel_than_the_index_named_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _index(monkeypatch, b"changed", hashlib.sha256(b"wheel").hexdigest())
    with pytest.raises(SystemExit, match="not what the index says"):
        prepare.fetch_pip(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_uv_gets_the_index_that_pip_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("UV_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror/simple/")
    assert prepare.mirror() == {"UV_DEFAULT_INDEX": "https://mirror/simple/"}
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://chosen/simple/")
    assert prepare.mirror() == {}
