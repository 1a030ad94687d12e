"""The page of all settings, by the part of Guanxi that they belong to."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel.days import company_day
from guanxi.kernel.rules import RuleBroken
from guanxi.parameters.actions import set_parameters
from guanxi.parameters.numbers import Numbering, rules, write_number
from guanxi.parameters.registry import Setting, grouped
from guanxi.system.resources.parameter import EDIT
from guanxi.web.acts import moved, require, run_act
from guanxi.web.pages import ListPage
from guanxi.web.pages.base import new_key


class ParameterForm(forms.Form):
    """Every setting as an input of its type; what differs from what the person saw is what they chose."""

    def __init__(self, *args: Any, may_edit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.settings = {one.key: one for _label, settings in grouped() for one in settings}
        for key, setting in self.settings.items():
            self.fields[key] = _field(setting, disabled=not may_edit)

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """The bound fields by app."""
        return [(label, [self[one.key] for one in settings]) for label, settings in grouped()]

    def examples(self) -> list[tuple[Any, str]]:
        """A number of today by each rule, as it is typed, for those that can be read."""
        today = company_day(timezone.now())
        return [(rule.label, text) for rule in rules() if (text := self._example(rule, today))]

    def _example(self, rule: Numbering, today: date) -> str:
        settings: tuple[Setting[Any], ...] = (rule.prefix, rule.day, rule.digits)
        typed: list[Any] = [self.cleaned_data.get(one.key) if self.is_bound else one.read() for one in settings]
        return write_number(*typed, at=today) if None not in typed else ""

    def values(self) -> dict[Setting[Any], Any]:
        """The settings that were changed, with their new values."""
        return {self.settings[key]: self.cleaned_data[key] for key in self.changed_data}


def _field(setting: Setting[Any], *, disabled: bool) -> forms.Field:
    default = dict(setting.choices).get(setting.default, setting.default)
    said = _("Default: %(value)s") % {"value": default} if default != "" else ""
    hint = " ".join(filter(None, [str(setting.hint), said]))
    common: dict[str, Any] = {
        "label": setting.label,
        "help_text": hint,
        "initial": setting.read(),
        "disabled": disabled,
        "show_hidden_initial": not disabled,
    }
    if isinstance(setting.default, bool):
        return forms.BooleanField(required=False, **common)
    if isinstance(setting.default, int):
        return forms.IntegerField(min_value=setting.lowest, max_value=setting.highest, **common)
    if setting.choices:
        return forms.ChoiceField(choices=setting.choices, **common)
    return forms.CharField(max_length=setting.longest, required=setting.required, **common)


class ParameterPage(ListPage):
    """All settings in one form, saved as one act."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The settings as they stand."""
        return self.answer(ParameterForm(may_edit=self.may_edit()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change what was changed, all of it or nothing."""
        require(request, EDIT)
        form = ParameterForm(request.POST, may_edit=True)
        if not form.is_valid():
            return self.answer(form, status=422)
        if "preview" in request.POST:
            return self.answer(form)
        try:
            url = run_act(request, "set", lambda change: self.act(form, change))
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
            return self.answer(form, status=422)
        return moved(request, url, _("Saved."))

    def act(self, form: ParameterForm, change: Any) -> str:
        """One act for all of them."""
        set_parameters(form.values(), change=change)
        return self.resource.url("list")

    def may_edit(self) -> bool:
        """Whether this user may change them."""
        user: Any = self.request.user
        return bool(user.has_perm(EDIT))

    def answer(self, form: ParameterForm, *, status: int = 200) -> HttpResponse:
        """The page with this form."""
        context = {"form": form, "may_edit": self.may_edit(), "submit_key": new_key(), "examples": form.examples()}
        return self.show("system/parameters.html", self.base_context() | context, status=status)
