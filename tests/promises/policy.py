"""Who may open what: one policy over every address, derived from the registry; what it does not declare fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from guanxi.accounts.models import Session, SignIn, User
from guanxi.api.application import all_operations
from guanxi.api.models import Token
from guanxi.customers.models import Contact, Customer, Interaction, Order, Payment
from guanxi.history.models import ChangeSet
from guanxi.marketing.models import DevelopmentPlan, SaleChance
from guanxi.reports.report import reports
from guanxi.retention.models import LossCase, ReprieveMeasure
from guanxi.service.models import ServiceTicket
from guanxi.system.home_cards import all_cards
from guanxi.transfer.kinds import KINDS
from guanxi.transfer.models import Import
from guanxi.web.pages import OptionsPage
from guanxi.web.pages.base import ResourcePage
from guanxi.web.panels import tabs_of
from guanxi.web.registry import all_resources

SIGNED_IN = {
    "account:home",
    "account:home-arrange",
    "web:search",
    "account:logout",
    "account:profile",
    "account:password",
    "account:second-factor",
    "account:second-factor-off",
    "account:recovery-codes",
    "account:prove",
    "account:sessions",
    "account:sessions-end",
    "account:session-end",
    "account:notices",
    "account:notices-read",
    "account:notice-open",
    "account:bin",
    "api:own",
    "api:own-revoke",
}
"""Open to everybody who is signed in: they show and change what is one's own."""

OWN_ONLY = {"api:own-revoke": Token, "transfer:import-match": Import, "transfer:import-start": Import}
"""Those that are about one record, which must be one's own whatever one sees."""

GUARDED: dict[str, tuple[type[Any], set[str]]] = {
    "retention:scans": (LossCase, {"retention.scan_losscase"}),
    "system:redaction": (Customer, {"history.redact_changeset"}),
    "system:access-check": (User, {"accounts.check_user"}),
    "system:reveal": (Customer, {"access.reveal_role"}),
    "account:home-card": (Customer, set(all_cards["follow-ups"].permissions)),
    **{
        f"transfer:import-{name}": (Import, {KINDS["customers"].permission})
        for name in ("new", "sample", "match", "wizard", "start", "refused")
    },
    "reports:index": (Customer, {one.permission for one in reports.values()}),
    **{
        f"reports:{name}{page}": (one.model, {one.permission})
        for name, one in reports.items()
        for page in ("", "-count")
    },
    **{f"reports:{name}-export": (one.model, {one.export_permission}) for name, one in reports.items()},
    "api:own-new": (Token, {"api.create_token"}),
}
"""Pages of their own beside a resource: the model whose record they are about, and the permissions of which they ask one."""

POSTED = {"system:parameter-list": "parameters.edit_parameter", "system:reveal": "customers.view_customer"}
"""What a page asks for besides, where something is sent to it."""

OPEN = {
    *("healthz", "favicon", "account:login", "account:code", "account:language"),
    *("api:json:openapi", "api:json:nothing"),
}
"""Open to everybody."""

DEBUG_ONLY = {"web:styleguide", "web:styleguide-options"}
"""Not there unless GUANXI_DEBUG is set."""

OPERATIONS = {f"api:json:{operation.address}" for operation in all_operations()}
"""Those of programs, which ask for a token: `test_every_operation.py` has their matrix."""

CUSTOMERS = {"customers.claim_customer", "customers.assign_customer"}
CHANCES = {"marketing.assign_salechance"}
CASES = {"retention.assign_losscase"}
OWNED: dict[type[Any], set[str]] = {
    Customer: CUSTOMERS,
    Contact: CUSTOMERS,
    Interaction: CUSTOMERS,
    Order: CUSTOMERS,
    Payment: CUSTOMERS,
    SaleChance: CHANCES,
    DevelopmentPlan: CHANCES,
    LossCase: CASES,
    ReprieveMeasure: CASES,
    ServiceTicket: {"service.assign_serviceticket"},
}
"""Models whose rows are somebody's, and the permissions one of which shows those that are nobody's."""

