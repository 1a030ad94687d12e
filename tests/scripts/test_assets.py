"""The icon sprite holds exactly the named icons."""

from pathlib import Path

import pytest

from scripts import assets

SVG = """<svg
  xmlns="http://www.w3.org/2000/svg"
  viewBox="0 0 24 24"
>
  <path stroke="none" d="M0 0h24v24H0z" fill="none" />
  <path d="M4 10a2 2 0 1 0 4 0" />
</svg>"""


def test_an_icon_becomes_a_symbol_without_its_blank_box() -> None:
    assert assets.symbol("dot", SVG) == (
        '<symbol id="dot" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round"><path d="M4 10a2 2 0 1 0 4 0"/></symbol>'
    )


def test_the_list_has_one_name_a_line() -> None:
    assert assets.icon_names("# icons\nusers\n\nbell\nusers\n") == ["bell", "users"]


def test_every_unknown_icon_is_named(tmp_path: Path) -> None:
    (tmp_path / "dot.svg").write_text(SVG)
    assert assets.sprite(["dot"], tmp_path).count("<symbol") == 1
    with pytest.raises(KeyError, match="blob, nothing"):
        assets.sprite(["blob", "dot", "nothing"], tmp_path)
