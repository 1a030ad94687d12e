"""Customers: the companies we deal with."""

from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.reach import reach_of
from guanxi.dictionary.fields import DictionaryField
from guanxi.history.redaction import personal
from guanxi.kernel.fields import BankField, FieldClass, MoneyField, PhoneField
from guanxi.kernel.indexes import bin_index, sort_index
from guanxi.kernel.records import OwnedQuerySet, Record
from guanxi.search.registry import searchable

WEBSITE = RegexValidator(r"(?i)^(https?://)?[^\s/:.]+(\.[^\s/:.]+)+(:\d+)?(/\S*)?$", _("This is not a web address."))
_IN_USE = Q(binned_in__isnull=True)


def within_reach(user: Any, path: str = "") -> Q:
    """The condition that a customer is the user's to see; `path` leads to it, such as `customer__`.

    Customers of the public pool are seen by those who may claim or assign them.
    """
    return reduce(or_, _parts(user, path))


def _parts(user: Any, path: str = "") -> list[Q]:
    reach = reach_of(user)
    if reach.everything:
        return [Q()]
    pool = reach.may("customers.claim_customer") or reach.may("customers.assign_customer")
    return [reach.owning(f"{path}manager"), *([Q(**{f"{path}manager__isnull": True})] if pool else [])]


class CustomerQuerySet(OwnedQuerySet):
    """A customer is its manager's; the public pool is for those who may claim or assign."""

    whose = staticmethod(within_reach)

    def parts_of(self, user: Any) -> list[Q]:
        """Those with a manager within reach, and the public pool."""
        return _parts(user)

    def pooled(self) -> "CustomerQuerySet":
        """The public pool: customers without a manager."""
        return self.filter(manager__isnull=True)


