"""The verbs of a record: one at a time, or on a selection."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import read_id
from guanxi.web.acts import moved, run_act, safe_next, undo_url
from guanxi.web.declarations import Action
from guanxi.web.forms import refuse
from guanxi.web.pages.base import ResourcePage, new_key
from guanxi.web.pages.lists import ListPage

MOST = 1_000
"""How many records one act on a selection may take."""


class VerbPage(ResourcePage):
    """A verb with its question: a form, or a yes."""

    action: Action | None = None

    def form(self, record: Any, data: Any = None) -> Any:
        """The form that the verb asks for, or None."""
        if self.action is None or self.action.form is None:
            return None
        return self.action.form(data, user=self.request.user, record=record)

    def answer(self, record: Any, form: Any, *, status: int = 200, error: str = "", **extra: Any) -> HttpResponse:
        """The question, in the drawer or as a page."""
        action = self.action
        context = self.base_context(record) | {
            "action": action,
            "form": form,
            "heading": str(action.label) if action else _("Delete"),
            "error": error,
            "submit_key": self.request.POST.get("submit_key") or new_key(),
            "next": safe_next(self.request, ""),
            "cancel": safe_next(self.request, self.home(record)),
            "selected": [],
            "danger": action.danger if action else True,
            "confirm": action.confirm if action else _("It moves to the bin, with what hangs on it."),
            **(action.context(self.request, record) if action and action.context else {}),
            **extra,
        }
        template = action.template if action and action.template else "web/action.html"
        return self.show(template, context, block="drawer", status=status)

    def home(self, record: Any) -> str:
        """Where one goes on cancelling."""
        return self.resource.url("record", record.pk) if record else self.resource.url("list")


class ActionPage(VerbPage):
    """One verb on one record."""

    def permission(self) -> str:
        """What the verb needs."""
        assert self.action is not None
        return self.resource.permission_of(self.action)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The question; where the record stands in the way, why the answer will be no."""
        record = self.record(pk)
        return self.answer(record, self.form(record), bar=self.resource.bar(request.user, self.done_verb(), record))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Carry the verb out."""
        record = self.record(pk)
        form = self.form(record, request.POST)
        if form is not None and not form.is_valid():
            return self.answer(record, form, status=422)
        try:
            url = self.act(record, form)
            return moved(request, url, self.done(), undo=undo_url(request))
        except RuleBroken as broken:
            return self.refuse(record, form, broken)

    def act(self, record: Any, form: Any) -> str:
        """One act in one change set; one goes on to the further record of this kind that it made, if any."""
        action = self.action
        assert action is not None
        values = form.values() if form is not None else {}

        def do(change: Any) -> str:
            made = action.run(record, change=change, **values)
            another = isinstance(made, type(record)) and made.pk != record.pk
            return self.home(made) if another else safe_next(self.request, self.home(record))

        return run_act(self.request, action.verb, do)

    def done(self) -> str:
        """What the toast says."""
        return str(self.action.done) if self.action and self.action.done else _("Done.")

    def refuse(self, record: Any, form: Any, broken: RuleBroken) -> HttpResponse:
        """The sentence next to its field, or above the form."""
        if form is None:
            return self.answer(record, form, status=422, error=broken.message)
        refuse(form, broken)
        return self.answer(record, form, status=422)


class BinPage(VerbPage):
    """Moves a record to the bin."""

    verb = "bin"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks first, for browsers without script."""
        return self.answer(self.record(pk), None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Bins it, and goes back to the list."""
        record = self.record(pk)

        def do(change: Any) -> str:
            type(self.resource).bin(record, change=change)  # type: ignore[misc]  # only of resources that have it
            return safe_next(request, self.resource.url("list"))

        try:
            url = run_act(request, "bin", do)
        except RuleBroken as broken:
            return self.answer(record, None, status=422, error=broken.message)
        undo = self.resource.url("restore", record.pk) if type(self.resource).restore else ""
        return moved(request, url, _("“%(record)s” is in the bin.") % {"record": record}, undo=undo)


class RestorePage(VerbPage):
    """Takes a record out of the bin; asks what the resource's restore form asks, if it is refused."""

    verb = "restore"

    def form(self, record: Any, data: Any = None) -> Any:
        """The form that a refused restore shows, such as another name for a taken one."""
        if self.resource.restore_form is None:
            return None
        return self.resource.restore_form(data or None, user=self.request.user, record=record)

    def record(self, pk: int) -> Any:
        """The record in the bin, within reach."""
        rows = self.resource.model._default_manager.binned_visible_to(self.request.user)
        found = rows.filter(pk=pk).first()
        return found if found is not None else super().record(pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Restores it, under what the form says if one was sent."""
        record = self.record(pk)
        form = self.form(record, request.POST) if "answered" in request.POST else None
        if form is not None and not form.is_valid():
            return self.answer(record, form, status=422)
        values = form.values() if form is not None else {}

        def do(change: Any) -> str:
            type(self.resource).restore(record, change=change, **values)  # type: ignore[misc]  # only of resources that have it
            return self.resource.url("record", record.pk)

        try:
            return moved(request, run_act(request, "restore", do), _("Restored."))
        except RuleBroken as broken:
            return self.answer(
                record, form or self.form(record), status=422, error=broken.message, heading=_("Restore"), danger=False
            )


class BulkPage(VerbPage):
    """One verb on a selection: all of it, in one change set, or none."""

    def permission(self) -> str:
        """What the verb needs."""
        assert self.action is not None
        return self.resource.permission_of(self.action)

    def selected(self) -> list[Any]:
        """The chosen records within reach; `all=1` means all that the list's address finds."""
        params = self.request.POST if self.request.method == "POST" else self.request.GET
        if params.get("all"):
            page = ListPage(resource=self.resource)
            page.setup(self.request)
            found: Any = page.found(whole=True)
            rows = found.in_use()
        else:
            ids = [pk for value in params.getlist("id") if (pk := read_id(value)) is not None]
            rows = self.resource.rows(self.request.user).filter(pk__in=ids[: MOST + 1])
        return list(rows.order_by("-id")[: MOST + 1])

    def get(self, request: HttpRequest) -> HttpResponse:
        """The question, with how many it is about."""
        return self._checked(lambda records: self.answer(None, self.form(None), selected=records))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Carry the verb out on each."""
        return self._checked(self._run)

    def _checked(self, go_on: Any) -> HttpResponse:
        records = self.selected()
        if not records:
            return HttpResponseRedirect(self.resource.url("list"))
        if len(records) > MOST:
            raise BadRequest(_("Choose at most %(most)d records at once.") % {"most": MOST})
        answer: HttpResponse = go_on(records)
        return answer

    def _run(self, records: list[Any]) -> HttpResponse:
        form = self.form(None, self.request.POST)
        if form is not None and not form.is_valid():
            return self.answer(None, form, status=422, selected=records)
        try:
            url = run_act(self.request, self.done_verb(), lambda change: self._each(records, form, change))
        except RuleBroken as broken:
            return self.answer(None, form, status=422, error=broken.message, selected=records)
        return moved(self.request, url, self.said(len(records)), undo=undo_url(self.request))

    def said(self, count: int) -> str:
        """What the toast says."""
        return ngettext("%(count)d record changed.", "%(count)d records changed.", count) % {"count": count}

    def _each(self, records: list[Any], form: Any, change: Any) -> str:
        values = form.values() if form is not None else {}
        run = self.action.run if self.action else type(self.resource).bin
        assert run is not None
        for record in records:
            run(record, change=change, **values)
        return safe_next(self.request, self.resource.url("list"))


class BulkBinPage(BulkPage):
    """Bins a selection."""

    verb = "bin"

    def said(self, count: int) -> str:
        """That they are in the bin, from where they come back."""
        text = ngettext("%(count)d record is in the bin.", "%(count)d records are in the bin.", count)
        return text % {"count": count}

    def permission(self) -> str:
        """What binning needs."""
        return self.resource.verbs()["bin"]
