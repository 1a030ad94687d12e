"""字典管理: the values that administrators choose, by type."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.dictionary import actions, forms
from guanxi.dictionary.models import DictionaryEntry
from guanxi.dictionary.queries import labels, uses_of
from guanxi.web.declarations import Action, Panel
from guanxi.web.labels import label_source
from guanxi.web.registry import panel, register
from guanxi.web.resource import Resource

EDIT = "dictionary.edit_dictionaryentry"


@register
class DictionaryResource(Resource):
    """Entries of every declared type; 5010 is another door to the same list."""

    model = DictionaryEntry
    directory = "system"
    code = "6040"
    codes = {"create": "604001", "view": "604002", "edit": "604003", "bin": "604004"}
    rights = {"merge": _("Merge")}
    doors = [("basics", "5010")]
    icon = "tag"
    place = 40
    columns = ["label_zh", "label_en", "tone", "position", "is_default", "retired"]
    title = "label_zh"
    sorts = ["position"]
    sort = "position"
    create_label = _("New entry")
    form = forms.EntryForm
    create = actions.create_entry
    edit = actions.edit_entry
    bin = actions.bin_entry
    restore = actions.restore_entry
    actions = [
        Action(
            "default",
            actions.set_default,
            _("Make it the default"),
            icon="star",
            permission=EDIT,
            when=lambda entry: not entry.is_default and not entry.retired,
            confirm=_("New records begin with this entry."),
        ),
        Action(
            "retire",
            actions.retire_entry,
            _("Retire"),
            icon="archive",
            permission=EDIT,
            when=lambda entry: not entry.retired,
            confirm=_("It is offered no more; records that have it keep it."),
        ),
        Action(
            "revive",
            actions.revive_entry,
            _("Offer again"),
            icon="archive-off",
            primary=True,
            permission=EDIT,
            when=lambda entry: entry.retired,
            confirm=_("It may be chosen again."),
        ),
        Action(
            "merge",
            actions.merge_entry,
            _("Merge"),
            form=forms.MergeForm,
            icon="arrows-exchange",
            danger=True,
            confirm=_("Every record that has this entry gets the other one, and this one moves to the bin."),
        ),
    ]
    head = ["tone"]
    tones = {"tone": {tone: tone for tone in ("ok", "warn", "bad", "info", "vio", "pri", "mut")}}
    details = [(_("Dictionary entry"), ["label_zh", "label_en", "tone", "position", "is_default", "retired"])]


def _uses(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    return {"uses": uses_of(record)}


panel(DictionaryEntry, Panel("uses", _("Used by"), "dictionary/panel_uses.html", _uses, place=30))
label_source(DictionaryEntry, lambda ids: labels(get_language() or ""))
