"""The own rules over the sources: what they forbid is written into a file, and they must find it."""

from tests.promises.defences.defence import Defence, defence

RULE = "promises/test_source_rules.py::test_the_package_keeps_a_rule"
SEARCH = "web/searching.py"
SAID = '"""Search over everything that the user may see, as a page and as the palette\'s answer."""\n'
TEMPLATE = "api/templates/api/tokens.html"
HEADING = "<h1>{{ heading }}</h1>"


def forbidden(name: str, code: str, test: str = RULE) -> Defence:
    """A line in a module of pages that a rule must find."""
    return defence(name, SEARCH, SAID, f"{SAID}\n\ndef planted(request, rows):\n    {code}\n", test)


ALL: list[Defence] = [
    forbidden("Rule: no dict of a request in a query", "return rows.filter(**request.GET.dict())"),
    forbidden("Rule: no order by a value of a request", 'return rows.order_by(request.GET["sort"])'),
    forbidden("Rule: no raw SQL", 'return rows.raw("select 1")'),
    forbidden("Rule: no text is called markup", "return Markup(rows)"),
    forbidden("Rule: no import inside a function", "import json\n    return json.dumps(rows)"),
    forbidden("Rule: no way out to other servers", "return urlopen(rows)"),
    forbidden("Rule: no code from text", "return eval(rows)"),
    forbidden(
        "Rule: no write outside a change set",
        "rows.bulk_create(request)",
        "promises/test_source_rules.py::test_only_history_writes",
    ),
    defence(
        "Rule: no record but of the visible rows",
        "system/pages/undo.py",
        "\nfrom itertools import islice\n",
        "\nfrom itertools import islice\n\n\ndef planted(pk):\n    return ChangeSet.objects.get(pk=pk)\n\n",
        "promises/test_source_rules.py::test_pages_take_records_from_the_visible_rows",
    ),
    defence(
        "Rule: nothing is called safe",
        TEMPLATE,
        HEADING,
        "<h1>{{ heading | safe }}</h1>",
        "promises/test_source_rules.py::test_templates_escape_everything",
    ),
    defence(
        "Rule: no inline script",
        TEMPLATE,
        HEADING,
        HEADING + "<script>go()</script>",
        "promises/test_source_rules.py::test_templates_obey_the_policy",
    ),
    defence(
        "Rule: no inline style",
        TEMPLATE,
        HEADING,
        '<h1 style="color: red">{{ heading }}</h1>',
        "promises/test_source_rules.py::test_templates_obey_the_policy",
    ),
    defence(
        "Rule: no inline handler",
        TEMPLATE,
        HEADING,
        '<h1 onclick="go()">{{ heading }}</h1>',
        "promises/test_source_rules.py::test_templates_obey_the_policy",
    ),
]
