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


@pytest.mark.parametrize(
    "text",
    [
        "一个新文件,或一个目录",
        "请运行:guanxi upgrade",
        "是不是“%(name)s”?",
        "已损坏:%(reason)s",
        "每隔(分钟)",
        "好, 走",
        "0:无",
        "走!",
    ],
)
def test_a_half_width_mark_beside_chinese_is_a_fault(text: str) -> None:
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add("x", text)
    assert messages.is_half_width(text)
    assert any("placeholders" in line or line.startswith("half-width") for line in messages.faults(catalogue))


@pytest.mark.parametrize(
    "text",
    [
        "一个新文件，或一个目录",
        "端口 %(port)s 已用",
        "（%(size).1f MB）",
        "%(a)s: %(b)s",
        "见 http://a/b:80 处",
        "A, B (C)",
    ],
)
def test_full_width_marks_and_those_inside_code_are_none(text: str) -> None:
    assert not messages.is_half_width(text)


def test_chinese_in_the_sources_is_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('a = f"{x} 不好,换一个。"\nb = "很好，留着。"\nc = "Said: 好, fine."\n')
    assert len(list(messages.spoken_faults(tmp_path))) == 1


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


def test_one_thing_has_one_word() -> None:
    said = [(message.id, text) for message in messages.load() if message.id for text in messages.texts_of(message)]
    strays = ("你", "指派", "认领", "级别", "质询", "统计报表")
    assert [one for one in said if any(word in one[1] for word in strays)] == []


def test_one_word_stands_for_one_thing() -> None:
    told = {(message.context, message.id): message.string for message in messages.load()}
    assert told["network", "Address"] == "来源地址"
    assert told["link", "Address"] == "链接地址"
    assert told[None, "Address"] == "地址"
    assert told[None, "Place"] != told[None, "Department and roles"]
    assert told[None, "Mine"] != told[None, "Created by me"]
    assert (told[None, "New"], told[None, "Added"]) == ("新建", "新增")
