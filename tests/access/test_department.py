"""The tree of departments: no circles, no name twice in one place, nothing binned that is in use."""

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from guanxi.access.actions import bin_department, create_department, edit_department, restore_department
from guanxi.access.models import Department
from guanxi.history.models import Change
from guanxi.kernel.rules import Conflict, RuleBroken
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def create(name, parent=None, by=None):
    with cast.change("create", by=by) as change:
        return create_department(name=name, parent=parent, change=change)


def edit(department, by=None, **fields):
    with cast.change("edit", by=by) as change:
        return edit_department(department, change=change, **fields)


def test_creating_a_tree():
    company = create(" 总部 ")
    east = create("华东", company)
    assert (company.name, east.parent) == ("总部", company)


def test_a_name_is_taken_below_one_parent_only_whatever_its_case():
    company = create("HQ")
    create("Sales", company)
    create("Sales")
    with pytest.raises(RuleBroken, match="already a department") as refusal:
        create("sales", company)
    assert refusal.value.field == "name"


def test_two_departments_at_the_top_have_different_names():
    create("HQ")
    with pytest.raises(RuleBroken, match="already a department"):
        create("hq")


@pytest.mark.parametrize("below", [0, 1, 2])
def test_a_department_never_stands_below_itself(below):
    line = [create("A")]
    line.append(create("B", line[0]))
    line.append(create("C", line[1]))
    with pytest.raises(RuleBroken, match="below itself") as refusal:
        edit(line[0], parent=line[below])
    assert refusal.value.field == "parent"
    assert Department.objects.get(name="A").parent is None


def test_moving_to_the_top_and_below_another():
    a, b = create("A"), create("B")
    edit(b, parent=a)
    edit(b, parent=None)
    assert Department.objects.get(pk=b.pk).parent is None


def test_moving_a_department_whose_rows_one_does_not_see_is_refused():
    mine, theirs = create("Mine"), create("Theirs")
    leader = cast.make_user("leader", "access.edit_department", scope="branch", department=mine)
    with pytest.raises(RuleBroken, match="do not see") as refusal:
        edit(theirs, by=leader, parent=mine)
    assert refusal.value.field == "parent"
    edit(theirs, by=leader, name="Others")


def test_what_somebody_else_changed_meanwhile_is_a_conflict():
    a = create("A")
    edit(Department.objects.get(pk=a.pk), name="B")
    with pytest.raises(Conflict):
        edit(a, seen=1, name="C")


def test_a_department_with_members_or_children_is_not_binned():
    company = create("HQ")
    east = create("East", company)
    cast.make_user("member", department=east)
    for department, why in [(company, "departments below it"), (east, "members")]:
        with pytest.raises(RuleBroken, match=why), cast.change("bin") as change:
            bin_department(department, change=change)
    assert Department.objects.in_use().count() == 2


def test_binning_and_restoring_an_empty_one():
    east = create("East")
    with cast.change("bin") as change:
        bin_department(east, change=change)
    create("East")
    with pytest.raises(RuleBroken, match="already a department"), cast.change("restore") as change:
        restore_department(east, change=change)
    edit(Department.objects.in_use().get(), name="West")
    with cast.change("restore") as change:
        restore_department(east, change=change)
    assert Department.objects.in_use().count() == 2


def test_a_department_is_not_restored_below_a_binned_one():
    company = create("HQ")
    east = create("East", company)
    for department in (east, company):
        with cast.change("bin") as change:
            bin_department(department, change=change)
    with pytest.raises(RuleBroken, match="restore it first"), cast.change("restore") as change:
        restore_department(Department.objects.get(pk=east.pk), change=change)


def test_a_refused_act_leaves_no_trace():
    create("HQ")
    kept = Change.objects.count()
    with pytest.raises(RuleBroken):
        create("HQ")
    assert Change.objects.count() == kept


def test_a_department_is_not_restored_at_the_top_beside_one_of_its_name():
    gone = cast.make_department("华东")
    with cast.change("bin") as change:
        bin_department(gone, change=change)
    cast.make_department("华东")
    with pytest.raises(RuleBroken) as refused, cast.change("restore") as change:
        restore_department(gone, change=change)
    assert refused.value.field == "name"
    with pytest.raises(IntegrityError), transaction.atomic(), cast.change() as change:
        change.restore(gone)


def test_a_parent_that_was_deleted_meanwhile_takes_nothing_in():
    """Chosen before, in the bin when the act holds the tree."""
    east, west = create("East"), create("West")
    with cast.change() as change:
        change.bin(Department.objects.get(pk=east.pk))
    with pytest.raises(RuleBroken, match="in the bin") as broken:
        create("North", east)
    assert broken.value.field == "parent"
    with pytest.raises(RuleBroken, match="in the bin"):
        edit(west, parent=east)
    assert not Department.objects.filter(parent=east).exists()


def test_renaming_is_measured_where_it_stands_now():
    """Whoever renames may have read the department before somebody else moved it."""
    east, team, other = create("East"), create("Team"), create("Other")
    create("Taken", east)
    edit(Department.objects.get(pk=team.pk), parent=east)
    with pytest.raises(RuleBroken, match="Taken"):
        edit(team, name="Taken")
    edit(Department.objects.get(pk=other.pk), name="Taken")
    assert Department.objects.get(pk=team.pk).parent == east
