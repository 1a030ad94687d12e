"""A page with one chart of each kind, beside all pages of Guanxi: what the browser tests of charts open."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from guanxi.config.urls import handler400, handler403, handler404, handler500
from guanxi.config.urls import urlpatterns as pages
from guanxi.reports.charts import Chart, Series

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

PAGE = """{% extends "web/base.html" %}{% block title %}Charts{% endblock %}
{% block scripts %}<link rel="stylesheet" href="{{ static("guanxi/reports.css") }}">
<script src="{{ static("guanxi/charts.js") }}" defer></script>{% endblock %}
{% block main %}<h1>Charts</h1><div class="stack">
{% for chart in charts %}{% include "reports/chart.html" %}{% endfor %}</div>{% endblock %}"""
NAMES = ["长沙湘江工程机械有限公司", "杭州云栖智造科技有限公司", "广州南粤医疗器械有限公司"]


def sample(request: HttpRequest) -> HttpResponse:
    """One chart of each kind; the bars lead to the customers."""
    links = [f"/customers/?level={number}" for number in (1, 2, 3)]
    amounts = Series("成交额", [Decimal("3120480"), Decimal("2864300"), Decimal("1876540")], "money", links)
    counts = Series("客户", [5, 3, 2], "count", links)
    shares = Series("累计占比", [Decimal("39.7"), Decimal("76.1"), Decimal("100.0")], "percent")
    charts = [
        Chart(
            "bar",
            "bar",
            "成交额前 3 名",
            NAMES,
            [amounts, Series("上年", [Decimal("99"), None, Decimal("1")], "money")],
        ),
        Chart("bar", "across", "按客户", NAMES, [counts], across=True),
        Chart("pie", "pie", "客户构成", NAMES, [counts]),
        Chart("line", "line", "按月", NAMES, [counts]),
        Chart("funnel", "funnel", "机会漏斗", NAMES, [counts]),
        Chart("pareto", "pareto", "帕累托", NAMES, [amounts, shares]),
        Chart("bar", "nothing", "没有数据", [], [Series("客户", [])]),
    ]
    return HttpResponse(engines["jinja2"].from_string(PAGE).render({"charts": charts}, request))


urlpatterns = [*pages, path("sample-charts/", sample, name="sample-charts")]
