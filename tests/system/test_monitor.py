"""任务监控 and 在线会话: what runs, who is signed in, and reaching in, which is logged."""

from datetime import timedelta

import pytest

from guanxi.accounts.models import Session, User
from guanxi.accounts.sessions import fingerprint
from guanxi.history.models import ChangeSet
from guanxi.jobs.models import Job, Schedule
from tests import cast
from tests.system.company import client_of, prepare

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return prepare()


@pytest.fixture
def client(admin):
    return client_of(admin)


def job(state="failed", **fields):
    return Job.objects.create(task="retention.scan", state=state, attempts=5, **fields)


@pytest.fixture
def schedule():
    return Schedule.objects.create(name="jobs.tidy", task="jobs.tidy", every_minutes=5, next_run=cast.NOW)


class TestJobs:
    def test_the_list_says_task_state_progress_and_the_end_of_the_error(self, client, admin):
        one = job(owner=admin, error="Traceback (most recent call last):\n  File x\nOSError: disk full", note="3 / 9")
        row = client.get("/system/jobs/").content.decode().partition(f'id="row-{one.pk}"')[2].partition("</tr>")[0]
        for text in ("客户流失扫描", "失败", "3 / 9", "系统管理员", "OSError: disk full"):
            assert text in row, text
        assert "Traceback" not in row
        assert "Traceback" in client.get(f"/system/jobs/{one.pk}/tab/error/").content.decode()

    def test_a_failed_job_is_tried_again_and_that_is_logged(self, client, admin):
        one = job()
        assert client.post(f"/system/jobs/{one.pk}/retry/").status_code == 303
        one.refresh_from_db()
        assert (one.state, one.attempts) == ("queued", 0)
        act = ChangeSet.objects.get(verb="retry")
        assert (act.by, act.subject_model, act.subject_id) == (admin, "jobs.job", one.pk)

    def test_a_waiting_job_is_cancelled(self, client):
        one = job("queued")
        assert client.post(f"/system/jobs/{one.pk}/cancel/").status_code == 303
        one.refresh_from_db()
        assert one.state == "cancelled"

    @pytest.mark.parametrize(("state", "verb"), [("done", "retry"), ("queued", "retry"), ("done", "cancel")])
    def test_a_wrong_step_is_refused_with_a_sentence(self, client, state, verb):
        one = job(state)
        answer = client.post(f"/system/jobs/{one.pk}/{verb}/")
        assert answer.status_code == 422
        assert "任务" in answer.content.decode()
        one.refresh_from_db()
        assert one.state == state
        assert not ChangeSet.objects.filter(verb=verb).exists()

    def test_nobody_reaches_in_without_the_right(self):
        prepare()
        one = job()
        reader = client_of(cast.make_user("reader", "jobs.view_job"))
        assert reader.get("/system/jobs/").status_code == 200
        assert reader.post(f"/system/jobs/{one.pk}/retry/").status_code == 403
        assert client_of(cast.make_user("stranger")).get("/system/jobs/").status_code == 403


class TestSchedules:
    def test_a_schedule_runs_now_once(self, client, admin, schedule):
        url = f"/system/jobs/schedules/{schedule.pk}/run/"
        assert client.post(url).status_code == 303
        one = Job.objects.get()
        assert (one.task, one.owner, one.state) == ("jobs.tidy", admin, "queued")
        again = client.post(url)
        assert again.status_code == 422
        assert Job.objects.count() == 1
        assert ChangeSet.objects.filter(verb="run").count() == 1

    def test_a_schedule_is_switched_off_and_on(self, client, schedule):
        assert client.post(f"/system/jobs/schedules/{schedule.pk}/pause/").status_code == 303
        schedule.refresh_from_db()
        assert not schedule.enabled
        assert client.post(f"/system/jobs/schedules/{schedule.pk}/resume/").status_code == 303
        schedule.refresh_from_db()
        assert schedule.enabled
        assert schedule.next_run > cast.NOW

    def test_a_task_that_is_gone_is_refused(self, client, schedule):
        Schedule.objects.update(task="gone.task")
        assert client.post(f"/system/jobs/schedules/{schedule.pk}/run/").status_code == 422
        assert not Job.objects.exists()

    def test_nobody_switches_without_the_right(self, schedule):
        prepare()
        reader = client_of(cast.make_user("reader", "jobs.view_schedule", "jobs.run_schedule"))
        assert reader.post(f"/system/jobs/schedules/{schedule.pk}/pause/").status_code == 403
        schedule.refresh_from_db()
        assert schedule.enabled


class TestSessions:
    def test_everybodys_live_sessions_are_listed_and_one_is_ended(self, client, admin):
        user = cast.make_user("li.ming", real_name="李明")
        theirs = client_of(user)
        assert theirs.get("/").status_code == 200
        assert "李明" in client.get("/system/sessions/").content.decode()
        row = Session.objects.get(user=user)
        assert client.post(f"/system/sessions/{row.pk}/end/").status_code == 303
        assert theirs.get("/").status_code == 302
        act = ChangeSet.objects.get(verb="end")
        assert act.by == admin
        assert "李明" in act.subject

    def test_a_session_that_is_over_is_not_listed(self, client):
        user = cast.make_user("li.ming", real_name="李明")
        client_of(user)
        expired = cast.NOW - timedelta(days=1)
        Session.objects.filter(user=user).update(expires_at=expired)
        row = Session.objects.get(user=user)
        assert f'id="row-{row.pk}"' not in client.get("/system/sessions/").content.decode()

    def test_nobody_sees_or_ends_others_without_the_right(self, admin):
        client_of(admin)
        row = Session.objects.get(user=admin)
        stranger = client_of(cast.make_user("stranger"))
        assert stranger.get("/system/sessions/").status_code == 403
        assert stranger.post(f"/system/sessions/{row.pk}/end/").status_code == 403
        viewer = client_of(cast.make_user("viewer", "accounts.view_session"))
        assert viewer.post(f"/system/sessions/{row.pk}/end/").status_code == 403
        assert Session.objects.filter(pk=row.pk).exists()

    def test_whoever_sees_all_sessions_still_has_only_their_own_on_their_page(self, client, admin):
        client_of(cast.make_user("li.ming"))
        key = client.session.session_key
        page = client.get("/account/sessions/").content.decode()
        assert fingerprint(key) in page
        assert page.count("/end/") == 1


def test_the_list_of_users_says_when_they_last_signed_in(client):
    user = cast.make_user("li.ming")
    User.objects.filter(pk=user.pk).derive(last_sign_in=cast.NOW)
    assert "2026-11-23 10:30" in client.get("/system/users/").content.decode()
