"""Contacts: the people there."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.customer import Customer
from guanxi.customers.models.parts import PartQuerySet
from guanxi.history.redaction import personal
from guanxi.kernel.fields import FieldClass, PhoneField
from guanxi.kernel.indexes import bin_index, sort_index
from guanxi.kernel.records import Record
from guanxi.search.registry import searchable


class Contact(Record):
    """A person at a customer; one of them at most is the primary one."""

    class Sex(models.TextChoices):
        """How to address the person."""

        MALE = "male", _("Male")
        FEMALE = "female", _("Female")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="contacts", verbose_name=_("Customer"))
    name = models.CharField(_("Full name"), max_length=100)
    sex = models.CharField(_("Sex"), max_length=6, choices=Sex.choices, blank=True)
    position = models.CharField(_("Position"), max_length=100, blank=True)
    office_phone = PhoneField(_("Office phone"), blank=True)
    mobile = PhoneField(_("Mobile"), blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    is_primary = models.BooleanField(_("Primary contact"), default=False)

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("Contact")
        verbose_name_plural = _("Contacts")
        indexes = [
            bin_index(name="contact_bin"),
            sort_index("-created_at", name="contact_created"),
            models.Index(fields=["mobile"], condition=~Q(mobile=""), name="contact_mobile"),
            models.Index(fields=["office_phone"], condition=~Q(office_phone=""), name="contact_office_phone"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(is_primary=True, binned_in__isnull=True),
                name="contact_one_primary",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="contact_has_name"),
            models.CheckConstraint(condition=Q(sex__in=["", "male", "female"]), name="contact_sex"),
        ]

    def __str__(self) -> str:
        return self.name


searchable(
    Contact,
    text=lambda contact: [contact.position, contact.wechat, contact.email],
    guarded=lambda contact: [contact.mobile, contact.office_phone],
    classes=[FieldClass.PHONE],
    subtitle=lambda contact: contact.customer.name,
    related=["customer"],
)

personal(Contact, "name", "position", "office_phone", "mobile", "wechat", "email")
