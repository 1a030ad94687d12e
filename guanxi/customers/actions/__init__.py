"""What people do with customers and what hangs on them; the only place that changes them."""

from guanxi.customers.actions.contact import (
    bin_contact,
    create_contact,
    create_contacts,
    edit_contact,
    judge_contacts,
    restore_contact,
)
from guanxi.customers.actions.customer import (
    bin_customer,
    create_customer,
    create_customers,
    edit_customer,
    judge_customers,
    restore_customer,
)
from guanxi.customers.actions.goods import fold_goods, mend_goods, rebuild_goods
from guanxi.customers.actions.holding import hold_customer
from guanxi.customers.actions.interaction import (
    bin_interaction,
    create_interaction,
    edit_interaction,
    restore_interaction,
)
from guanxi.customers.actions.merge import MERGED, merge_customer
from guanxi.customers.actions.order import (
    cancel_order,
    create_order,
    create_orders,
    edit_order,
    judge_orders,
    reopen_order,
)
from guanxi.customers.actions.payment import pay_order, refund_order
from guanxi.customers.actions.pool import assign_customer, claim_customer, refuse_manager, return_customer, return_idle
from guanxi.customers.actions.sums import recount_customers, recount_now, recounted_once, settle_customers
from guanxi.customers.actions.verdicts import Taken, Verdict

__all__ = [
    "MERGED",
    "Taken",
    "Verdict",
    "assign_customer",
    "bin_contact",
    "bin_customer",
    "bin_interaction",
    "cancel_order",
    "claim_customer",
    "create_contact",
    "create_contacts",
    "create_customer",
    "create_customers",
    "create_interaction",
    "create_order",
    "create_orders",
    "edit_contact",
    "edit_customer",
    "edit_interaction",
    "edit_order",
    "fold_goods",
    "hold_customer",
    "judge_contacts",
    "judge_customers",
    "judge_orders",
    "mend_goods",
    "merge_customer",
    "pay_order",
    "rebuild_goods",
    "recount_customers",
    "recount_now",
    "recounted_once",
    "refund_order",
    "refuse_manager",
    "reopen_order",
    "restore_contact",
    "restore_customer",
    "restore_interaction",
    "return_customer",
    "return_idle",
    "settle_customers",
]