class Customer(Record):
    """A company we deal with. The columns in `derived` sum up what hangs on it."""

    class State(models.TextChoices):
        """Where the customer stands with us."""

        NORMAL = "normal", _("Normal")
        AT_RISK = "at_risk", _("At risk")
        LOST = "lost", _("Churned")

    number = models.CharField(_("Number"), max_length=40, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=100)
    name_key = models.CharField(max_length=400, editable=False)
    since = models.DateField(_("Customer since"), null=True, blank=True)
    industry = DictionaryField("industry", verbose_name=_("Industry"))
    source = DictionaryField("chance_source", verbose_name=_("Source"))
    area = DictionaryField("area", verbose_name=_("Area"), db_index=False)
    level = DictionaryField("customer_level", verbose_name=_("Level"), db_index=False)
    credit = models.PositiveSmallIntegerField(
        _("Credit"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.NORMAL, editable=False)

    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("Manager"),
    )
    managed_since = models.DateTimeField(_("Manager since"), null=True, blank=True, editable=False)
    previous_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=_("Previous manager"),
    )
    returned_at = models.DateTimeField(_("Returned at"), null=True, editable=False)
    return_reason = models.CharField(_("Reason of return"), max_length=300, blank=True, editable=False)

    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("Merged into")
    )

    phone = PhoneField(_("Phone"), blank=True)
    fax = PhoneField(_("Fax"), blank=True)
    website = models.CharField(_("Website"), max_length=200, blank=True, validators=[WEBSITE])
    address = models.CharField(_("Address"), max_length=500, blank=True)
    post_code = models.CharField(_("Post code"), max_length=20, blank=True)

    licence_number = models.CharField(_("Credit code or licence number"), max_length=50, blank=True)
    legal_representative = models.CharField(_("Legal representative"), max_length=100, blank=True)
    registered_capital = MoneyField(_("Registered capital"), null=True, blank=True)
    annual_turnover = MoneyField(_("Annual turnover"), null=True, blank=True)
    bank = BankField(_("Bank"), max_length=100, blank=True)
    bank_account = BankField(_("Bank account"), max_length=50, blank=True)
    tax_number = models.CharField(_("Tax number"), max_length=50, blank=True)
    local_tax_number = models.CharField(_("Local tax number (before 2018)"), max_length=50, blank=True)
    national_tax_number = models.CharField(_("National tax number (before 2018)"), max_length=50, blank=True)

    satisfaction = models.DecimalField(_("Satisfaction"), max_digits=3, decimal_places=2, null=True, editable=False)
    order_count = models.PositiveIntegerField(_("Orders"), default=0, editable=False)
    last_ordered_at = models.DateField(_("Last order"), null=True, editable=False)
    paid_count = models.PositiveIntegerField(_("Paid orders"), default=0, editable=False)
    paid_total = MoneyField(_("Total of paid orders"), default=0, editable=False)
    last_paid_at = models.DateField(_("Last paid order"), null=True, editable=False)
    received_total = MoneyField(_("Received"), default=0, editable=False)
    outstanding = MoneyField(_("Outstanding"), default=0, editable=False)
    last_interaction_at = models.DateTimeField(_("Last interaction"), null=True, editable=False)
    next_follow_up = models.DateField(_("Next follow-up"), null=True, editable=False)
    last_touched_at = models.DateTimeField(_("Last touched"), null=True, editable=False)

    objects: ClassVar[Any] = CustomerQuerySet.as_manager()
    derived = frozenset(
        {
            "satisfaction",
            "order_count",
            "last_ordered_at",
            "paid_count",
            "paid_total",
            "last_paid_at",
            "received_total",
            "outstanding",
            "last_interaction_at",
            "next_follow_up",
            "last_touched_at",
        }
    )

    class Meta:
        verbose_name = _("Customer")
        verbose_name_plural = _("Customers")
        indexes = [
            bin_index(name="customer_bin"),
            sort_index("-created_at", name="customer_created"),
            # Without one of the foreign key alone: SQLite would take it, and look up each row instead of counting here.
            sort_index("manager", "-created_at", name="customer_manager"),
            sort_index("manager", "-next_follow_up", name="customer_manager_follow_up"),
            sort_index("manager", "-last_touched_at", name="customer_manager_touched"),
            # Few values each: without the order behind them, a filter sorts a share of the whole table.
            sort_index("state", "-created_at", name="customer_state"),
            sort_index("area", "-created_at", name="customer_area"),
            sort_index("level", "-created_at", name="customer_level"),
            sort_index("-paid_total", name="customer_paid_total"),
            sort_index("state", "-paid_total", name="customer_state_paid_total"),
            sort_index("-last_paid_at", name="customer_last_paid"),
            sort_index("-last_interaction_at", name="customer_last_interaction"),
            sort_index("-next_follow_up", name="customer_next_follow_up"),
            sort_index("-last_touched_at", name="customer_last_touched"),
            # Composition counts by these without looking at a row.
            models.Index(fields=["credit"], condition=_IN_USE, name="customer_by_credit"),
            models.Index(fields=["industry"], condition=_IN_USE, name="customer_by_industry"),
            models.Index(fields=["source"], condition=_IN_USE, name="customer_by_source"),
            # What one sees of it, and who ever ordered: all that these counts ask for is in it, as in order_contribution.
            models.Index(
                fields=[
                    *("manager", "order_count", "level", "area", "credit", "state", "industry", "source"),
                    "binned_in",
                ],
                condition=_IN_USE,
                name="customer_composition",
            ),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="customer_phone"),
            models.Index(fields=["licence_number"], condition=~Q(licence_number=""), name="customer_licence"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name_key"], condition=Q(binned_in__isnull=True), name="customer_name_in_use"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_name"),
            models.CheckConstraint(condition=Q(credit__isnull=True) | Q(credit__range=(1, 5)), name="customer_credit"),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                name="customer_satisfaction",
            ),
            models.CheckConstraint(condition=Q(state__in=["normal", "at_risk", "lost"]), name="customer_state"),
            models.CheckConstraint(
                condition=Q(registered_capital__isnull=True) | Q(registered_capital__gte=0),
                name="customer_registered_capital",
            ),
            models.CheckConstraint(
                condition=Q(annual_turnover__isnull=True) | Q(annual_turnover__gte=0),
                name="customer_annual_turnover",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def _people(customer: Any) -> list[Any]:
    """Its contacts in use, by whom people remember a company."""
    return [contact for contact in customer.contacts.all() if contact.binned_in is None]


def _text(customer: Any) -> list[str]:
    names = [contact.name for contact in _people(customer)]
    if " " in customer.name:  # found without its blanks too
        names.append(customer.name_key)
    return [customer.number, customer.address, customer.website, customer.licence_number, *names]


def _phones(customer: Any) -> list[str]:
    theirs = [phone for contact in _people(customer) for phone in (contact.mobile, contact.office_phone)]
    return [customer.phone, customer.fax, *theirs]


searchable(
    Customer,
    text=_text,
    guarded=_phones,
    classes=[FieldClass.PHONE],
    subtitle=lambda customer: customer.number,
    follows=["contacts"],
)

personal(Customer, "name", "phone", "fax", "address", "legal_representative", "bank_account", keys=["name"])
