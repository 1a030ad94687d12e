"""Acts that issue a one-time password: it is shown in their answer, once, and kept nowhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guanxi.accounts.actions import reset_password
from guanxi.kernel.rules import RuleBroken
from guanxi.web.acts import moved, run_act, safe_next
from guanxi.web.forms import refuse
from guanxi.web.pages import ActionPage, CreatePage

SHOWN = "system/issued.html"


class CreateUserPage(CreatePage):
    """A new user, whose password the answer shows."""

    def handle(self, record: Any) -> HttpResponse:
        """The form again when refused; else the password."""
        form = self.form(None, self.request.POST)
        if not form.is_valid():
            return self.answer(None, form, status=422)
        try:
            url = self.act(None, form)
        except RuleBroken as broken:
            refuse(form, broken)
            return self.answer(None, form, status=422)
        return issued(self, form.cleaned_data["username"], form.issued, url, _("The user is created"))


class ResetPage(ActionPage):
    """Another password for a user, shown in the answer."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Reset, then show."""
        record = self.record(pk)
        form = self.form(record, request.POST)
        if not form.is_valid():
            return self.answer(record, form, status=422)
        try:
            url = self.act(record, form)
        except RuleBroken as broken:
            return self.refuse(record, form, broken)
        return issued(self, record.username, form.issued, url, _("The password is reset"))

    def act(self, record: Any, form: Any) -> str:
        """Make the password inside the act: a form that is sent twice shows none, for the first one is valid."""

        def do(change: Any) -> str:
            reset_password(record, change=change, **form.values())
            return safe_next(self.request, self.home(record))

        return run_act(self.request, "reset", do)


def issued(page: Any, username: str, password: str, url: str, heading: str) -> HttpResponse:
    """The password, never kept by browser or server; without one, the form was sent before."""
    if not password:
        return moved(page.request, url, _("Done before: the password was shown then."))
    context = page.base_context() | {"heading": heading, "username": username, "password": password, "cancel": url}
    shown: HttpResponse = page.show(SHOWN, context, block="drawer")
    return shown
