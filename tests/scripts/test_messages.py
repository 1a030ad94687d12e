"""Translations: what is collected, what counts as a fault, what a filled line does."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from scripts import messages


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one sentence of each kind."""
    folder = tmp_path / "app" / "templates" / "app"
    folder.mkdir(parents=True)
    (tmp_path / "app" / "models.py").write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext\n"
        'a = _("Name")\nb = ngettext("%(n)d row", "%(n)d rows", n)\nc = pgettext("state", "Open")\n'
    )
    (folder / "page.html").write_text(
        '{{ _("Hello %(name)s", name=name) }}\n{% trans %}\n  Two\n  lines\n{% endtrans %}\n'
    )
    return tmp_path


def test_every_kind_of_sentence_is_collected(package: Path) -> None:
    found = {(message.context, message.id) for message in messages.extract(package) if message.id}
    assert found == {
        (None, "Name"),
        (None, ("%(n)d row", "%(n)d rows")),
        ("state", "Open"),
        (None, "Hello %(name)s"),
        (None, "Two lines"),
    }


def test_a_missing_an_uncertain_and_a_broken_sentence_are_faults() -> None:
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("Good %(name)s", "%(name)s 好")
    catalogue.add("Missing", "")
    catalogue.add("Fuzzy", "大概", flags={"fuzzy"})
    catalogue.add("Bad %(name)s", "坏")
    catalogue.add(("%(n)d row", "%(n)d rows"), ("",))
    assert [fault.split(":")[0] for fault in messages.faults(catalogue)] == [
        "no Chinese",
        "uncertain",
        "other placeholders",
        "no Chinese",
    ]


def test_filled_lines_reach_their_sentences_and_strangers_are_named() -> None:
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("Name", "")
    catalogue.add(("%(n)d row", "%(n)d rows"), ("",))
    lines = ["Name\t名称\n", "%(n)d row\t%(n)d 行", "Nobody\t没有人", "", "no tab"]
    assert messages.fill(catalogue, iter(lines)) == ["Nobody\t没有人"]
    assert list(messages.faults(catalogue)) == []


def test_the_written_catalogue_reads_back_and_stays_the_same(tmp_path: Path) -> None:
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("Name", "名称", [("guanxi/a.py", None)])
    catalogue.add(("%(n)d row", "%(n)d rows"), ("%(n)d 行",), [("guanxi/a.py", None)])
    written = messages.render(catalogue)
    path = tmp_path / "django.po"
    path.write_bytes(written)
    with path.open("rb") as file:
        again = read_po(file, locale="zh_Hans", domain="django")
    assert messages.render(again) == written
    assert "Date" not in written.decode()
