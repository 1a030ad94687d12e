"""The rules themselves: each planted defect is found, and the right way beside it is left alone."""

import ast
import functools

import pytest

from tests.promises import source_rules, template_rules

WRITES = functools.partial(source_rules.no_writes_outside_change_sets, links=frozenset({"roles"}))
PAGE = "def page(request):\n    "

DEFECTS = [
    (source_rules.no_signals, "from django.dispatch import receiver"),
    (source_rules.no_signals, "from django.db.models.signals import post_save"),
    (source_rules.no_signals, "from django.contrib.auth import signals"),
    (source_rules.no_signals, "@dispatch.receiver(saved)\ndef heard(**kwargs): ..."),
    (source_rules.no_imports_inside_functions, "def late():\n    import json"),
    (source_rules.no_imports_inside_functions, "class A:\n    async def late(self):\n        from a import b"),
    (source_rules.no_raw_sql, "connection.cursor()"),
    (source_rules.no_raw_sql, "cursor.execute('select 1')"),
    (source_rules.no_raw_sql, "Customer.objects.raw('select 1')"),
    (source_rules.no_raw_sql, "rows.extra(where=['1=1'])"),
    (source_rules.no_raw_sql, "rows.annotate(a=RawSQL('select 1', []))"),
    (source_rules.no_unescaped_text, "Markup(name)"),
    (source_rules.no_unescaped_text, "safestring.mark_safe(name)"),
    (source_rules.no_request_data_in_queries, PAGE + "rows.filter(**request.GET.dict())"),
    (source_rules.no_request_data_in_queries, PAGE + "rows.filter(**{request.GET['field']: 1})"),
    (source_rules.no_request_data_in_queries, PAGE + "rows.order_by(request.GET['sort'])"),
    (source_rules.no_request_data_in_queries, PAGE + "rows.order_by(*self.request.POST.getlist('sort'))"),
    (source_rules.no_request_data_in_queries, PAGE + "sort = request.GET.get('s')\n    rows.order_by(f'-{sort}')"),
    (source_rules.no_request_data_in_queries, PAGE + "data = dict(request.POST)\n    change.create(Customer, **data)"),
    (source_rules.no_way_out, "import requests"),
    (source_rules.no_way_out, "from urllib.request import urlopen"),
    (source_rules.no_way_out, "from urllib import request"),
    (source_rules.no_way_out, "urlopen(address)"),
    (source_rules.no_code_from_text, "eval(text)"),
    (source_rules.no_code_from_text, "import pickle"),
    (source_rules.no_code_from_text, "subprocess.run(text, shell=True)"),
    (source_rules.no_code_from_text, "os.system(text)"),
    (source_rules.no_unscoped_reads, "Customer.objects.get(pk=pk)"),
    (source_rules.no_unscoped_reads, "Customer.objects.in_use().get(pk=pk)"),
    (source_rules.no_unscoped_reads, "get_object_or_404(Customer, pk=pk)"),
    (WRITES, "customer.save()"),
    (WRITES, "customer.save(update_fields=['name'])"),
    (WRITES, "customer.delete()"),
    (WRITES, "Customer.objects.create(name='a')"),
    (WRITES, "Customer.objects.bulk_create(rows)"),
    (WRITES, "Customer.objects.filter(pk=1).update(name='a')"),
    (WRITES, "rows.update(name='a')"),
    (WRITES, "rows.update(**fields)"),
    (WRITES, "rows.delete()"),
    (WRITES, "Customer.objects.get_or_create(name='a')"),
    (WRITES, "user.roles.add(role)"),
    (WRITES, "user.roles.set([])"),
    (source_rules.short_functions, "def long():\n" + "    step()\n" * 41),
    (source_rules.plain_actions, "def assign_chance(chance, to, *, change): ..."),
    (source_rules.plain_actions, "def assign_chance(chance, change): ..."),
    (source_rules.plain_actions, "def assign_chance(chance, *, change):\n    at = timezone.now()"),
    (source_rules.plain_actions, "def assign_chance(chance, *, change):\n    day = datetime.date.today()"),
    (source_rules.plain_actions, "def assign_chance(chance, *, change, request): ..."),
]

