"""Dictionary entries: unique in their type, retired or merged while used, never lost."""

from typing import Any

import pytest

from guanxi.customers.models import Customer
from guanxi.dictionary import actions
from guanxi.dictionary.models import DictionaryEntry
from guanxi.dictionary.queries import labels, references, uses_of
from guanxi.dictionary.registry import DictionaryType, declared_types
from guanxi.history.models import Change
from guanxi.kernel.rules import RuleBroken
from guanxi.retention import actions as retention
from guanxi.retention.models import LossThreshold
from tests.cast import change

pytestmark = pytest.mark.django_db


def make_entry(label_zh: str, type_key: str = "customer_level", **fields: Any) -> DictionaryEntry:
    with change() as writer:
        return actions.create_entry(type=type_key, label_zh=label_zh, change=writer, **fields)


def make_customer(**fields: Any) -> Customer:
    with change() as writer:
        return writer.create(Customer, **{"number": "KH1", "name": "云栖智造", "name_key": "云栖智造", **fields})


def test_entries_stand_in_the_order_of_their_creation() -> None:
    made = [make_entry(label) for label in ("甲", "乙", "丙")]
    assert [entry.position for entry in made] == [0, 1, 2]
    assert list(DictionaryEntry.objects.offered("customer_level")) == made


def test_a_label_is_unique_in_its_type() -> None:
    make_entry("大客户")
    with pytest.raises(RuleBroken) as refusal:
        make_entry(" 大客户 ")
    assert refusal.value.field == "label_zh"
    assert make_entry("大客户", "industry").pk


def test_a_type_must_be_declared() -> None:
    with pytest.raises(KeyError):
        make_entry("大客户", "no_such_type")


def test_a_type_is_declared_once() -> None:
    with pytest.raises(ValueError, match="customer_level"):
        DictionaryType("customer_level", "again")


def test_editing_refuses_the_label_of_another() -> None:
    make_entry("大客户")
    other = make_entry("小客户")
    with pytest.raises(RuleBroken), change() as writer:
        actions.edit_entry(other, label_zh="大客户", change=writer)
    with change() as writer:
        actions.edit_entry(other, label_zh="小客户", tone="ok", change=writer)
    assert DictionaryEntry.objects.get(pk=other.pk).tone == "ok"


def test_a_retired_entry_is_kept_but_not_offered() -> None:
    entry = make_entry("大客户")
    customer = make_customer(level=entry)
    with change() as writer:
        actions.retire_entry(entry, change=writer)
    assert entry not in DictionaryEntry.objects.offered("customer_level")
    assert Customer.objects.get(pk=customer.pk).level == entry
    with change() as writer:
        actions.revive_entry(entry, change=writer)
    assert entry in DictionaryEntry.objects.offered("customer_level")


def test_one_entry_of_a_type_is_the_default() -> None:
    first, second = make_entry("甲"), make_entry("乙")
    for entry in (first, second):
        with change() as writer:
            actions.set_default(entry, change=writer)
    assert list(DictionaryEntry.objects.filter(is_default=True)) == [second]
    with change() as writer:
        actions.retire_entry(second, change=writer)
    assert not DictionaryEntry.objects.filter(is_default=True).exists()
    with pytest.raises(RuleBroken), change() as writer:
        actions.set_default(second, change=writer)


def test_an_entry_that_was_retired_meanwhile_does_not_become_the_default() -> None:
    with change() as writer:
        entry = actions.create_entry(type="customer_level", label_zh="钻石", change=writer)
        seen = DictionaryEntry.objects.get(pk=entry.pk)
        actions.retire_entry(entry, change=writer)
    with pytest.raises(RuleBroken), change() as writer:
        actions.set_default(seen, change=writer)
    assert not DictionaryEntry.objects.filter(retired=True, is_default=True).exists()


def test_binning_says_where_an_entry_is_used() -> None:
    entry = make_entry("大客户")
    make_customer(level=entry)
    with pytest.raises(RuleBroken, match="1"), change() as writer:
        actions.bin_entry(entry, change=writer)
    assert [(use.model, use.count) for use in uses_of(entry)] == [(Customer, 1)]
    assert DictionaryEntry.objects.in_use().filter(pk=entry.pk).exists()


def test_binning_and_restoring_an_unused_entry() -> None:
    entry = make_entry("大客户")
    with change() as writer:
        actions.bin_entry(entry, change=writer)
    rival = make_entry("大客户")
    with pytest.raises(RuleBroken), change() as writer:
        actions.restore_entry(entry, change=writer)
    with change() as writer:
        actions.bin_entry(rival, change=writer)
    with change() as writer:
        actions.restore_entry(entry, change=writer)
    assert entry in DictionaryEntry.objects.offered("customer_level")


def test_merging_moves_every_reference_and_logs_it() -> None:
    entry, into = make_entry("大客戶"), make_entry("大客户")
    with change() as writer:
        actions.set_default(entry, change=writer)
    customer = make_customer(level=entry)
    with change("merge") as writer:
        actions.merge_entry(entry, into=into, change=writer)
    assert Customer.objects.get(pk=customer.pk).level == into
    assert not DictionaryEntry.objects.in_use().filter(pk=entry.pk).exists()
    assert DictionaryEntry.objects.get(pk=into.pk).is_default
    moved = Change.objects.get(model="customers.customer", act="update")
    assert (moved.before, moved.after) == ({"level": entry.pk}, {"level": into.pk})


def test_merging_refuses_another_type_and_itself() -> None:
    entry, stranger = make_entry("大客户"), make_entry("制造业", "industry")
    for into in (entry, stranger):
        with pytest.raises(RuleBroken), change() as writer:
            actions.merge_entry(entry, into=into, change=writer)


def test_start_values_fill_an_empty_installation_once() -> None:
    with change() as writer:
        added = actions.fill_dictionary(change=writer)
    assert added == sum(len(kind.start) for kind in declared_types())
    mine = DictionaryEntry.objects.get(label_zh="普通客户")
    with change() as writer:
        actions.bin_entry(mine, change=writer)
    with change() as writer:
        assert actions.fill_dictionary(change=writer) == 0
    assert list(DictionaryEntry.objects.offered("customer_level").values_list("label_zh", flat=True)) == [
        "重点开发客户",
        "大客户",
        "合作伙伴",
        "战略合作伙伴",
    ]


def test_labels_follow_a_change_at_once() -> None:
    entry = make_entry("大客户", label_en="Major customer", tone="pri")
    assert labels("zh-hans")[entry.pk] == ("大客户", "pri")
    assert labels("en")[entry.pk] == ("Major customer", "pri")
    with change() as writer:
        actions.edit_entry(entry, label_en="", tone="vio", change=writer)
    assert labels("en")[entry.pk] == ("大客户", "vio")


def test_every_dictionary_field_names_a_declared_type() -> None:
    declared = {kind.key for kind in declared_types()}
    assert {"customer_level", "area", "industry", "chance_source", "payment_way"} <= declared
    assert (Customer, Customer._meta.get_field("level")) in references("customer_level")


def test_two_entries_that_both_have_a_threshold_are_not_merged():
    with change() as writer:
        actions.fill_dictionary(change=writer)
        first, second = DictionaryEntry.objects.of("customer_level")[:2]
        for level in (first, second):
            retention.create_threshold(level=level, months=3, change=writer)
    with pytest.raises(RuleBroken) as caught, change() as writer:
        actions.merge_entry(first, into=second, change=writer)
    assert caught.value.field == "into"
    assert LossThreshold.objects.in_use().count() == 2
