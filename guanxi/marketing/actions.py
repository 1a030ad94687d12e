"""What people do with sale chances and their plans; the only place that changes them."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from guanxi.accounts.handover import belonging
from guanxi.accounts.notices import ASSIGNED, notify
from guanxi.customers.actions import create_contact, create_customer, hold_customer, recount_customers
from guanxi.customers.models import Contact, Customer
from guanxi.customers.queries import find_duplicates
from guanxi.history.writer import ChangeWriter
from guanxi.kernel.days import company_day
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import fold, listed, tidy
from guanxi.marketing.models import ASSIGN, DEVELOP, DevelopmentPlan, SaleChance
from guanxi.marketing.parameters import CHANCE_NUMBERS
from guanxi.parameters.numbers import free_numbers

Stage = SaleChance.Stage


# -- the chance --------------------------------------------------------------------------------------------------


def create_chance(*, change: ChangeWriter, customer_name: str, assigned_to: Any = None, **fields: Any) -> SaleChance:
    """Record an inquiry: not developed, or in development at once when somebody is named."""
    if assigned_to is not None:
        _refuse_developer(assigned_to, field="assigned_to")
        fields |= {"stage": Stage.DEVELOPING, "assigned_to": assigned_to, "assigned_at": change.at}
    number = free_numbers(CHANCE_NUMBERS.kind, company_day(change.at), model=SaleChance)[0]
    chance = change.create(SaleChance, number=number, customer_name=_named(customer_name), **fields)
    notify(ASSIGNED, to=assigned_to, about=chance, change=change)
    return chance


def edit_chance(chance: SaleChance, *, change: ChangeWriter, seen: int | None = None, **fields: Any) -> SaleChance:
    """Change what is known about a chance that is not closed; its stage moves by its verbs only."""
    if "customer_name" in fields:
        fields["customer_name"] = _named(fields["customer_name"])
    if fields.get("customer") is not None:
        hold_customer(fields["customer"].pk)  # first, as everybody does: the chance is locked after it
    return change.update(chance, seen=seen, when={"stage": [Stage.NEW, Stage.DEVELOPING]}, **fields)


def bin_chance(chance: SaleChance, *, change: ChangeWriter) -> None:
    """Move a chance and its plans to the bin; a won one stays, as its customer came from it."""
    if _hold(chance).stage == Stage.WON:
        raise RuleBroken(_("“%(chance)s” was won: its customer came from it.") % {"chance": chance})
    change.bin(chance)
    change.bin_many(_plans(chance))


def restore_chance(chance: SaleChance, *, change: ChangeWriter) -> None:
    """Take a chance out of the bin with exactly the plans that went there with it."""
    _hold(chance)
    binned_in = chance.binned_in
    change.restore(chance)
    change.restore_many(DevelopmentPlan.objects.filter(chance=chance, binned_in=binned_in))


def assign_chance(chance: SaleChance, *, to: Any, change: ChangeWriter) -> None:
    """Hand a chance to a salesperson, who may then plan its development."""
    _refuse_developer(to, field="to")
    SaleChance.flow.take("assign", chance, change, assigned_to=to, assigned_at=change.at)
    notify(ASSIGNED, to=to, about=chance, change=change)


def unassign_chance(chance: SaleChance, *, change: ChangeWriter, confirmed: bool = False) -> None:
    """Take a chance back from its salesperson; once plans exist, only if somebody who assigns confirms that."""
    _hold(chance)
    planned = _plans(chance).count()
    if planned and not _may_assign(change.by):
        raise RuleBroken(
            _("%(count)s plan items exist already: ask somebody who assigns chances.") % {"count": planned}
        )
    if planned and not confirmed:
        raise RuleBroken(
            _("%(count)s plan items exist already: confirm that the chance is taken back all the same.")
            % {"count": planned},
            field="confirmed",
        )
    SaleChance.flow.take("unassign", chance, change, assigned_to=None, assigned_at=None)


def win_chance(
    chance: SaleChance,
    *,
    change: ChangeWriter,
    customer: Customer | None = None,
    create_anyway: bool = False,
) -> Customer:
    """Win a chance: link the chosen customer, or create one with its contact and the assignee as manager.

    Raises RuleBroken if a like customer exists and neither is chosen. Plans still open close with it.
    """
    known = customer or chance.customer
    if known is not None:
        hold_customer(known.pk)
    won = known or _new_customer(chance, change, create_anyway=create_anyway)
    SaleChance.flow.take("win", chance, change, customer=won, closed_at=change.at)
    _add_contact(chance, won, change)
    change.update_many(_plans(chance).filter(done_at__isnull=True), done_at=change.at)
    recount_customers([won.pk])
    return won


def lose_chance(chance: SaleChance, *, reason: Any, change: ChangeWriter, note: str = "") -> None:
    """Give a chance up, and keep why."""
    SaleChance.flow.take("lose", chance, change, lose_reason=reason, lose_note=tidy(note), closed_at=change.at)


def reopen_chance(chance: SaleChance, *, change: ChangeWriter) -> None:
    """Develop a lost chance again, by the same salesperson."""
    SaleChance.flow.take("reopen", chance, change, lose_reason=None, lose_note="", closed_at=None)


# -- its plans ---------------------------------------------------------------------------------------------------


def create_plan(
    *, chance: SaleChance, item: str, planned_on: date, change: ChangeWriter, effect: str = ""
) -> DevelopmentPlan:
    """Plan a step; with an effect it is done already."""
    _hold_developing(chance)
    done_at = change.at if tidy(effect) else None
    plan = change.create(
        DevelopmentPlan,
        chance=chance,
        item=_item(item),
        planned_on=planned_on,
        effect=tidy(effect),
        done_at=done_at,
    )
    _touch(chance, done_at)
    return plan


def edit_plan(
    plan: DevelopmentPlan, *, change: ChangeWriter, seen: int | None = None, **fields: Any
) -> DevelopmentPlan:
    """Change a step; writing its effect marks it done, taking the effect out makes it open again."""
    _hold_developing(plan.chance)
    if fields.pop("chance", plan.chance) != plan.chance:
        raise RuleBroken(_("A plan item stays with its chance."), field="chance")
    if "item" in fields:
        fields["item"] = _item(fields["item"])
    if "effect" in fields:
        fields["effect"] = tidy(fields["effect"])
        fields["done_at"] = (plan.done_at or change.at) if fields["effect"] else None
    change.update(plan, seen=seen, **fields)
    _touch(plan.chance, plan.done_at)
    return plan


def finish_plan(plan: DevelopmentPlan, *, effect: str, change: ChangeWriter) -> None:
    """Write the effect of a step: it is done."""
    if not tidy(effect):
        raise RuleBroken(_("Say what the effect was."), field="effect")
    edit_plan(plan, change=change, effect=effect)


def bin_plan(plan: DevelopmentPlan, *, change: ChangeWriter) -> None:
    """Move a step to the bin."""
    _hold_developing(plan.chance)
    change.bin(plan)


def restore_plan(plan: DevelopmentPlan, *, change: ChangeWriter) -> None:
    """Take a step out of the bin."""
    _hold_developing(plan.chance)
    change.restore(plan)


# -- rules used above --------------------------------------------------------------------------------------------


def _refuse_developer(user: Any, field: str) -> None:
    if not user.is_active or user.binned_in is not None or not user.has_perm(DEVELOP):
        raise RuleBroken(_("%(name)s does not develop sale chances.") % {"name": user}, field=field)


def _named(name: str) -> str:
    name = tidy(name)
    if not name:
        raise RuleBroken(_("A chance needs the name of the customer."), field="customer_name")
    return name


def _item(item: str) -> str:
    item = tidy(item)
    if not item:
        raise RuleBroken(_("Say what is planned."), field="item")
    return item


def _plans(chance: SaleChance) -> Any:
    return DevelopmentPlan.objects.in_use().filter(chance=chance)


def _hold_developing(chance: SaleChance) -> None:
    """Lock a chance that is being developed: its plans stand still once it is closed."""
    held = _hold(chance)
    if held.stage != Stage.DEVELOPING or held.binned_in is not None:
        raise RuleBroken(_("“%(chance)s” is not in development: its plans stand as they are.") % {"chance": chance})


def _hold(chance: SaleChance) -> SaleChance:
    """The chance as it stands, locked to the end of the transaction, and before it its customer, if there is one."""
    if chance.customer_id:
        hold_customer(chance.customer_id)
    held: SaleChance = SaleChance.objects.select_for_update().get(pk=chance.pk)
    return held


def _may_assign(user: Any) -> bool:
    """Whether this person, or the system itself, hands out chances."""
    return user is None or bool(user.has_perm(ASSIGN))


def _touch(chance: SaleChance, done_at: Any) -> None:
    if chance.customer_id and done_at:
        recount_customers([chance.customer_id])


def _new_customer(chance: SaleChance, change: ChangeWriter, *, create_anyway: bool) -> Customer:
    phones = [chance.contact_phone] if chance.contact_phone else []
    like = find_duplicates(name=chance.customer_name, phones=phones)
    if like and not create_anyway:
        names = listed(f"{one.name} ({one.manager or _('public pool')})" for one in like)
        raise RuleBroken(
            _("Like customers exist: %(names)s. Choose one, or create a new one all the same.") % {"names": names},
            field="like",
        )
    return create_customer(change=change, name=chance.customer_name, source=chance.source, manager=chance.assigned_to)


def _add_contact(chance: SaleChance, customer: Customer, change: ChangeWriter) -> None:
    """The person of the chance becomes a contact of the customer, unless it is one already."""
    known = Contact.objects.in_use().filter(customer=customer)
    same = [
        one
        for one in known
        if fold(one.name) == fold(chance.contact_name)
        or (chance.contact_phone and chance.contact_phone in (one.mobile, one.office_phone))
    ]
    if same:
        return
    mobile = chance.contact_phone if _is_mobile(chance.contact_phone) else ""
    create_contact(
        customer=customer,
        name=chance.contact_name,
        mobile=mobile,
        office_phone="" if mobile else chance.contact_phone,
        wechat=chance.contact_wechat,
        email=chance.contact_email,
        change=change,
    )


def _is_mobile(phone: str) -> bool:
    return len(phone) == 11 and phone.isdigit()


def _developed(user: Any) -> Any:
    return SaleChance.objects.in_use().filter(assigned_to=user, stage=Stage.DEVELOPING)


belonging(SaleChance, rows=_developed, hand=assign_chance, permission=ASSIGN)
