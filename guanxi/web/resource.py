"""Resource: one declaration gives a model its pages, permissions, menu entry and picker."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.access.reach import reach_of
from guanxi.kernel.text import read_id
from guanxi.web.cells import NO_DEADLINES, Column, Deadline, column_of
from guanxi.web.declarations import Action, Kpi, ListView, Panel
from guanxi.web.filters import Filter
from guanxi.web.paging import Sort
from guanxi.web.registry import panels_of

_ANY_ID = 1234567890
"""Stands for a record in an address that is looked up once."""


class Resource:
    """What a model's pages show and do. Declare a subclass with `@register`.

    The names in `columns`, `filters`, `sorts` and `details` are fields of the model. `create`,
    `edit`, `bin` and `restore` are actions; what is None is not offered. Permission and row scope
    are inside the shared pages and cannot be forgotten.
    """

    instance: ClassVar["Resource"]

    model: ClassVar[Any]
    noun: ClassVar[str] = ""
    """Its name in addresses' names; the model's own unless two menus share the model."""
    directory: ClassVar[str] = ""
    """The key of the directory of the resource tree that its menu stands in; empty: no menu."""
    under: ClassVar[str] = ""
    """For parts of another record: the noun of the resource whose menu holds their buttons."""
    code: ClassVar[str] = ""
    codes: ClassVar[Mapping[str, str]] = {}
    """Codes of the original design by verb; other buttons continue their numbering."""
    rights: ClassVar[Mapping[str, Any]] = {}
    """What a permission is called, by its name or its verb, where none of its pages has that name."""
    doors: ClassVar[Sequence[tuple[str, str]]] = ()
    """Further menus that lead to the same list: (directory, code)."""
    label: ClassVar[Any] = ""
    icon: ClassVar[str] = ""
    place: ClassVar[int] = 50
    path: ClassVar[str] = ""
    """Below the app's address, such as `chances`."""

    columns: ClassVar[Sequence[str]] = ()
    more_columns: ClassVar[Sequence[str]] = ()
    kinds: ClassVar[Mapping[str, str]] = {}
    tones: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    deadlines: ClassVar[Mapping[str, Deadline]] = NO_DEADLINES
    """The moments and days that lists mark once they have passed."""
    sorts: ClassVar[Sequence[str]] = ("created_at",)
    sort: ClassVar[str] = "-created_at"
    filters: ClassVar[Sequence[str]] = ()
    filter_kinds: ClassVar[Mapping[str, type[Filter]]] = {}
    """The filters of fields whose type does not say which suits them, by name."""
    further_filters: ClassVar[Sequence[str]] = ()
    """Filters that addresses may ask for, such as those of reports; the toolbar shows them only then."""
    views: ClassVar[Sequence[ListView]] = ()
    searchable: ClassVar[bool] = False
    search_hint: ClassVar[Any] = ""
    board: ClassVar[str] = ""
    board_sum: ClassVar[str] = ""
    board_card: ClassVar[Sequence[str]] = ()

    form: ClassVar[Any] = None
    create: ClassVar[Callable[..., Any] | None] = None
    edit: ClassVar[Callable[..., Any] | None] = None
    bin: ClassVar[Callable[..., Any] | None] = None
    restore: ClassVar[Callable[..., Any] | None] = None
    restore_form: ClassVar[Any] = None
    exports: ClassVar[bool] = False
    """Whether its list can be taken away as a file, by those who hold the permission."""
    proved: ClassVar[frozenset[str]] = frozenset()
    """Verbs that ask again for the password or a code, unless it was given in the last 15 minutes."""
    actions: ClassVar[Sequence[Action]] = ()
    create_label: ClassVar[Any] = ""
    form_template: ClassVar[str] = "web/form.html"
    form_parts: ClassVar[frozenset[str]] = frozenset()
    """Blocks of its form template that `?part=` may ask for alone, such as what is checked while one types."""
    known_by: ClassVar[str] = ""
    """The field by which those find it who know it by name only; the one that names it unless given."""
    known_to_all: ClassVar[bool] = False
    """Whether every colleague may pick one of them by name, without the right to open its pages."""
    form_page: ClassVar[bool] = False
    """Whether its form is too large for a drawer and opens as a page."""
    record_template: ClassVar[str] = "web/record.html"
    list_template: ClassVar[str] = "web/list.html"

    title: ClassVar[str] = ""
    """The field that names a record; the first column unless given."""
    parent: ClassVar[str] = ""
    """The foreign key to the record that this one is a part of."""
    head: ClassVar[Sequence[str]] = ()
    meta: ClassVar[Sequence[str]] = ()
    details: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()
    hide_empty: ClassVar[frozenset[str]] = frozenset()
    empty_text: ClassVar[Any] = ""
    api_fields: ClassVar[Sequence[str]] = ()
    """What other programs read of a record; without them the resource is not in the API."""
    api_rows: ClassVar[Mapping[str, Sequence[str]]] = {}
    """What they read of rows that a record consists of, such as the lines of an order, by the rows' name."""

    # -- names ---------------------------------------------------------------------------------

    @cached_property
    def name(self) -> str:
        """Its name in addresses' names and keys: `salechance`."""
        return self.noun or self.model._meta.model_name

    @property
    def app(self) -> str:
        """The app that declares it."""
        return type(self).__module__.split(".")[1]

    @property
    def key(self) -> str:
        """Its key in the resource tree: `marketing.salechance`."""
        return f"{self.app}.{self.name}"

    @property
    def screen_label(self) -> Any:
        """What its menu and its list are called."""
        return self.label or self.model._meta.verbose_name_plural

    @property
    def new_label(self) -> str:
        """What the button that creates one says."""
        noun = str(self.model._meta.verbose_name).lower()
        return str(self.create_label or _("New %(noun)s") % {"noun": noun})

    @property
    def title_field(self) -> str:
        """The field that names a record."""
        return self.title or self.columns[0]

    def url_name(self, page: str) -> str:
        """`marketing:salechance-assign`."""
        return f"{self.app}:{self.name}-{page}"

    def url(self, page: str, *args: Any) -> str:
        """The address of one of its pages."""
        if len(args) == 1:
            before, after = _around_id(self.url_name(page))
            return f"{before}{args[0]}{after}"
        return reverse(self.url_name(page), args=args) if args else _without_id(self.url_name(page))

    def permission(self, verb: str) -> str:
        """`marketing.assign_salechance`."""
        return f"{self.model._meta.app_label}.{verb}_{self.model._meta.model_name}"

    def permission_of(self, action: Action) -> str:
        """The permission that an action needs."""
        return action.permission or self.permission(action.verb)

    # -- rows ----------------------------------------------------------------------------------

    def rows(self, user: Any) -> models.QuerySet[Any]:
        """The rows that this menu lists for a user: within reach, in use."""
        rows: models.QuerySet[Any] = self.model._default_manager.visible_to(user)
        return rows

    def narrow_list(self, rows: models.QuerySet[Any], request: HttpRequest) -> Any:
        """A further narrowing of the list by the page itself, to the rows that hang on one record."""
        for field in self.wholes:
            whole = read_id(request.GET.get(field))
            rows = rows if whole is None else rows.filter(**{field: whole})
        return rows

    @cached_property
    def wholes(self) -> set[str]:
        """The foreign keys by which its rows hang on others: the parent, and whatever shows them as a tab."""
        return {self.parent} - {""}

    # -- columns -------------------------------------------------------------------------------

    @cached_property
    def all_columns(self) -> dict[str, Column]:
        """Every column on offer, by name."""
        return {name: self.column(name) for name in [*self.columns, *self.more_columns]}

    def column(self, name: str) -> Column:
        """The column of a field."""
        kind = self.kinds.get(name, "")
        return column_of(self.model, name, kind=kind, sortable=name in self.sorts)

    def chosen_columns(self, chosen: Sequence[str] | None) -> list[Column]:
        """The columns that a user wants, in their order; the declared ones by default."""
        names = [name for name in chosen or () if name in self.all_columns] or list(self.columns)
        first = self.columns[0]
        return [self.all_columns[name] for name in [first, *(n for n in names if n != first)]]

    def sort_of(self, text: str, masked: frozenset[str]) -> Sort:
        """The asked order if it is on offer, else the default one."""
        name = text.removeprefix("-")
        if name in self.sorts and self.column(name).field_class not in masked:
            return Sort(name, text.startswith("-"))
        return Sort(self.sort.removeprefix("-"), self.sort.startswith("-"))

    # -- what a user may do --------------------------------------------------------------------

    def verbs(self) -> dict[str, str]:
        """Every verb of its pages with the permission it needs."""
        own = {"view": self.permission("view")}
        for verb in ("create", "edit", "bin", "restore"):
            if getattr(type(self), verb) is not None:
                own[verb] = self.permission("bin" if verb == "restore" else verb)
        leaving = {"export": self.permission("export")} if self.exports else {}
        return own | {action.verb: self.permission_of(action) for action in self.actions} | leaving

    def may(self, user: Any, verb: str) -> bool:
        """Whether a user holds the permission of a verb that is on offer."""
        permission = self.verbs().get(verb)
        return permission is not None and user.has_perm(permission)

    def action(self, verb: str) -> Action:
        """The declared action of a verb."""
        return next(action for action in self.actions if action.verb == verb)

    def offered(self, user: Any, record: Any) -> list[Action]:
        """The actions that a user may take on a record as it stands."""
        return [
            action
            for action in self.actions
            if user.has_perm(self.permission_of(action)) and action.offered_for(record)
        ]

    def bar(self, user: Any, verb: str, record: Any) -> str:
        """Why the record as it stands does not allow a verb, to anybody or to this user; nothing if it does."""
        declared = next((action for action in self.actions if action.verb == verb), None)
        if verb == "restore" and record.binned_in is None:
            return _("The record is not in the bin.")
        if not (declared.offered_for(record) if declared else verb != "edit" or self.editable(record)):
            return _("As the record stands now, this step is not offered to anybody.")
        if declared and declared not in self.offered(user, record):
            return _("As the record stands now, this step is not offered to %(user)s.") % {"user": user}
        return ""

    def bulk_actions(self, user: Any) -> list[Action]:
        """The actions that a user may take on a selection."""
        return [action for action in self.actions if action.bulk and user.has_perm(self.permission_of(action))]

    # -- hooks of a declaration ----------------------------------------------------------------

    def initial(self, request: HttpRequest) -> dict[str, Any]:
        """What a new record's form begins with: declared fields of the query string."""
        return {name: value for name, value in request.GET.items() if name in self.form_fields}

    @cached_property
    def form_fields(self) -> frozenset[str]:
        """The names that its form declares."""
        return frozenset(self.form.base_fields) if self.form else frozenset()

    def list_context(self, request: HttpRequest) -> Mapping[str, Any]:
        """What its list template needs besides the rows."""
        return {}

    def notices(self, request: HttpRequest, record: Any) -> list[tuple[str, Any]]:
        """Sentences to show above a record: (tone, text)."""
        return []

    def kpis(self, request: HttpRequest, record: Any) -> list[Kpi]:
        """The figures of a record's strip."""
        return []

    def editable(self, record: Any) -> bool:
        """Whether a record as it stands may be changed by its form; the rule itself stands in `edit`."""
        return True

    def goes_with(self, whole: Any) -> bool:
        """Whether a new one may hang on this record as it stands; the rule itself stands in `create`."""
        return True

    def form_context(self, request: HttpRequest, record: Any, form: Any) -> Mapping[str, Any]:
        """What its form template needs besides the form."""
        return {}

    def side(self, request: HttpRequest, record: Any) -> list[tuple[str, Mapping[str, Any]]]:
        """The cards beside a record: (template, context)."""
        return []

    def panels(self) -> list[Panel]:
        """The tabs of a record."""
        return panels_of(self.model)

    def masked(self, user: Any) -> frozenset[str]:
        """The field classes that a user may not see."""
        return reach_of(user).masked


@cache
def _without_id(name: str) -> str:
    return reverse(name)


@cache
def _around_id(name: str) -> tuple[str, str]:
    """What stands before and after a record's id in its address: a list shows forty, looking up each is dear."""
    before, _id, after = reverse(name, args=[_ANY_ID]).partition(str(_ANY_ID))
    return before, after
