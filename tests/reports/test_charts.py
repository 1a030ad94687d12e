"""A chart as data: exact texts, one sentence, a table with the same links as the picture."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.template import engines
from django.utils.translation import override

from guanxi.reports.charts import Chart, Series

D = Decimal


def bar(**changes) -> Chart:
    series = [Series("Amount", [D("30.50"), None, D("1200.00")], "money", ["/a", "", "/c"])]
    return Chart(
        **{"kind": "bar", "name": "top", "title": "Top", "categories": ["甲", "乙", "丙"], "series": series, **changes}
    )


def test_its_texts_are_exact_where_its_pixels_need_not_be():
    with override("zh-hans"):
        [series] = bar().data()["series"]
    assert series["shown"] == ["¥30.50", "—", "¥1,200.00"]
    assert series["values"] == [30.5, None, 1200.0]
    assert series["links"] == ["/a", "", "/c"]


def test_one_sentence_names_the_largest_and_the_smallest():
    with override("en"):
        assert bar().summary() == "Top: 2 marks. Most: 丙 (CN¥1,200.00); least: 甲 (CN¥30.50)."


def test_the_table_has_every_mark_with_its_link_and_a_missing_link_is_none():
    with override("zh-hans"):
        rows = bar(series=[Series("数", [1, 2, 3], links=["/1"])]).rows()
    assert rows == [("甲", [("1", "/1")]), ("乙", [("2", "")]), ("丙", [("3", "")])]


@pytest.mark.parametrize("values", [[], [None, None], [0, 0]])
def test_nothing_to_see_is_said_in_words(values):
    chart = bar(categories=["甲", "乙"][: len(values)], series=[Series("数", values)], empty="还没有客户")
    assert not chart.drawable
    html = rendered(chart)
    assert "还没有客户" in html
    assert "data-drawing" not in html


def test_a_name_cannot_break_out_of_its_data_block():
    evil = "</script><script>alert(1)</script>"
    html = rendered(bar(categories=[evil, "乙", "丙"]))
    assert html.count("</script>") == 1
    block = html.split("data-drawing>")[1].split("</script>")[0]
    assert json.loads(block)["categories"][0] == evil


def rendered(chart: Chart) -> str:
    """The chart's part of a page, as `include` draws it."""
    found: Any = engines["jinja2"].get_template("reports/chart.html")
    return str(found.template.render(chart=chart))
