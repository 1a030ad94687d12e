"""The timeline of a customer: what happened, from all apps that know of it, and a box to record what took place."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from guanxi.accounts.models import User
from guanxi.customers import queries
from guanxi.customers.models import Customer, Interaction
from guanxi.kernel.days import company_day, is_of_our_time
from guanxi.web.declarations import Panel
from guanxi.web.formats import day, group_day, money
from guanxi.web.labels import Labels, labels_of
from guanxi.web.registry import panel, record_url


def _timeline(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    """The events of a customer as the timeline shows them; `?before=` goes on from there."""
    kind = request.GET.get("kind", "")
    before = _moment(request.GET.get("before", ""))
    stretch = queries.timeline(record, user=request.user, before=before, kinds=[kind] if kind else [])
    authors = labels_of(User, {event["by"] for event in stretch.events if event["by"]})
    return {
        "events": [_event(event, authors) for event in stretch.events],
        "before": stretch.before,
        "kind": kind,
        "sources": queries.shown_sources(request.user),
        "kinds": Interaction.Kind.choices,
        "composed_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }


def _moment(text: str) -> Any:
    """The moment of an address, or None if it is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo and is_of_our_time(found) else None


def _event(event: Mapping[str, Any], authors: Labels) -> dict[str, Any]:
    time = event["time"]
    own = event["model"] == Customer.label()
    return {
        "icon": event["icon"],
        "tone": EVENT_TONES.get(event["kind"], ""),
        "title": event["title"],
        "by": authors.get(event["by"], ("", ""))[0],
        "url": "" if own else record_url(apps.get_model(event["model"]), event["pk"]),
        "text": event["text"],
        "time": "" if event["whole_day"] else f"{timezone.localtime(time):%H:%M}",
        "iso": time.isoformat(),
        "day": group_day(company_day(time) if event["whole_day"] else timezone.localtime(time).date()),
        "tags": list(_tags(event)),
    }


def _tags(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if event["amount"] is not None:
        yield money(event["amount"]), "mut" if event["kind"] == "order" else "bad" if event["amount"] < 0 else "ok"
    if event.get("follow_up"):
        yield _("Follow up: %(day)s") % {"day": day(event["follow_up"])}, "warn"


EVENT_TONES = {"interaction": "pri", "order": "ok", "payment": "ok", "chance": "warn", "change": ""}
panel(Customer, Panel("timeline", _("Timeline"), "customers/panel_timeline.html", _timeline, place=10))
