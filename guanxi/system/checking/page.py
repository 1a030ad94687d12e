"""The page: who, which record, which verb; the verdict, the chain behind it, and every other verb beside it."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guanxi.access.reach import reach_of
from guanxi.accounts.models import User
from guanxi.system.checking.chain import chain_of
from guanxi.system.checking.judging import BARRED, DOOR, HIDDEN, REFUSED, Verdict, judge, verbs_of
from guanxi.system.checking.naming import Meant, kinds_for, meant_by
from guanxi.system.resources.checking import CHECK, HEADING
from guanxi.system.verbs import verb_label
from guanxi.web.acts import require
from guanxi.web.forms import ActionForm
from guanxi.web.jinja import render_page


class CheckForm(ActionForm):
    """Who, and what of; the record as people know it: by its address, its number or its name."""

    who = forms.ModelChoiceField(queryset=User.objects.none(), label=gettext_lazy("User"))
    kind = forms.ChoiceField(required=False, label=gettext_lazy("Kind"))
    what = forms.CharField(
        max_length=300,
        label=gettext_lazy("Record"),
        help_text=gettext_lazy("Its address, copied from the browser, or its number or name."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        kinds = [(one.key, str(one.screen_label)) for one in kinds_for(user)]
        self.fields["kind"].choices = [("", _("Any")), *kinds]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """With the records that are meant; none within one's own reach is said next to the field."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("what"):
            cleaned["meant"] = meant_by(cleaned["what"].strip(), cleaned.get("kind", ""), self.user)
            if not cleaned["meant"]:
                self.add_error("what", _("No such record within your own reach."))
        return cleaned


@require_GET
def access_check(request: HttpRequest) -> HttpResponse:
    """What is asked; for one record the verdict with its reasons, for several the choice."""
    require(request, CHECK)
    asked = bool(request.GET)
    form = CheckForm(request.GET if asked else None, user=request.user)
    context: dict[str, Any] = {"form": form, "heading": HEADING, "crumbs": [(HEADING, "")], "choice": [], "check": None}
    if asked and form.is_valid():
        context |= _answer(request, form.cleaned_data)
    refused = asked and not form.is_valid()
    return render_page(request, "system/access_check.html", context, status=422 if refused else 200)


def _answer(request: HttpRequest, asked: dict[str, Any]) -> dict[str, Any]:
    meant: list[Meant] = asked["meant"]
    if len(meant) > 1:
        return {"choice": [(one, _query(asked["who"], one, "")) for one in meant]}
    (one,) = meant
    verbs = verbs_of(one.resource)
    verb = request.GET.get("verb", "") or one.verb
    return {"check": _check(request.user, asked["who"], one, verb if verb in verbs else "view")}


def _check(by: Any, user: User, meant: Meant, verb: str) -> dict[str, Any]:
    """The verdict of every verb, each asked of its own page: one look-up of the record a verb."""
    resource, record = meant.resource, meant.record
    verdicts = {name: judge(user, resource, name, record.pk) for name in verbs_of(resource)}
    verdict = verdicts[verb]
    return {
        "user": user,
        "record": record,
        "address": meant.address,
        "verdict": verdict,
        "result": _result(verdict, user, meant, verb),
        "steps": chain_of(user, resource, verb, record, verdict.permission),
        "verbs": [
            (name, verb_label(name), one.opens, _query(user, meant, name), name == verb)
            for name, one in verdicts.items()
        ],
        "masks": _masks(user) if verdict.opens else [],
    }


def _result(verdict: Verdict, user: User, meant: Meant, verb: str) -> str:
    said = {"user": user, "verb": verb_label(verb), "record": meant.record}
    if verdict.status == DOOR:
        return _("No: “%(verb)s” of “%(record)s” does not open for %(user)s, as nothing does.") % said
    if verdict.status == REFUSED:
        return _("No: %(user)s is refused “%(verb)s” of “%(record)s” for lack of the right.") % said
    if verdict.status == HIDDEN:
        return _("No: %(user)s does not find “%(record)s”, so “%(verb)s” does not open either.") % said
    if verdict.status == BARRED:
        return _("No: %(user)s is refused “%(verb)s” of “%(record)s” as it stands now.") % said
    return _("Yes: “%(verb)s” of “%(record)s” opens for %(user)s.") % said


def _masks(user: User) -> list[str]:
    """What of it is hidden from this user."""
    masked, labels = reach_of(user).masked, dict(user.roles.model.maskable())
    return [str(labels.get(one, one)) for one in sorted(masked)]


def _query(user: User, meant: Meant, verb: str) -> str:
    params = {"who": user.pk, "what": meant.address, **({"verb": verb} if verb else {})}
    return f"{reverse('system:access-check')}?{urlencode(params)}"
