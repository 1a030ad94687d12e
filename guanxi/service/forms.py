"""What people type about service tickets, targets and the working calendar."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.accounts.models import User
from guanxi.service.models import PROCESS, CalendarDay, ServiceTarget, ServiceTicket
from guanxi.service.queries import open_tickets
from guanxi.web.forms import ActionForm, RecordForm


class TicketForm(RecordForm):
    """What a customer asks for; author and time come from the server."""

    wide: ClassVar[frozenset[str]] = frozenset({"overview", "request_text"})

    class Meta:
        model = ServiceTicket
        fields = ["customer", "kind", "overview", "request_text"]
        widgets = {"request_text": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record is not None:
            del self.fields["customer"]


class AssignForm(ActionForm):
    """Who handles the ticket from now on."""

    to = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Handler"))

    def choices_of(self, name: str, visible: Any) -> Any:
        """Those who handle tickets."""
        return visible.holding(PROCESS)

    def loads(self) -> Sequence[tuple[Any, int]]:
        """Who could handle it, with how many tickets wait for each, the least laden first."""
        field: Any = self.fields["to"]
        able = list(field.queryset.select_related("department").order_by("pk")[:50])
        waiting = open_tickets([user.pk for user in able])
        return sorted(((user, waiting.get(user.pk, 0)) for user in able), key=lambda pair: pair[1])


class ProcessForm(ActionForm):
    """What was done."""

    handling = forms.CharField(max_length=2000, label=_("Handling"), widget=forms.Textarea(attrs={"rows": 6}))


class FeedbackForm(ActionForm):
    """What the customer says of it."""

    satisfaction = forms.TypedChoiceField(
        coerce=int, choices=[(str(stars), str(stars)) for stars in range(1, 6)], label=_("Satisfaction")
    )
    result = forms.CharField(max_length=500, label=_("Result"), widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(ActionForm):
    """Why a ticket goes back to its handler."""

    reason = forms.CharField(max_length=300, label=_("Reason"))


class CloseForm(ActionForm):
    """Why a ticket is archived although the customer is not content."""

    reason = forms.CharField(max_length=300, label=_("Reason"))


class TargetForm(RecordForm):
    """How long tickets of a type may take, in working hours."""

    class Meta:
        model = ServiceTarget
        fields = ["kind", "response_hours", "handling_hours"]

    def __init__(self, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, record=record, **kwargs)
        if record is not None:
            del self.fields["kind"]


class DayForm(RecordForm):
    """A holiday, or a weekend on which the company works."""

    class Meta:
        model = CalendarDay
        fields = ["day", "works", "note"]
