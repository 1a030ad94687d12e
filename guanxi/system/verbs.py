"""The verbs of the log in the reader's language, from the registry: a new action is named without a word here."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from guanxi.history.verbs import say_verbs
from guanxi.web.cells import cell_kind
from guanxi.web.filters import ChoiceFilter
from guanxi.web.panels import model_of
from guanxi.web.registry import all_resources, resource_of

STANDING = {
    "view": _("View"),
    "create": _("Create"),
    "edit": _("Edit"),
    "bin": _("Delete"),
    "restore": _("Restore"),
    "grant": _("Grant"),
    "export": _("Export"),
    "set": _("Change settings"),
    "demo": _("Fill the demo company"),
    "sync": _("Sync built-in data"),
    "createadmin": _("Make an administrator"),
    "change_profile": _("Change the profile"),
    "change_password": _("Change password"),
    "choose_language": _("Choose the language"),
    "set_second_factor": _("Set up two-factor codes"),
    "drop_second_factor": _("Turn off two-factor codes"),
    "renew_recovery_codes": _("Renew the recovery codes"),
}
"""What the shared pages, the commands and the pages of the person do; the other verbs are declared actions."""

_further: dict[str, Any] = {}


def name_verb(verb: str, label: Any) -> None:
    """Say how a verb reads that no resource declares as an action."""
    _further[verb] = label
    words.cache_clear()


@cache
def words() -> Mapping[str, Any]:
    """Every verb that the registry knows, with its label."""
    declared = {action.verb: action.label for resource in reversed(all_resources) for action in resource.actions}
    return declared | STANDING | _further


def verb_label(verb: str) -> str:
    """The verb, or for a refusal the right that was missing, as people read it."""
    app, dot, name = verb.partition(".")
    if not dot:
        return str(words().get(verb, verb))
    act, _line, model = name.rpartition("_")
    try:
        found = apps.get_model(app, model)
    except LookupError:
        return verb
    return f"{_own_words(found).get(act) or words().get(act, act)} · {found._meta.verbose_name}"


def noun(label: str) -> str:
    """What the log's records of a model are called; the bare label where an older release had it."""
    model = model_of(label)
    return str(model._meta.verbose_name) if model else label


def _own_words(model: Any) -> Mapping[str, Any]:
    """What a model's own pages call their verbs."""
    resource = resource_of(model)
    return {action.verb: action.label for action in resource.actions} | dict(resource.rights) if resource else {}


class VerbFilter(ChoiceFilter):
    """Any of the verbs that have a name."""

    def read(self, params: Any) -> None:
        """Unknown verbs ask for nothing."""
        self.chosen = [value for value in params.getlist(self.name) if value in words()]

    def options(self) -> list[tuple[str, str, str]]:
        """Every verb on offer, those that only look left out: they are not logged."""
        return [(verb, str(label), "") for verb, label in words().items() if verb != "view"]


class NounFilter(ChoiceFilter):
    """Any of the kinds that have pages: records, and what else acts are about, such as jobs and sessions."""

    def options(self) -> list[tuple[str, str, str]]:
        """Every kind that an act can be about, by its name."""
        kinds = dict.fromkeys(resource.model._meta for resource in all_resources)
        return sorted(((one.label_lower, str(one.verbose_name), "") for one in kinds), key=lambda one: one[1])


cell_kind("verb", verb_label)
cell_kind("noun", noun)
say_verbs(verb_label)
