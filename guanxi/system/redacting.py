"""The page that blanks a person's data in the log: by permission, with a reason, confirmed by typing."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guanxi.history.redaction import logged_personal, personal_fields, redact
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.records import Record
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import fold
from guanxi.system import forgetting  # noqa: F401, registers it
from guanxi.system.resources.log import ChangeSetResource
from guanxi.system.resources.redaction import HEADING, REDACT
from guanxi.web.acts import moved, require, require_proof, run_act
from guanxi.web.forms import refuse
from guanxi.web.jinja import render_page
from guanxi.web.pages.base import new_key
from guanxi.web.panels import model_of
from guanxi.web.registry import record_url


class RedactionForm(forms.Form):
    """Which fields are blanked, why, and the word that confirms it."""

    names = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label=gettext_lazy("What is blanked"))
    standing = forms.BooleanField(
        required=False,
        label=gettext_lazy("Also as it stands now"),
        help_text=gettext_lazy("Else only what the log keeps is blanked, and the record stays as it is."),
    )
    reason = forms.CharField(max_length=500, label=gettext_lazy("Reason"), help_text=gettext_lazy("The log keeps it."))
    confirmation = forms.CharField(max_length=300, label=gettext_lazy("To confirm"))

    def __init__(self, *args: Any, record: Record, counts: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        self.fields["names"].choices = [  # type: ignore[attr-defined]  # a choice field
            (name, f"{record._meta.get_field(name).verbose_name} ({counts.get(name, 0)})")  # type: ignore[union-attr]  # its own columns have names
            for name in personal_fields(type(record))
        ]
        self.fields["confirmation"].help_text = _("Type “%(record)s”. What is blanked never comes back.") % {
            "record": record
        }

    def clean_confirmation(self) -> str:
        """The record's name, whatever its blanks and case."""
        typed: str = self.cleaned_data["confirmation"]
        if fold(typed) != fold(str(self.record)):
            raise forms.ValidationError(_("This is not the name that is asked for."))
        return typed


@require_http_methods(["GET", "POST"])
def redaction(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """GET: what the log keeps of a record's personal fields; POST: blank it."""
    require(request, REDACT)
    record = _found(request, name, pk)
    if request.method == "POST":
        require_proof(request)
    form = RedactionForm(request.POST or None, record=record, counts=logged_personal(record))
    if request.method == "POST" and form.is_valid():
        try:
            return moved(request, run_act(request, "redact", lambda change: _do(record, form, change)), _("Redacted."))
        except RuleBroken as broken:
            refuse(form, RuleBroken(broken.message, field={"fields": "names"}.get(broken.field, broken.field)))
    context = {
        "form": form,
        "record": record,
        "kind": record._meta.verbose_name,
        "submit_key": new_key(),
        "cancel": record_url(type(record), record.pk),
        "crumbs": [(record._meta.verbose_name, ""), (str(record), record_url(type(record), record.pk)), (HEADING, "")],
        "heading": HEADING,
    }
    return render_page(request, "system/redaction.html", context, status=422 if form.is_bound else 200)


def _found(request: HttpRequest, name: str, pk: int) -> Any:
    model: Any = model_of(name)
    if model is None or not personal_fields(model):
        raise Http404
    rows = model._default_manager
    found = rows.visible_to(request.user).filter(pk=pk).first()
    found = found or rows.binned_visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _do(record: Any, form: RedactionForm, change: ChangeWriter) -> str:
    said = form.cleaned_data
    redact(record, fields=said["names"], reason=said["reason"], standing=said["standing"], change=change)
    return ChangeSetResource.instance.url("record", change.change_set.pk)