LOGGED: dict[type[Any], str] = {
    ChangeSet: "history.view_changeset",
    SignIn: "accounts.view_signin",
    Session: "accounts.view_session",
    Token: "api.view_token",
}
"""Models whose rows are seen by those they are about, and by who holds the permission."""

AUTHORED = {Import}
"""Models whose rows are their author's, and of those who see everything."""

SHARED = {one.model for one in all_resources} - OWNED.keys() - LOGGED.keys() - AUTHORED
"""All others belong to the company: who may open the page sees every row."""

REACHED = {
    "own": {"own"},
    "reports": {"own", "led", "below led"},
    "department": {"own", "colleague"},
    "branch": {"own", "colleague", "below"},
    "custom": {"own", "chosen"},
    "all": {"own", "colleague", "below", "led", "below led", "chosen", "elsewhere", "pool"},
}
"""What each data scope shows of rows that are somebody's, by where that person is."""


@dataclass(frozen=True)
class Address:
    """One address of the URL conf. `page` is a resource's page with its options, or None."""

    name: str
    names: tuple[str, ...]
    page: Any

    def url(self, record: Any = None) -> str:
        values = {
            "pk": getattr(record, "pk", 1),
            "tab": tab_of(self.page),
            "key_hash": "none",
            "name": Customer.label() if self.name in {"system:redaction", "system:reveal"} else "customers",
            "card": "follow-ups",
            "field": "phone" if self.name == "system:reveal" else "name",
        }
        url = reverse(self.name, kwargs={name: values[name] for name in self.names})
        return f"{url}?kind=customers" if self.name == "transfer:import-new" else url

    @property
    def known_to_all(self) -> bool:
        return isinstance(self.page, OptionsPage) and self.page.resource.known_to_all

    @property
    def model(self) -> Any:
        """The model whose record it is about, or None."""
        if self.page is not None:
            return self.page.resource.model
        return GUARDED[self.name][0] if self.name in GUARDED else OWN_ONLY.get(self.name)

    @property
    def permissions(self) -> set[str]:
        """Of which it asks one; none where everybody may come who is signed in."""
        if self.page is not None:
            return set() if self.known_to_all else {self.page.permission()}
        return GUARDED[self.name][1] if self.name in GUARDED else set()


def addresses(resolver: Any = None, space: str = "") -> Iterator[Address]:
    """Every address, those of included apps by their full name."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inner)
        else:
            yield Address(f"{space}{pattern.name}", tuple(pattern.pattern.converters), page_of(pattern.callback))


def page_of(view: Any) -> Any:
    kind = getattr(view, "view_class", None)
    return kind(**view.view_initkwargs) if kind and issubclass(kind, ResourcePage) else None


def tab_of(page: Any) -> str:
    """The last tab of a record: its history, where the log keeps one."""
    return tabs_of(page.resource)[-1].name if page is not None else "history"


ALL = list({(one.name, one.names): one for one in reversed([*addresses()])}.values())[::-1]
"""Where two stand at the same place, the first one answers."""
PAGES = [one for one in ALL if one.page is not None]


def shared(model: Any) -> bool:
    return bool(getattr(model._default_manager.all(), "shared", False))


def finds(model: Any, case: str, *, scope: str, rights: set[str], restores: bool = False) -> bool:
    """Whether somebody of this scope and these rights finds a record of this case."""
    where, _blank, state = case.partition(", ")
    if where == "missing" or (state == "binned" and not restores):
        return False
    if model in OWNED:
        return where in REACHED[scope] or (where == "pool" and bool(OWNED[model] & rights))
    if model in LOGGED:
        return where == "own" or LOGGED[model] in rights
    if model in AUTHORED:
        return where == "own" or scope == "all"
    return True
