"""Change sets: everything is written and logged, or nothing is."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from guanxi.access.models import Department, Role
from guanxi.history.models import Change, ChangeSet, Way
from guanxi.history.stamps import read_stamps, stamps_remembered
from guanxi.history.undo import undo
from guanxi.history.writer import changing, close_change_set, continuing, open_change_set
from guanxi.kernel.rules import Conflict, RuleBroken, StepRefused, UnloggedWrite

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def act(verb="edit", **more):
    return changing(verb, by=None, at=NOON, way=Way.COMMAND, **more)


def make(name="East", **more):
    with act("create") as change:
        return change.create(Department, name=name, **more)


def test_a_record_is_not_written_outside_a_change_set():
    east = make()
    with pytest.raises(UnloggedWrite):
        Department(name="West", created_at=NOON, updated_at=NOON).save()
    with pytest.raises(UnloggedWrite):
        east.delete()
    rows = Department.objects.all()
    for write in (
        lambda: rows.update(name="x"),
        rows.delete,
        lambda: rows.bulk_create([Department(name="x")]),
        lambda: rows.bulk_update([east], ["name"]),
        lambda: rows.create(name="x"),
        lambda: east.children.update(name="x"),
        lambda: rows.derive(name="x"),
    ):
        with pytest.raises(UnloggedWrite):
            write()
    assert list(Department.objects.values_list("name", flat=True)) == ["East"]


def test_creating_keeps_who_when_and_every_field():
    with changing("create", by=None, at=NOON, way=Way.PAGE, address="::1", reason="why") as change:
        east = change.create(Department, name="East", position=3)
    kept = Change.objects.get()
    assert (east.version, east.created_at, east.updated_at) == (1, NOON, NOON)
    assert (kept.act, kept.model, kept.record_id) == ("create", "access.department", east.pk)
    assert kept.after == {"name": "East", "parent": None, "position": 3}
    act_ = kept.change_set
    assert (act_.verb, act_.way, act_.address, act_.reason) == ("create", "page", "::1", "why")
    assert (act_.subject_model, act_.subject_id, act_.subject) == ("access.department", east.pk, "East")


def test_changing_keeps_old_and_new_of_what_differs_only():
    east = make(position=1)
    with act() as change:
        change.update(east, name="West", position=1)
    kept = Change.objects.latest("pk")
    assert (kept.before, kept.after, kept.version) == ({"name": "East"}, {"name": "West"}, 2)
    assert (east.name, east.version) == ("West", 2)


def test_an_act_that_changes_nothing_leaves_no_trace():
    east = make()
    before = ChangeSet.objects.count()
    with act() as change:
        change.update(east, name="East")
    assert ChangeSet.objects.count() == before
    east.refresh_from_db()
    assert east.version == 1


def test_references_are_kept_by_id_under_the_field_s_own_name():
    top, east = make("Top"), make("East")
    with act() as change:
        change.update(east, parent=top)
        change.update(east, parent_id=None)
    first, second = Change.objects.order_by("-pk")[:2][::-1]
    assert (first.after, second.after) == ({"parent": top.pk}, {"parent": None})


def test_an_error_inside_takes_everything_back():
    with pytest.raises(RuleBroken), act() as change:
        change.create(Department, name="East")
        raise RuleBroken("no")
    assert not Department.objects.exists()
    assert not ChangeSet.objects.exists()


def test_a_field_that_somebody_else_changed_meanwhile_is_a_conflict():
    east = make()
    with act() as change:
        change.update(east, name="North")
    stale = Department.objects.get()
    with pytest.raises(Conflict) as caught, act() as change:
        change.update(stale, seen=1, name="South")
    assert caught.value.theirs == {"name": "North"}
    stale.refresh_from_db()
    assert stale.name == "North"


def test_other_fields_do_not_conflict():
    east = make()
    with act() as change:
        change.update(east, name="North")
    with act() as change:
        change.update(Department.objects.get(), seen=1, position=9)
    assert Department.objects.values_list("name", "position").get() == ("North", 9)


def test_a_step_is_refused_when_the_row_stands_elsewhere():
    east = make(position=1)
    with pytest.raises(StepRefused), act() as change:
        change.update(east, when={"position": {2, 3}}, name="West")
    east.refresh_from_db()
    assert east.name == "East"


def test_many_rows_are_written_and_logged_in_batches():
    with act("create") as change:
        change.create_many(Department, ({"name": f"D{n}"} for n in range(1203)))
    with act() as change:
        assert change.update_many(Department.objects.all(), position=0) == 0
        assert change.update_many(Department.objects.all(), position=7) == 1203
    assert Change.objects.filter(act="create").count() == 1203
    assert Change.objects.filter(act="update", version=2).count() == 1203
    assert set(Department.objects.values_list("position", "version")) == {(7, 2)}
    assert ChangeSet.objects.count() == 2


def test_the_bin_keeps_which_act_binned_and_restores():
    east, west = make("East"), make("West")
    with act("bin") as change:
        change.bin(east)
        assert change.bin_many(Department.objects.all()) == 1
    binned = set(Department.objects.values_list("binned_in", flat=True))
    assert binned == {ChangeSet.objects.get(verb="bin").pk}
    with act("restore") as change:
        assert change.restore_many(Department.objects.filter(pk=west.pk)) == 1
    assert [d.name for d in Department.objects.in_use()] == ["West"]


def test_many_to_many_fields_are_kept_as_lists_of_ids():
    with act("create") as change:
        role = change.create(Role, name="Sales")
        east = change.create(Department, name="East")
        change.relate(role, "departments", [east])
    kept = Change.objects.latest("pk")
    assert (kept.before, kept.after) == ({"departments": []}, {"departments": [east.pk]})


def test_a_write_raises_the_stamp_that_caches_watch():
    make()
    before = read_stamps()["access"]
    make("West")
    assert read_stamps()["access"] != before


def test_stamps_are_read_once_inside_a_request_but_own_writes_show(django_assert_num_queries):
    make()
    with stamps_remembered():
        before = read_stamps()["access"]
        with django_assert_num_queries(0):
            assert read_stamps()["access"] == before
        make("West")
        assert read_stamps()["access"] != before


def test_a_stamp_that_was_rolled_back_does_not_come_again():
    make()
    with pytest.raises(RuleBroken), act() as change:
        change.create(Department, name="West")
        change.flush()
        lost = read_stamps()["access"]
        raise RuleBroken("no")
    make("North")
    assert read_stamps()["access"] != lost


def test_an_act_may_span_transactions():
    change_set = open_change_set("import", by=None, at=NOON, way=Way.IMPORT)
    for name in ("A", "B"):
        with continuing(change_set) as change:
            change.create(Department, name=name)
    close_change_set(change_set)
    assert Change.objects.filter(change_set=change_set).count() == 2
    assert ChangeSet.objects.get().state == ChangeSet.State.DONE


def test_undo_gives_every_record_the_state_before():
    east = make("East", position=1)
    with act() as change:
        change.update(east, name="West", position=2)
        made = change.create(Department, name="New")
        change.update(made, position=5)
    done = ChangeSet.objects.latest("pk")
    with act("undo", undoes=done) as change:
        undo(done, change=change)
    east.refresh_from_db()
    assert (east.name, east.position) == ("East", 1)
    assert [d.pk for d in Department.objects.in_use()] == [east.pk]
    assert ChangeSet.objects.get(pk=done.pk).state == ChangeSet.State.UNDONE


def test_undo_refuses_when_something_was_changed_since():
    east = make("East")
    with act() as change:
        change.update(east, name="West")
    done = ChangeSet.objects.latest("pk")
    with act() as change:
        change.update(east, name="North")
    with pytest.raises(RuleBroken, match="West"), act("undo") as change:
        undo(done, change=change)
    east.refresh_from_db()
    assert east.name == "North"


def test_the_writer_belongs_to_one_transaction():
    with pytest.raises(RuntimeError), transaction.atomic():
        with act() as change:
            change.create(Department, name="East")
        raise RuntimeError
    assert not Change.objects.exists()


def test_what_lies_in_the_bin_is_not_changed_binned_or_restored_twice():
    department = make("销售部")
    stale, other = (Department.objects.get(pk=department.pk) for _ in range(2))
    with act("bin") as writer:
        writer.bin(department)
    for refused in (
        lambda writer: writer.bin(stale),
        lambda writer: writer.update(stale, name="市场部"),
        lambda writer: writer.restore(stale),
    ):
        with pytest.raises(RuleBroken), act("edit") as writer:
            refused(writer)
    with act("restore") as writer:
        writer.restore(department)
    with pytest.raises(RuleBroken), act("restore") as writer:
        writer.restore(other)
    assert list(
        Change.objects.filter(record_id=department.pk, model=Department.label()).values_list("version", flat=True)
    ) == [1, 2, 3]


def test_many_are_looked_at_again_under_the_lock():
    departments = [make(name) for name in ("销售部", "市场部")]
    rows = Department.objects.filter(position=0)
    with act("move") as writer:
        ids = list(rows.values_list("pk", flat=True))
        assert writer._rewrite_batch(rows.filter(name="销售部"), ids, {"position": 7}) == 1
    assert sorted(
        Department.objects.filter(pk__in=[one.pk for one in departments]).values_list("position", flat=True)
    ) == [0, 7]
