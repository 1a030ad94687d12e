"""Stored scripts in every text that people or programs may put into the database."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from guanxi.access import actions as access
from guanxi.access.models import MenuItem, Role
from guanxi.accounts.models import User
from guanxi.history.models import Change
from guanxi.parameters.models import Parameter
from guanxi.reports.models import KeptAnswer
from guanxi.search.models import SearchDoc
from guanxi.transfer.models import Import, RefusedRow
from tests import cast
from tests.promises.records import make_token

LONG = "'\"></title></textarea><img class=hit src=x onerror=hit()><script class=hit>hit()</script>{{7*7}}<u class=hit>"
MIDDLE = "'\"><img class=hit src=x onerror=hit()>"
SHORT = "'\"><u class=hit>"
LINK = "javascript:hit()//'\"><u class=hit>"
ROOM = 8
"""For the number that makes each unique."""

PROGRAMS_OWN = {
    *("accounts.user.password", "accounts.user.language", "accounts.user.theme", "accounts.user.density"),
    *("accounts.user.time_zone", "accounts.session.key_hash", "accounts.session.data", "accounts.secondfactor.sealed"),
    *("accounts.recoverycode.code_hash", "accounts.trycount.key", "accounts.notice.kind", "accounts.notice.model"),
    *("access.menuitem.key", "access.menuitem.permission", "access.menuitem.icon", "access.menuitem.url"),
    *("api.token.digest", "dictionary.dictionaryentry.type", "parameters.parameter.key", "parameters.counter.prefix"),
    *("history.change.model", "history.changeset.subject_model", "history.changeset.verb", "history.stamp.name"),
    *("jobs.job.task", "jobs.job.key", "jobs.job.queue", "jobs.schedule.task"),
    *("transfer.import.path", "transfer.import.language", "web.submitkey.key", "web.submitkey.url"),
    "web.preference.key",
}
"""Texts that nobody types: names by which the program finds its own parts."""
DERIVED = {SearchDoc, KeptAnswer}
"""Made from the others."""
LINKS = {"customers.customer.website"}
SAID = {"company.name": MIDDLE, "company.short_name": "<u class=hit", "company.address": LONG}


def texts_of(model: Any) -> list[Any]:
    """The text fields of a model that take a canary."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField))
        and not field.choices
        and f"{model._meta.label_lower}.{field.name}" not in PROGRAMS_OWN
    ]


def business_models() -> Iterator[Any]:
    """Every model of Guanxi whose texts are stored, and not derived from others."""
    for model in apps.get_models():
        if model.__module__.startswith("guanxi.") and model not in DERIVED:
            yield model


def canary(field: Any) -> str:
    """The longest stored script that fits a field."""
    if f"{field.model._meta.label_lower}.{field.name}" in LINKS:
        return LINK
    longest = field.max_length or 10_000
    fitting = [one for one in (LONG, MIDDLE, SHORT) if len(one) + ROOM <= longest]
    return fitting[0] if fitting else SHORT[2 : 2 + longest - ROOM + 4]


def poison() -> None:
    """Make one record of what the demo has none of, then write a stored script into every text."""
    _further_records()
    for model in business_models():
        for field in texts_of(model):
            _write(model, field)
    _poison_lists()
    KeptAnswer.objects.all().delete()
    call_command("reindex", verbosity=0)


def _write(model: Any, field: Any) -> None:
    """Into every row; where the database allows it only beside something else, where there is a text already."""
    value = Concat(Value(canary(field)), Cast(F("pk"), models.CharField()))
    try:
        with transaction.atomic():
            QuerySet(model).update(**{field.name: value})
    except IntegrityError:
        QuerySet(model).exclude(**{field.name: ""}).update(**{field.name: value})


def _further_records() -> None:
    owner = User.objects.in_use().filter(roles__holds_all=True).first()
    with cast.change(by=owner) as change:
        link = access.create_menu_item(
            kind="link",
            parent=MenuItem.objects.in_use().filter(kind=MenuItem.Kind.DIRECTORY).first(),
            label_zh="网盘",
            label_en="Files",
            url="/search/?q='><u",
            change=change,
        )
        for role in Role.objects.in_use().filter(holds_all=False):
            change.relate(role, "grants", [*role.grants.all(), link])
        found = change.create(Import, kind="customers", filename="名单.csv")
        for key, value in SAID.items():
            change.create(Parameter, key=key, value=value)
    Import.objects.filter(pk=found.pk).derive(refused=1, state=Import.State.DONE)
    RefusedRow.objects.create(of=found, number=2, cells=["x"], reason="x")
    make_token(owner, 1)


def _poison_lists() -> None:
    """The texts inside of JSON: the log's old and new values, cells and headings of imported files."""
    for change in Change.objects.all():
        model = apps.get_model(change.model)
        names = {one.name for one in texts_of(model)}
        for side in (change.before, change.after):
            side.update({name: LONG for name in side if name in names and side[name]})
        QuerySet(Change).filter(pk=change.pk).update(before=change.before, after=change.after)
    row = [7, LONG, LONG]
    QuerySet(Import).update(headings=[LONG], duplicate_rows=[row], like_rows=[row])
    QuerySet(RefusedRow).update(cells=[LONG, MIDDLE])
