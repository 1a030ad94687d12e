"""Creating and editing: one form, in a drawer or as a page of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guanxi.kernel.rules import Conflict, RuleBroken
from guanxi.kernel.text import read_id
from guanxi.web.acts import moved, run_act, safe_next
from guanxi.web.forms import refuse
from guanxi.web.pages.base import ResourcePage, new_key


class FormPage(ResourcePage):
    """Shows a form, carries its action out, and shows it again, as typed, when refused."""

    def form(self, record: Any, data: Any = None) -> Any:
        """The bound or unbound form."""
        made = self.resource.form(data, user=self.request.user, record=record, initial=self.initial(record))
        made.request = self.request
        return made

    def initial(self, record: Any) -> dict[str, Any]:
        """What an unbound form begins with."""
        return {} if record else self.resource.initial(self.request)

    def heading(self, record: Any) -> str:
        """The title of the drawer."""
        raise NotImplementedError

    def act(self, record: Any, form: Any) -> str:
        """Carry the form's action out; returns where to go."""
        raise NotImplementedError

    def fallback(self, record: Any) -> str:
        """Where to go when the form does not say where it was opened."""
        return self.resource.url("record", record.pk) if record else self.resource.url("list")

    def answer(self, record: Any, form: Any, *, status: int = 200, **extra: Any) -> HttpResponse:
        """The form, in the drawer or as a page."""
        context = self.base_context(record) | {
            "form": form,
            "heading": self.heading(record),
            "submit_key": self.request.POST.get("submit_key") or new_key(),
            "next": safe_next(self.request, ""),
            "cancel": safe_next(self.request, self.fallback(record)),
            "seen": self.request.POST.get("seen") or getattr(record, "version", ""),
            "theirs": [],
            "multipart": form.is_multipart(),
            **self.resource.form_context(self.request, record, form),
            **extra,
        }
        part = self.request.GET.get("part", "")
        block = part if part in self.resource.form_parts else "drawer"
        return self.show(self.resource.form_template, context, block=block, status=status)

    def handle(self, record: Any) -> HttpResponse:
        """A sent form: 422 with sentences next to the fields, 409 on somebody else's change."""
        form = self.form(record, self.request.POST)
        if not form.is_valid():
            return self.answer(record, form, status=422)
        try:
            return moved(self.request, self.act(record, form), _("Saved."))
        except Conflict as conflict:
            form.add_error(None, conflict.message)
            return self.answer(record, form, status=409, theirs=self._theirs(form, conflict), seen=record.version)
        except RuleBroken as broken:
            refuse(form, broken)
            return self.answer(record, form, status=422)

    def _theirs(self, form: Any, conflict: Conflict) -> list[tuple[Any, Any]]:
        """The value that stands now of each field in conflict: sending again overwrites it."""
        return [(form[name], value) for name, value in conflict.theirs.items() if name in form.fields]


class CreatePage(FormPage):
    """A new record."""

    verb = "create"

    def heading(self, record: Any) -> str:
        """New, of what."""
        return self.resource.new_label

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self.answer(None, self.form(None))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create."""
        return self.handle(None)

    def act(self, record: Any, form: Any) -> str:
        """Create, then go to the new record, or back to the one that it is a part of."""
        made: list[Any] = []

        def do(change: Any) -> str:
            made.append(type(self.resource).create(change=change, **form.values()))  # type: ignore[misc]  # only of resources that have it
            return safe_next(self.request, self.resource.url("record", made[0].pk))

        return run_act(self.request, "create", do)


class EditPage(FormPage):
    """Changing a record."""

    verb = "edit"

    def heading(self, record: Any) -> str:
        """Edit, which."""
        return _("Edit %(record)s") % {"record": record}

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form as the record stands."""
        record = self.record(pk)
        return self.answer(record, self.form(record), bar=self.resource.bar(request.user, "edit", record))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change what differs."""
        return self.handle(self.record(pk))

    def act(self, record: Any, form: Any) -> str:
        """Change the record as it was seen; a field that somebody else changed is a conflict."""
        seen = read_id(self.request.POST.get("seen"))

        def do(change: Any) -> str:
            type(self.resource).edit(record, change=change, seen=seen, **form.values())  # type: ignore[misc]  # only of resources that have it
            return safe_next(self.request, self.fallback(record))

        return run_act(self.request, "edit", do)
