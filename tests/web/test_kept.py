"""What is rendered once and used again: never for other values, never with somebody's markup let through."""

import pytest
from django.template import engines
from django.utils.translation import override
from jinja2 import Environment
from markupsafe import Markup

from guanxi.access.models import Department
from guanxi.web.cells import Cell
from guanxi.web.kept import Kept
from tests import cast


@pytest.fixture
def env() -> Environment:
    return Environment(extensions=[Kept], autoescape=True, auto_reload=False)


@pytest.fixture
def ui():
    return engines["jinja2"].env.globals["ui"]


@pytest.fixture
def cells():
    return engines["jinja2"].env.globals["cells"]


def test_a_part_is_rendered_once_for_each_value(env):
    asked = []
    part = env.from_string("{% kept lang, n %}<b>{{ ask(n) }}</b>{% endkept %}")
    shown = [
        part.render(lang=lang, n=n, ask=lambda n: asked.append(n) or f"<{n}>") for lang, n in 2 * [("zh", 1), ("en", 1)]
    ]
    assert shown == ["<b>&lt;1&gt;</b>"] * 4
    assert asked == [1, 1]


def test_a_part_without_a_value_is_the_pages_own(env):
    part = env.from_string("{% kept key %}{{ word }}{% endkept %}")
    assert [part.render(key=None, word=word) for word in "ab"] == ["a", "b"]


def test_a_value_that_may_change_keeps_nothing(env):
    part = env.from_string("{% kept lang, words %}{{ words[0] }}{% endkept %}")
    words = ["a"]
    assert part.render(lang="zh", words=words) == "a"
    words[0] = "b"
    assert part.render(lang="zh", words=words) == "b"


def test_two_parts_of_one_template_are_apart(env):
    both = env.from_string("{% kept key %}a{% endkept %}\n{% kept key %}b{% endkept %}")
    assert [both.render(key=1), both.render(key=1)] == ["a\nb"] * 2


def test_markup_does_not_open_the_door_to_text_that_looks_alike(ui):
    assert "<i>x</i>" in ui.tag(Markup("<i>x</i>"), "ok")
    assert "&lt;i&gt;x&lt;/i&gt;" in ui.tag("<i>x</i>", "ok")


def test_numbers_that_are_equal_are_told_apart(cells):
    shown = [cells.cell(Cell("percent", "1%", value=value)) for value in (1, True)]
    assert ["True" in one for one in shown] == [False, True]


@pytest.mark.django_db
def test_a_record_is_shown_by_its_new_name(ui):
    department = cast.make_department("North")
    assert "North" in ui.tag(department)
    with cast.change() as change:
        change.update(department, name="South")
    assert "South" in ui.tag(Department.objects.get(pk=department.pk))


def test_a_cell_reads_in_the_language_of_its_reader(cells):
    cell = Cell("active", "True", value=True)
    with override("en"):
        assert "Active" in cells.cell(cell)
    with override("zh-hans"):
        assert "启用" in cells.cell(cell)
        assert "启用" in cells.cell(cell, "zh-hans")


def test_several_labels_are_shown(cells):
    assert cells.cell(Cell("many", "a, b", value=["a", "<b>"])).count("&lt;b&gt;") == 1


def test_sentences_escape_what_they_are_given():
    env = engines["jinja2"].env
    template = env.from_string('{{ _("Edit %(record)s", record=name) }}|{{ _("Close") }}')
    with override("en"):
        assert template.render(name="<x>") == "Edit &lt;x&gt;|Close"
    with override("zh-hans"):
        assert template.render(name="x") == "编辑 x|关闭"
