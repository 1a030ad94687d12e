"""What the page of a role foretells comes true when it is saved, and foretelling it changes nothing."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.access.actions import grant_role
from guanxi.access.models import MenuItem, Role
from guanxi.access.reach import resolve
from guanxi.accounts.models import User
from guanxi.customers import actions as customers
from guanxi.customers.models import Customer
from guanxi.dictionary.actions import fill_dictionary
from guanxi.system.effects import CAP, MOST, Tally, holding_of, outlook
from tests import cast
from tests.promises.test_every_address import nothing_changes
from tests.system.company import client_of, nodes, prepare

pytestmark = [pytest.mark.once, pytest.mark.django_db]

VIEW, CLAIM, EDIT = "customers.view_customer", "customers.claim_customer", "customers.edit_customer"
SCOPES = ["own", "reports", "department", "branch", "custom", "all"]
RIGHTS = [(), (VIEW,), (VIEW, CLAIM)]


@pytest.fixture
def admin():
    found = prepare()
    with cast.change() as change:
        fill_dictionary(change=change)
    return found


@pytest.fixture
def member(admin):
    """Who holds one role, leads a department, and sits in another; every department has a customer, and the pool."""
    head = cast.make_department("总部")
    east, west = cast.make_department("华东", head), cast.make_department("华西")
    user = cast.make_user("member", department=head, real_name="王芳")
    cast.lead(user, west)
    keepers = [user, cast.make_user("easterner", department=east), cast.make_user("westerner", department=west), None]
    for number, keeper in enumerate(keepers):
        with cast.change(by=admin) as change:
            change.update(customers.create_customer(name=f"客户{number}", manager=admin, change=change), manager=keeper)
    return user


def values_of(scope, rights, masks=()):
    return {
        "scope": scope,
        "departments": [cast.Department.objects.get(name="华西")] if scope == "custom" else [],
        "grants": list(MenuItem.objects.filter(permission__in=rights, kind="button")),
        "masks": list(masks),
    }


def saves(role, values, admin):
    with cast.change(by=admin) as change:
        grant_role(Role.objects.get(pk=role.pk), change=change, **values)


def seen_by(user):
    person = User.objects.get(pk=user.pk)
    return set(Customer.objects.visible_to(person).values_list("pk", flat=True)) if person.has_perm(VIEW) else set()


def counted(rows):
    return {one.label: one.count for one in rows}.get("客户管理", 0) or {one.label: one.count for one in rows}.get(
        "客户", 0
    )


@pytest.mark.parametrize(("before", "after"), list(product(SCOPES, SCOPES)))
def test_what_is_foretold_comes_true(admin, member, before, after):
    """For every pair of scopes and of rights: the rows and rights that it names are those that differ after saving."""
    role = member.roles.get()
    for rights, others in product(RIGHTS, RIGHTS):
        saves(role, values_of(before, rights, ["phone"] if before == "own" else ()), admin)
        old, had = seen_by(member), resolve(member)
        wanted = values_of(after, others, ["amount"] if after == "own" else ())
        with nothing_changes():
            foretold = outlook(role, holding_of(wanted, role), by=admin)
        saves(role, wanted, admin)
        new, has = seen_by(member), resolve(member)
        (effect,) = foretold.effects or [None]
        if effect is None:
            assert (old, had.permissions, had.masked) == (new, has.permissions, has.masked)
            continue
        assert counted(effect.appearing) == len(new - old)
        assert counted(effect.vanishing) == len(old - new)
        assert len(effect.gained) == len(has.permissions - had.permissions)
        assert len(effect.lost) == len(had.permissions - has.permissions)
        assert len(effect.covered) == len(has.masked - had.masked)
        assert len(effect.uncovered) == len(had.masked - has.masked)


def test_what_another_role_gives_is_not_lost(admin, member):
    role = member.roles.get()
    saves(role, values_of("all", (VIEW,)), admin)
    with cast.change() as change:
        change.relate(member, "roles", [role, cast.make_role(VIEW, scope="all")])
    foretold = outlook(role, holding_of(values_of("own", ()), role), by=admin)
    assert (foretold.effects, foretold.unchanged) == ([], 1)


def test_no_table_is_counted_through(admin, member):
    for number in range(CAP + 5):
        with cast.change(by=admin) as change:
            customers.create_customer(name=f"多{number}", manager=admin, change=change)
    role = member.roles.get()
    (effect,) = outlook(role, holding_of(values_of("all", (VIEW,)), role), by=admin).effects
    assert [rows.text for rows in effect.appearing if rows.count > 10] == [f"{CAP}+"]


def asked_of_customers(role, wanted, admin):
    """The SQL about customers that a preview runs."""
    with CaptureQueriesContext(connection) as ran:
        outlook(role, wanted, by=admin)
    table = Customer._meta.db_table
    return [one["sql"] for one in ran if f'FROM "{table}"' in one["sql"]]


def test_a_table_that_both_reaches_ask_alike_is_not_read(admin, member):
    """A right that says nothing of customers leaves them unread; the one that shows the pool does not."""
    role = member.roles.get()
    saves(role, values_of("all", (VIEW,)), admin)
    assert asked_of_customers(role, holding_of(values_of("all", (VIEW, EDIT, CLAIM)), role), admin) == []
    saves(role, values_of("own", (VIEW,)), admin)
    assert asked_of_customers(role, holding_of(values_of("own", (VIEW, EDIT)), role), admin) == []
    assert asked_of_customers(role, holding_of(values_of("own", (VIEW, CLAIM)), role), admin) != []


def questions(role, wanted, admin):
    with CaptureQueriesContext(connection) as ran:
        outlook(role, wanted, by=admin)
    return len(ran)


def test_members_of_like_reach_are_asked_for_once(admin, member):
    """And where each has rows of their own, the figure that the page names is kept."""
    role = member.roles.get()
    saves(role, values_of("all", (VIEW,)), admin)
    alike, unlike = holding_of(values_of("all", ()), role), holding_of(values_of("own", (VIEW,)), role)
    asked_alike = len(asked_of_customers(role, alike, admin))
    one, one_unlike = questions(role, alike, admin), questions(role, unlike, admin)
    for number in range(MOST + 5):
        other = cast.make_user(f"m{number}", department=member.department)
        with cast.change() as change:
            change.relate(other, "roles", [role])
    assert len(outlook(role, alike, by=admin).effects) == MOST
    assert len(asked_of_customers(role, alike, admin)) == asked_alike == 1
    assert questions(role, alike, admin) == one
    kinds = len(Tally(admin).kinds)
    assert kinds <= 11
    assert one_unlike < questions(role, unlike, admin) <= one_unlike + (3 + 2 * kinds) * (MOST - 1)


def test_rows_are_looked_up_one_by_one_and_never_listed_whole(admin, member):
    role = member.roles.get()
    saves(role, values_of("own", (VIEW,)), admin)
    narrow = cast.make_user("narrow", VIEW)
    for by in (admin, User.objects.get(pk=narrow.pk)):
        asked = asked_of_customers(role, holding_of(values_of("all", (VIEW,)), role), by)
        assert asked
        assert all("NOT EXISTS" in sql or "NOT (EXISTS" in sql for sql in asked), asked
        assert not any("IN (SELECT" in sql for sql in asked), asked
        assert all(f"LIMIT {CAP + 1}" in sql for sql in asked)


def test_who_asks_counts_only_what_they_see_themselves(admin, member):
    role = member.roles.get()
    wanted = holding_of(values_of("all", (VIEW,)), role)
    narrow = cast.make_user("narrow", VIEW)
    with cast.change(by=admin) as change:
        customers.create_customer(name="自己的", manager=narrow, change=change)
    (effect,) = outlook(role, wanted, by=User.objects.get(pk=narrow.pk)).effects
    assert counted(effect.appearing) == 1
    blind = cast.make_user("blind", scope="all")
    (effect,) = outlook(role, wanted, by=User.objects.get(pk=blind.pk)).effects
    assert effect.appearing == []


def test_a_difference_that_who_asks_does_not_see_is_not_called_none(admin, member):
    """Further rows that lie outside the reach of who asks: nobody is told that other roles give them."""
    role = member.roles.get()
    saves(role, values_of("own", (VIEW,)), admin)
    blind = User.objects.get(pk=cast.make_user("blind", VIEW).pk)
    wanted = holding_of(values_of("all", (VIEW,)), role)
    foretold = outlook(role, wanted, by=blind)
    assert (foretold.effects, foretold.unchanged, foretold.unseen) == ([], 0, 1)
    with cast.change() as change:
        change.relate(member, "roles", [role, cast.make_role(holds_all=True)])
    foretold = outlook(role, wanted, by=blind)
    assert (foretold.effects, foretold.unchanged, foretold.unseen) == ([], 1, 0), "who holds all gains nothing by more"


class TestThePage:
    def sent(self, *rights, scope="own", masks=()):
        return {"scope": scope, "grants": nodes(*rights), "masks": list(masks), "seen": 1}

    def test_it_says_what_happens_to_each_member_and_saves_nothing(self, admin, member):
        role, client = member.roles.get(), client_of(admin)
        client.get("/")
        with nothing_changes():
            answer = client.post(f"/system/roles/{role.pk}/grant/", self.sent(VIEW, scope="all", masks=["phone"]))
        page = answer.content.decode()
        assert answer.status_code == 200
        outlook_of = page[page.index('id="outlook"') :]
        assert "王芳" in outlook_of
        assert "客户 · 查看" in outlook_of
        assert '<span class="num">4</span>' in outlook_of
        assert "电话号码" in outlook_of

    def test_a_role_without_members_says_so(self, admin):
        role = cast.make_role()
        answer = client_of(admin).post(f"/system/roles/{role.pk}/grant/", self.sent(VIEW))
        assert "还没有可以登录的用户拥有此角色" in answer.content.decode()

    def test_a_member_whose_gain_one_does_not_see_is_told_as_such(self, admin, member):
        role = member.roles.get()
        saves(role, values_of("own", (VIEW,)), admin)
        granter = cast.make_user("granter", "access.view_role", "access.grant_role", VIEW, scope="department")
        with cast.change(by=admin) as change:
            change.update(granter, department=cast.make_department("空部门"))
        wider = self.sent(VIEW, scope="custom") | {"departments": [granter.department_id], "seen": 2}
        page = client_of(User.objects.get(pk=granter.pk)).post(f"/system/roles/{role.pk}/grant/", wider)
        assert page.status_code == 200
        assert "1 名成员没有您能看到的变化" in page.content.decode()
        assert "其他角色给了同样的权限" not in page.content.decode()
