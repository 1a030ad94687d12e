"""Sale chances and what is planned to win them."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.customers.models import Customer
from guanxi.customers.registry import customer_part
from guanxi.dictionary.fields import DictionaryField
from guanxi.history.redaction import personal
from guanxi.kernel.fields import FieldClass, MoneyField, PhoneField
from guanxi.kernel.flows import Flow
from guanxi.kernel.indexes import bin_index, sort_index
from guanxi.kernel.records import OwnedQuerySet, Record
from guanxi.marketing import dictionaries  # noqa: F401, declares the types that the fields name
from guanxi.search.registry import searchable

ASSIGN = "marketing.assign_salechance"
DEVELOP = "marketing.develop_salechance"


def within_reach(user: Any, path: str = "") -> Q:
    """The condition that a chance is the user's to see; `path` leads to it, such as `chance__`.

    A chance is its creator's and its assignee's; who may assign sees those without an assignee.
    """
    reach = reach_of(user)
    if reach.everything:
        return Q()
    own = reach.owning(f"{path}created_by", f"{path}assigned_to")
    if reach.may(ASSIGN):
        own |= Q(**{f"{path}assigned_to__isnull": True})
    return own


class SaleChanceQuerySet(OwnedQuerySet):
    """Chances, seen by who entered them and who develops them."""

    whose = staticmethod(within_reach)

    def assigned(self) -> "SaleChanceQuerySet":
        """The chances that somebody develops or developed: the rows of 客户开发计划."""
        return self.filter(assigned_to__isnull=False)


class SaleChance(Record):
    """An inquiry that may become a customer."""

    class Stage(models.TextChoices):
        """How far its development is."""

        NEW = "new", _("Not developed")
        DEVELOPING = "developing", _("In development")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    number = models.CharField(_("Number"), max_length=40, unique=True, editable=False)
    customer_name = models.CharField(_("Customer name"), max_length=100)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="chances", verbose_name=_("Customer")
    )
    source = DictionaryField("chance_source", verbose_name=_("Source"))
    success_rate = models.PositiveSmallIntegerField(
        _("Success rate"), default=50, validators=[MaxValueValidator(100, _("A success rate is 0 to 100."))]
    )
    expected_amount = MoneyField(_("Expected amount"), null=True, blank=True)
    expected_on = models.DateField(_("Expected closing date"), null=True, blank=True)
    summary = models.CharField(_("Summary"), max_length=300, blank=True)
    description = models.TextField(_("Description"), max_length=1000, blank=True)
    contact_name = models.CharField(_("Contact"), max_length=100)
    contact_phone = PhoneField(_("Phone"), blank=True)
    contact_wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    contact_email = models.EmailField(_("E-mail"), blank=True)
    stage = models.CharField(_("Stage"), max_length=12, choices=Stage.choices, default=Stage.NEW, editable=False)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("Assigned to"),
    )
    assigned_at = models.DateTimeField(_("Assigned at"), null=True, editable=False)
    lose_reason = DictionaryField("lose_reason", verbose_name=_("Reason of loss"), editable=False)
    lose_note = models.CharField(_("Note on the loss"), max_length=500, blank=True, editable=False)
    closed_at = models.DateTimeField(_("Closed at"), null=True, editable=False)

    objects: ClassVar[Any] = SaleChanceQuerySet.as_manager()
    flow = Flow(
        "stage",
        assign=(["new", "developing"], "developing"),
        unassign=(["developing"], "new"),
        win=(["developing"], "won"),
        lose=(["developing"], "lost"),
        reopen=(["lost"], "developing"),
    )

    class Meta:
        verbose_name = _("Sale chance")
        verbose_name_plural = _("Sale chances")
        indexes = [
            bin_index(name="chance_bin"),
            sort_index("-created_at", name="chance_created"),
            sort_index("assigned_to", "-created_at", name="chance_assigned_to"),
            sort_index("assigned_to", "stage", name="chance_assigned_stage"),
            sort_index("created_by", "-created_at", name="chance_created_by"),
            sort_index("stage", "-created_at", name="chance_stage"),
            sort_index("-success_rate", name="chance_success_rate"),
            sort_index("-expected_amount", name="chance_expected_amount"),
            sort_index("-expected_on", name="chance_expected_on"),
            sort_index("-assigned_at", name="chance_assigned_at"),
            sort_index("-closed_at", name="chance_closed"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(customer_name=""), name="chance_has_customer_name"),
            models.CheckConstraint(condition=~Q(contact_name=""), name="chance_has_contact"),
            models.CheckConstraint(
                condition=~Q(contact_phone="", contact_wechat="", contact_email=""),
                name="chance_contact_can_be_reached",
                violation_error_message=_("Give a phone number, a WeChat name or an e-mail address."),
            ),
            models.CheckConstraint(condition=Q(success_rate__range=(0, 100)), name="chance_success_rate_range"),
            models.CheckConstraint(
                condition=Q(expected_amount__isnull=True) | Q(expected_amount__gte=0),
                name="chance_expected_amount_sign",
                violation_error_message=_("An expected amount is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(stage="new", assigned_to__isnull=True, assigned_at__isnull=True)
                | Q(stage__in=["developing", "won", "lost"], assigned_to__isnull=False, assigned_at__isnull=False),
                name="chance_assigned_when_developed",
            ),
            models.CheckConstraint(
                condition=~Q(stage="won") | Q(customer__isnull=False), name="chance_won_has_customer"
            ),
            models.CheckConstraint(
                condition=~Q(stage="lost") | Q(lose_reason__isnull=False), name="chance_lost_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["won", "lost"], closed_at__isnull=False)
                | Q(stage__in=["new", "developing"], closed_at__isnull=True),
                name="chance_closed_at_its_end",
            ),
        ]

    def __str__(self) -> str:
        return self.customer_name


class PlanQuerySet(OwnedQuerySet):
    """Plans are seen by whoever sees their chance."""

    whose = staticmethod(within_reach)
    path = "chance__"

    def open(self) -> "PlanQuerySet":
        """The steps that are still to be done, of chances that are still developed."""
        return self.in_use().filter(done_at__isnull=True, chance__stage=SaleChance.Stage.DEVELOPING)


class DevelopmentPlan(Record):
    """One planned step to win a chance, with its effect once it is done."""

    chance = models.ForeignKey(
        SaleChance, models.PROTECT, related_name="plans", verbose_name=_("Sale chance"), db_index=False
    )
    item = models.CharField(_("Plan item"), max_length=100)
    planned_on = models.DateField(_("Planned date"))
    effect = models.CharField(_("Effect"), max_length=500, blank=True)
    done_at = models.DateTimeField(_("Done at"), null=True, editable=False)

    objects: ClassVar[Any] = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("Plan item")
        verbose_name_plural = _("Plan items")
        indexes = [
            bin_index(name="plan_bin"),
            models.Index(fields=["chance", "planned_on", "id"], name="plan_chance"),
            sort_index("-planned_on", name="plan_planned_on"),
            models.Index(
                fields=["planned_on", "id"],
                name="plan_open",
                condition=Q(done_at__isnull=True, binned_in__isnull=True),
            ),
        ]
        constraints = [models.CheckConstraint(condition=~Q(item=""), name="plan_has_item")]

    def __str__(self) -> str:
        return self.item


searchable(
    SaleChance,
    text=lambda chance: [chance.number, chance.contact_name, chance.summary, chance.contact_wechat],
    guarded=lambda chance: [chance.contact_phone],
    classes=[FieldClass.PHONE],
    subtitle=lambda chance: f"{chance.number} {chance.contact_name}",
)

personal(SaleChance, "customer_name", "contact_name", "contact_phone", "contact_wechat", "contact_email")


customer_part(SaleChance)
customer_part(DevelopmentPlan, "chance__customer")
