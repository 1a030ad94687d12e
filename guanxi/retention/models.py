"""Loss cases, what is done to keep the customer, and the scans that open them."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import SharedQuerySet
from guanxi.access.reach import reach_of
from guanxi.customers.models import Customer, Order
from guanxi.customers.registry import customer_part
from guanxi.dictionary.fields import DictionaryField
from guanxi.kernel.flows import Flow
from guanxi.kernel.indexes import bin_index, sort_index
from guanxi.kernel.records import OwnedQuerySet, Record
from guanxi.retention import dictionaries  # noqa: F401, declares the types that the fields name
from guanxi.search.registry import searchable

VIEW = "retention.view_losscase"
ASSIGN = "retention.assign_losscase"
KEEP = "retention.keep_losscase"
SCAN = "retention.scan_losscase"


def within_reach(user: Any, path: str = "") -> Q:
    """The condition that a case is the user's to see; `path` leads to it, such as `case__`.

    A case is its owner's; who may assign cases sees those without one.
    """
    reach = reach_of(user)
    if reach.everything:
        return Q()
    own = reach.owning(f"{path}owner")
    if reach.may(ASSIGN):
        own |= Q(**{f"{path}owner__isnull": True})
    return own


class CaseQuerySet(OwnedQuerySet):
    """Cases, seen by who looks after the customer."""

    whose = staticmethod(within_reach)

    def standing(self) -> "CaseQuerySet":
        """The cases that are not won back: customers at risk, and lost ones."""
        return self.in_use().filter(state__in=[LossCase.State.OPEN, LossCase.State.CONFIRMED])


class LossCase(Record):
    """A customer at risk (暂缓流失), lost (确认流失), or won back (已挽回)."""

    class State(models.TextChoices):
        """Where the case stands."""

        OPEN = "open", _("On hold")
        CONFIRMED = "confirmed", _("Loss confirmed")
        WON_BACK = "won_back", _("Won back")

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="loss_cases", verbose_name=_("Customer"), editable=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Owner"),
    )
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    opened_on = models.DateField(_("Opened on"), editable=False)
    last_paid_at = models.DateField(_("Last paid order"), null=True, editable=False)
    never_ordered = models.BooleanField(_("Never ordered"), default=False, editable=False)
    months = models.PositiveSmallIntegerField(_("Months of the rule"), editable=False)
    reason = DictionaryField("loss_reason", verbose_name=_("Reason of churn"), editable=False)
    note = models.CharField(_("Note"), max_length=500, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("Confirmed at"), null=True, editable=False)
    won_back_at = models.DateTimeField(_("Won back at"), null=True, editable=False)
    won_back_by = models.ForeignKey(
        Order, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("Won back by")
    )
    won_back_reason = models.CharField(_("How it was won back"), max_length=300, blank=True, editable=False)

    objects: ClassVar[Any] = CaseQuerySet.as_manager()
    flow = Flow(
        "state",
        confirm=(["open"], "confirmed"),
        win_back=(["open", "confirmed"], "won_back"),
    )

    class Meta:
        verbose_name = _("Loss case")
        verbose_name_plural = _("Loss cases")
        indexes = [
            sort_index("-created_at", name="case_created"),
            sort_index("owner", "-created_at", name="case_owner"),
            sort_index("state", "-created_at", name="case_state"),
            sort_index("-last_paid_at", name="case_last_paid"),
            sort_index("-confirmed_at", name="case_confirmed"),
            models.Index(fields=["won_back_at"], condition=Q(won_back_at__isnull=False), name="case_won_back"),
            models.Index(
                fields=["state", "never_ordered", "owner", "binned_in"],  # the last one as in Order
                condition=Q(binned_in__isnull=True),
                name="case_standing",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(state__in=["open", "confirmed"], binned_in__isnull=True),
                name="case_one_standing",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(reason__isnull=False, confirmed_at__isnull=False),
                name="case_confirmed_with_reason",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="won_back", won_back_at__isnull=False)
                    & (Q(won_back_by__isnull=False) | ~Q(won_back_reason=""))
                )
                | (~Q(state="won_back") & Q(won_back_at__isnull=True, won_back_by__isnull=True, won_back_reason="")),
                name="case_won_back_by_something",
            ),
            models.CheckConstraint(
                condition=Q(never_ordered=False) | Q(last_paid_at__isnull=True), name="case_never_ordered"
            ),
        ]

    def __str__(self) -> str:
        return str(self.customer)


class MeasureQuerySet(OwnedQuerySet):
    """Measures are seen by whoever sees their case."""

    whose = staticmethod(within_reach)
    path = "case__"


class ReprieveMeasure(Record):
    """What is done to keep a customer at risk, and what came of it."""

    case = models.ForeignKey(LossCase, models.PROTECT, related_name="measures", verbose_name=_("Loss case"))
    measure = models.CharField(_("Measure"), max_length=500)
    planned_on = models.DateField(_("Planned date"), null=True, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=500, blank=True)

    objects: ClassVar[Any] = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("Reprieve measure")
        verbose_name_plural = _("Reprieve measures")
        indexes = [
            bin_index(name="measure_bin"),
            sort_index("-created_at", name="measure_created"),
            sort_index("-planned_on", name="measure_planned"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(measure=""), name="measure_says_what")]

    def __str__(self) -> str:
        return self.measure


class LossThreshold(Record):
    """How many months customers of one level may go without a paid order."""

    level = DictionaryField("customer_level", verbose_name=_("Level"), null=False, blank=False)
    months = models.PositiveSmallIntegerField(_("Months"), validators=[MinValueValidator(1)])

    objects: ClassVar[Any] = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = _("Loss threshold")
        verbose_name_plural = _("Loss thresholds")
        constraints = [
            models.UniqueConstraint(fields=["level"], condition=Q(binned_in__isnull=True), name="threshold_of_level"),
            models.CheckConstraint(condition=Q(months__range=(1, 120)), name="threshold_months"),
        ]

    def __str__(self) -> str:
        return str(self.level)


class LossScan(models.Model):
    """The report of one scan: neither versioned nor logged, as its effect is."""

    at = models.DateTimeField(_("Time"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("Started by")
    )
    dry_run = models.BooleanField(_("Dry run"), default=False)
    opened = models.PositiveIntegerField(_("Opened"), default=0)
    skipped = models.JSONField(_("Skipped"), default=dict, encoder=DjangoJSONEncoder)
    seconds = models.FloatField(_("Seconds"), default=0)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        verbose_name = _("Loss scan")
        verbose_name_plural = _("Loss scans")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


searchable(
    LossCase,
    text=lambda case: [case.customer.number],
    subtitle=lambda case: case.customer.number,
    follows=["customer"],
)
customer_part(LossCase)
customer_part(ReprieveMeasure, "case__customer")
