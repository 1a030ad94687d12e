"""Taking an act back: what will be put back and what stands in the way, before it is done."""

from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from guanxi.history.conflicts import conflicts_of
from guanxi.history.models import ChangeSet
from guanxi.history.undo import refuse_undo
from guanxi.kernel.rules import RuleBroken
from guanxi.system.resources.log import SHOWN, changes_context
from guanxi.system.undoing import is_large, refuse_beyond, turned_round
from guanxi.web.pages import ActionPage


class UndoPage(ActionPage):
    """The question of an undo: the records with their fields as they would stand again."""

    def answer(self, record: Any, form: Any, *, status: int = 200, error: str = "", **extra: Any) -> HttpResponse:
        """With a preview, unless the act cannot be undone by this person at all."""
        context = self._preview(record)
        return super().answer(record, form, status=status, error=error or context.pop("refused"), **context, **extra)

    def _preview(self, act: ChangeSet) -> dict[str, Any]:
        refused = self._refused(act)
        if refused:
            return {"refused": refused, "changes": [], "obstacles": [], "count": 0, "large": False}
        count = act.changes.count()
        obstacles = list(islice(conflicts_of(act), SHOWN))
        rows = turned_round(list(act.changes.order_by("-pk")[:SHOWN]))
        return {
            "refused": "",
            "changes": changes_context(rows, self.request.user),
            "obstacles": obstacles,
            "count": count,
            "large": is_large(count),
        }

    def _refused(self, act: ChangeSet) -> str:
        """Why it is not for this person, or not for anybody, to undo."""
        try:
            refuse_undo(act)
            refuse_beyond(act, self.request.user)
        except RuleBroken as broken:
            return str(broken)
        return ""

    def done(self) -> str:
        """What the toast says."""
        act = ChangeSet.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()
        return _("Undone.") if act is None or act.state == ChangeSet.State.UNDONE else _("The undo has begun.")