RIGHT_WAYS = [
    (source_rules.no_signals, "import signal\nsignal.signal(signal.SIGTERM, stop)"),
    (source_rules.no_imports_inside_functions, "import json\nif fast:\n    import orjson"),
    (source_rules.no_raw_sql, "executor.submit(run)\nsuper().execute(*args)"),
    (source_rules.no_request_data_in_queries, PAGE + "rows.filter(name=request.GET['name'])"),
    (source_rules.no_request_data_in_queries, PAGE + "rows.filter(**{column: request.GET['name']})"),
    (source_rules.no_request_data_in_queries, PAGE + "form = Form(request.POST)\n    create(**form.values())"),
    (source_rules.no_unscoped_reads, "Customer.objects.visible_to(user).get(pk=pk)"),
    (source_rules.no_unscoped_reads, "request.GET.get('q')"),
    (source_rules.no_way_out, "from urllib.parse import urlsplit\nfrom django.http import HttpRequest as request"),
    (source_rules.no_code_from_text, "re.compile(text)\nsubprocess.run(words, shell=False)"),
    (WRITES, "change.create(Customer, name='a')\nchange.update(customer, name='a')\nself.change.bin(customer)"),
    (WRITES, "names = {}\nnames.update(a=1)\ndigest.update(data)\nnames.add('x')\ncache.delete('key')"),
    (source_rules.short_functions, "def short():\n" + "    step()\n" * 39),
    (source_rules.plain_actions, "def assign_chance(chance, *, to, change):\n    change.update(chance, at=change.at)"),
    (source_rules.plain_actions, "def total_of(lines, rate): ..."),
    (source_rules.plain_actions, "def _inner(a, b, change): ..."),
]


@pytest.mark.parametrize(("rule", "source"), DEFECTS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_planted_defect_is_found(rule: source_rules.Rule, source: str) -> None:
    assert list(rule("guanxi/customers/actions.py", ast.parse(source)))


@pytest.mark.parametrize(("rule", "source"), RIGHT_WAYS, ids=lambda value: value if isinstance(value, str) else "")
def test_the_right_way_is_left_alone(rule: source_rules.Rule, source: str) -> None:
    assert list(rule("guanxi/customers/actions.py", ast.parse(source))) == []


@pytest.mark.parametrize("path", ["guanxi/web/utils.py", "guanxi/common/models.py", "tests/helpers.py"])
def test_a_junk_drawer_is_found(path: str) -> None:
    assert list(source_rules.no_junk_drawers(path, ast.parse("")))


def test_many_to_many_fields_are_known_from_both_sides() -> None:
    tree = ast.parse("class User:\n    roles = models.ManyToManyField('Role', related_name='holders')")
    assert source_rules.many_to_many_names(tree) == {"roles", "holders"}


@pytest.mark.parametrize(
    "template",
    [
        '<a hx-on:click="go()">',
        "<input hx-trigger=\"keyup[key=='Enter']\">",
        "<a hx-vals='js:{a: 1}'>",
        '<a href="javascript:go()">',
        '<p style="color: red">',
        '<p\n   class="a"\n   onclick="go()">',
        '<p class="{{ name }}" onmouseover="go()">',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<script type="module">go()</script>',
    ],
)
def test_what_the_policy_refuses_is_found(template: str) -> None:
    assert list(template_rules.obeys_the_policy(template))


@pytest.mark.parametrize(
    "template",
    [
        '<script src="/static/crm.js"></script>',
        '<script type="application/json">{"a": 1}</script>',
        '<option value="{{ query(size=one) }}"{% if one == size %} selected{% endif %}>',
        "{# <style> is refused #}",
        '<link rel="stylesheet" href="/static/crm.css">',
        '<a href="/news: {{ _("on = off") }}">',
    ],
)
def test_what_the_policy_allows_is_left_alone(template: str) -> None:
    assert list(template_rules.obeys_the_policy(template)) == []


@pytest.mark.parametrize("template", ["{{ name|safe }}", "{{ name | safe }}", "{% autoescape false %}"])
def test_unescaped_text_is_found(template: str) -> None:
    assert list(template_rules.escapes_everything(template)) == [(1, "unescaped text")]


def test_a_literal_needs_no_escaping() -> None:
    assert list(template_rules.escapes_everything("{{ ' checked'|safe if on }}")) == []


def test_the_line_of_a_fault_is_right() -> None:
    assert [line for line, _ in template_rules.obeys_the_policy("{# a\nb #}\n\n<style>")] == [4]


def test_icons_are_read_from_templates_and_declarations() -> None:
    assert template_rules.icons_of('{{ ui.icon("users", "s") }} {{ card(icon="phone") }}') == {"users", "phone"}
