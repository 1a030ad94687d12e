"""The index follows the records."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import transaction

from guanxi.access.models import Department
from guanxi.history.writer import changing
from guanxi.jobs.models import Job
from guanxi.jobs.registry import enqueue
from guanxi.jobs.worker import work_off
from guanxi.search import index, registry
from guanxi.search.models import SearchDoc
from guanxi.search.queries import search
from tests.search.conftest import Make

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def found(text: str) -> list[str]:
    by_id = dict(Group.objects.values_list("pk", "name"))
    return [by_id[pk] for pk in search(Group, text, Group.objects.all())]


class TestTouched:
    def test_many_acts_are_indexed_once_at_their_end(self, make: Make) -> None:
        with index.indexed_once():
            (group,) = make("杭州云栖")
            index.touched(Group, [group.pk])
            group.name = "上海瑞达"
            group.save()
            index.touched(Group, [group.pk])
            assert SearchDoc.objects.filter(title="上海瑞达").count() == 0
        assert found("云栖") == []
        assert found("瑞达") == ["上海瑞达"]

    def test_finds_new_names_and_forgets_old_ones(self, make: Make) -> None:
        (group,) = make("杭州云栖")
        group.name = "上海瑞达"
        group.save()
        index.touched(Group, [group.pk])
        assert found("云栖") == []
        assert found("瑞达") == found("shrd") == ["上海瑞达"]
        assert SearchDoc.objects.count() == 1

    def test_forgets_what_was_erased(self, make: Make) -> None:
        (group,) = make("杭州云栖")
        pk = group.pk
        group.delete()
        index.touched(Group, [pk])
        assert not SearchDoc.objects.exists()

    def test_leaves_models_that_nobody_searches(self, db: None) -> None:
        index.touched(Permission, [1])
        assert not SearchDoc.objects.exists()

    def test_takes_few_statements_for_many_records(self, make: Make, django_assert_max_num_queries: Any) -> None:
        groups = Group.objects.bulk_create([Group(name=f"公司{number}") for number in range(300)])
        with django_assert_max_num_queries(5):
            index.touched(Group, [group.pk for group in groups])
        assert len(search(Group, "公司", Group.objects.all(), limit=500)) == 300

    def test_is_rolled_back_with_the_record(self, make: Make) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make("杭州云栖")
            raise ZeroDivisionError
        assert found("云栖") == []
        make("北京云栖")
        assert found("云栖") == ["北京云栖"]


@pytest.mark.django_db
def test_a_change_set_keeps_the_index_and_the_bin_empties_it() -> None:
    registry.searchable(Department, text=lambda department: [])
    try:
        with changing("create", by=None, at=NOON, way="command") as change:
            sales = change.create(Department, name="华东销售部")
        assert search(Department, "hdxs", Department.objects.all()) == [sales.pk]
        with changing("bin", by=None, at=NOON, way="command") as change:
            change.bin(sales)
        assert not SearchDoc.objects.exists()
        with changing("restore", by=None, at=NOON, way="command") as change:
            change.restore(sales)
        assert search(Department, "华东", Department.objects.all()) == [sales.pk]
    finally:
        registry._faces.pop("access.department")


class TestRebuild:
    def test_mends_what_is_missing_wrong_or_too_much(self, make: Make) -> None:
        missing, wrong, gone = make("杭州云栖", "北京华星", "上海瑞达")
        SearchDoc.objects.filter(record_id=missing.pk).delete()
        Group.objects.filter(pk=wrong.pk).update(name="北京金星")
        Group.objects.filter(pk=gone.pk).delete()
        assert sum(index.rebuild(Group, batch=1)) == 2
        assert found("云栖") == ["杭州云栖"]
        assert found("金星") == ["北京金星"]
        assert SearchDoc.objects.count() == 2

    def test_is_a_job_and_a_command(self, make: Make) -> None:
        make()
        SearchDoc.objects.all().delete()
        enqueue("search.rebuild")
        work_off()
        job = Job.objects.get()
        assert (job.state, job.result["auth.group"], job.done) == ("done", 5, sum(job.result.values()))
        answer = StringIO()
        call_command("reindex", stdout=answer)
        assert "auth.group: 5" in answer.getvalue()
        assert len(found("云栖")) == 3


class TestRegistry:
    def test_guarded_text_needs_its_classes(self) -> None:
        with pytest.raises(ImproperlyConfigured):
            registry.searchable(Permission, text=lambda _p: [], guarded=lambda _p: [])
        with pytest.raises(ImproperlyConfigured):
            registry.searchable(Permission, text=lambda _p: [], classes=["phone"])

    def test_two_models_never_share_a_place(self, searchable_groups: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(registry, "CODES", 1)
        registry._faces["auth.group"] = registry.Face(Group, text=lambda _g: [])
        with pytest.raises(ImproperlyConfigured, match="share a place"):
            registry.searchable(Permission, text=lambda _p: [])

    def test_ids_of_models_lie_apart(self) -> None:
        face = registry.Face(Group, text=lambda _g: [])
        assert face.doc_id(7) - face.first_id == 7
        assert face.doc_ids[1] < 2**63
        assert len(face.code) == 3

    def test_unknown_models_are_refused(self) -> None:
        with pytest.raises(LookupError):
            registry.face_of(Permission)
