"""What is done to keep a customer at risk; only while the case is on hold."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from guanxi.customers.actions import hold_customer
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import tidy
from guanxi.retention.models import LossCase, ReprieveMeasure


def create_measure(
    *, case: LossCase, measure: str, change: ChangeWriter, planned_on: date | None = None, outcome: str = ""
) -> ReprieveMeasure:
    """Plan a measure."""
    _hold_open(case)
    return change.create(
        ReprieveMeasure, case=case, measure=_checked(measure), planned_on=planned_on, outcome=tidy(outcome)
    )


def edit_measure(
    measure: ReprieveMeasure, /, *, change: ChangeWriter, seen: int | None = None, **fields: Any
) -> ReprieveMeasure:
    """Change a measure, or write what came of it."""
    _hold_open(measure.case)
    if fields.pop("case", measure.case) != measure.case:
        raise RuleBroken(_("A measure stays with its case."), field="case")
    if "measure" in fields:
        fields["measure"] = _checked(fields["measure"])
    if "outcome" in fields:
        fields["outcome"] = tidy(fields["outcome"])
    return change.update(measure, seen=seen, **fields)


def bin_measure(measure: ReprieveMeasure, *, change: ChangeWriter) -> None:
    """Move a measure to the bin."""
    _hold_open(measure.case)
    change.bin(measure)


def restore_measure(measure: ReprieveMeasure, *, change: ChangeWriter) -> None:
    """Take a measure out of the bin."""
    _hold_open(measure.case)
    change.restore(measure)


def _hold_open(case: LossCase) -> None:
    """Lock the customer, as everybody does first, then its case on hold: once decided, its measures stand still."""
    hold_customer(case.customer_id)
    held = LossCase.objects.select_for_update().get(pk=case.pk)
    if held.state != LossCase.State.OPEN or held.binned_in is not None:
        text = _("The case of “%(case)s” is decided: its measures stand as they are.")
        raise RuleBroken(text % {"case": case})


def _checked(measure: str) -> str:
    if not tidy(measure):
        raise RuleBroken(_("Say what is done to keep the customer."), field="measure")
    return tidy(measure)
