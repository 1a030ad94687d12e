"""Step-up: the gravest steps ask again who it is, and nothing typed is lost."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from guanxi.access.models import Role
from guanxi.accounts.models import Session, SignIn, User
from guanxi.web.acts import require_proof
from guanxi.web.registry import all_resources
from tests.system.company import nodes, prepare
from tests.system.door import PASSWORD, code_of, guard_by_codes, knock, make_person, wait_long

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
EN = {"Accept-Language": "en"}
PROFILE = "/account/profile/"


def export(request):
    """An export as it will ask: by one line, before anything is read."""
    require_proof(request)
    return HttpResponse("rows")


urlpatterns = [path("export/", export, name="export"), path("", include("guanxi.config.urls"))]


@pytest.fixture
def admin():
    prepare()
    return make_person("boss", holds_all=True)


@pytest.fixture
def seller():
    return make_person("seller", "customers.view_customer")


@pytest.fixture
def late(admin):
    """An administrator whose sign-in is a quarter of an hour and more ago."""
    client = Client(headers=EN)
    knock(client, "boss")
    wait_long(admin)
    return client


def text_of(answer):
    return html.unescape(answer.content.decode())


def carried(answer):
    """What the page would send on, as a browser reads it."""
    form = text_of(answer).partition('<form class="card form-page"')[2].partition("</form>")[0]
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
    sent = {name: [value for key, value in pairs if key == name] for name, _value in pairs}
    assert sent.pop("csrfmiddlewaretoken")
    return sent


def go_on(client, answer, proof=PASSWORD):
    """Fill the page in and send it."""
    action = re.search(r'<form class="card form-page" method="post" action="([^"]*)"', text_of(answer))[1]
    return client.post(action, carried(answer) | {"proof": proof})


def grave_forms(seller):
    """The steps that ask again, each with what one types there."""
    role = seller.roles.get()
    user = {"real_name": "新名", "roles": [role.pk], "leads": [], "username": "neu"}
    return {
        "reset a password": (f"/system/users/{seller.pk}/reset/", {}),
        "reset a second factor": (f"/system/users/{seller.pk}/unbind/", {}),
        "create a user": ("/system/users/new/", user),
        "change a user's roles": (f"/system/users/{seller.pk}/edit/", user),
        "disable": (f"/system/users/{seller.pk}/disable/", {}),
        "change what a role requires": (f"/system/roles/{role.pk}/edit/", {"name": role.name, "second_factor": "on"}),
        "copy a role": (f"/system/roles/{role.pk}/copy/", {"name": "副本"}),
        "add a member": (f"/system/roles/{role.pk}/add/", {"user": User.objects.get(username="boss").pk}),
        "remove a member": (f"/system/roles/{role.pk}/remove/", {"user": seller.pk}),
        "change grants and scope": (
            f"/system/roles/{role.pk}/grant/",
            {"scope": "all", "grants": nodes("customers.edit_customer"), "confirmed": "1"},
        ),
        "delete a role": (f"/system/roles/{role.pk}/bin/", {}),
    }


STEPS = [
    "reset a password",
    "reset a second factor",
    "create a user",
    "change a user's roles",
    "disable",
    "change what a role requires",
    "copy a role",
    "add a member",
    "remove a member",
    "change grants and scope",
    "delete a role",
]


def standing():
    """Every row that these steps could change."""
    return [list(model.objects.order_by("pk").values()) for model in (User, Role)] + [
        list(Role.grants.through.objects.values()),
        list(User.roles.through.objects.values()),
    ]


class TestGraveSteps:
    def test_the_list_is_that_of_the_forms(self, admin, seller):
        assert list(grave_forms(seller)) == STEPS

    @pytest.mark.parametrize("step", STEPS)
    def test_nothing_happens_before_the_proof_and_all_of_it_after(self, late, seller, step):
        if step == "reset a second factor":
            guard_by_codes(seller)
        url, typed = grave_forms(seller)[step]
        before = standing()
        asked = late.post(url, typed)
        assert asked.status_code == 401
        assert "Confirm that it is you" in text_of(asked)
        assert standing() == before
        kept = {name: values if isinstance(values, list) else [values] for name, values in typed.items()}
        assert carried(asked) == {name: [str(one) for one in values] for name, values in kept.items() if values}
        refused = go_on(late, asked, "wrong")
        assert refused.status_code == 401
        assert "That is not right. 9 more tries." in text_of(refused)
        assert carried(refused) == carried(asked)
        assert standing() == before
        assert go_on(late, refused).status_code in {200, 303}
        assert standing() != before

    @pytest.mark.parametrize("step", STEPS)
    def test_htmx_gets_a_small_form_and_sends_the_same_again(self, late, seller, step):
        if step == "reset a second factor":
            guard_by_codes(seller)
        url, typed = grave_forms(seller)[step]
        before = standing()
        asked = late.post(url, typed, headers=HTMX)
        assert asked.status_code == 401
        assert "<html" not in text_of(asked)
        assert 'action="/account/prove/"' in text_of(asked)
        proved = late.post("/account/prove/", {"proof": PASSWORD}, headers=HTMX)
        assert (proved.status_code, bool(proved["X-CSRFToken"])) == (204, True)
        assert proved["X-Signed-In"] == str(User.objects.get(username="boss").pk)
        assert late.post(url, typed, headers=HTMX).status_code in {200, 204}
        assert standing() != before

    def test_looking_asks_for_nothing(self, late, seller):
        for url, _typed in grave_forms(seller).values():
            assert late.get(url).status_code in {200, 302}, url

    def test_without_the_right_nobody_is_asked(self, admin, seller):
        client = Client()
        knock(client, "seller")
        wait_long(seller)
        for url, _typed in grave_forms(seller).values():
            assert client.post(url).status_code == 403, url

    def test_every_verb_that_asks_exists(self):
        for resource in all_resources:
            assert resource.proved <= resource.verbs().keys() | {"grant"}, resource.key


class TestTheProof:
    def test_it_holds_for_a_quarter_of_an_hour_in_this_session_alone(self, late, admin, seller):
        url = f"/system/users/{seller.pk}/reset/"
        there = Client()
        knock(there, "boss")
        wait_long(admin)
        began = timezone.now()
        late.post("/account/prove/", {"proof": PASSWORD}, headers=HTMX)
        assert there.post(url).status_code == 401
        with time_machine.travel(began + timedelta(minutes=14), tick=False):
            assert late.post(url).status_code == 200
        with time_machine.travel(began + timedelta(minutes=16), tick=False):
            assert late.post(url).status_code == 401

    def test_a_two_factor_code_is_one_too_and_a_used_one_is_not(self, late, admin):
        guard_by_codes(admin)
        text = text_of(late.post("/account/prove/", headers=HTMX))
        assert "Password or two-factor code" in text
        code = code_of()
        assert late.post("/account/prove/", {"proof": code}, headers=HTMX).status_code == 204
        wait_long(admin)
        assert late.post("/account/prove/", {"proof": code}, headers=HTMX).status_code == 401

    def test_it_cannot_be_guessed_by_any_of_its_ways(self, late, seller):
        url = f"/system/users/{seller.pk}/reset/"
        with time_machine.travel(timezone.now(), tick=False):
            for number in range(5):
                late.post(url if number % 2 else "/account/prove/", {"proof": f"guess-{number}"})
            answer = late.post(url, {"proof": PASSWORD})
        assert answer.status_code == 401
        assert "Wait 2 seconds" in text_of(answer)
        assert SignIn.objects.filter(outcome="proof").count() == 5
        assert seller.password == User.objects.get(pk=seller.pk).password

    def test_it_does_not_lead_off_the_site(self, late):
        for target in ["https://evil.example/", "//evil.example/"]:
            assert late.post("/account/prove/", {"proof": PASSWORD, "next": target})["Location"] == "/"
            assert late.get("/account/prove/", {"next": target})["Location"] == "/"

    def test_the_page_never_says_back_what_was_typed(self, late):
        answer = late.post("/account/prove/", {"proof": "my-secret-guess"})
        assert "my-secret-guess" not in text_of(answer)

    def test_a_forged_form_is_refused(self, admin):
        client = Client(enforce_csrf_checks=True)
        client.force_login(admin)
        wait_long(admin)
        assert client.post("/account/prove/", {"proof": PASSWORD}).status_code == 403
        assert Session.objects.get().proved_at < timezone.now() - timedelta(minutes=15)

    def test_a_changed_password_is_a_proof(self, late):
        new = "another-good-sentence-8"
        assert late.post("/account/password/", {"old": PASSWORD, "new": new, "confirm": new}).status_code == 303
        assert Session.objects.get().proved_at > timezone.now() - timedelta(minutes=1)


class TestTheOwnEmail:
    def typed(self, **more):
        return {"real_name": "boss", "email": "", "phone": "", "shortcuts": "on"} | more

    def test_another_one_asks_and_carries_on(self, late, admin):
        asked = late.post(PROFILE, self.typed(email="new@example.com", real_name="新名"))
        assert asked.status_code == 401
        admin.refresh_from_db()
        assert (admin.email, admin.real_name) == ("", "boss")
        assert go_on(late, asked).status_code == 303
        admin.refresh_from_db()
        assert (admin.email, admin.real_name) == ("new@example.com", "新名")

    def test_the_rest_of_the_profile_does_not(self, late, admin):
        assert late.post(PROFILE, self.typed(real_name="新名")).status_code == 303
        admin.refresh_from_db()
        assert admin.real_name == "新名"

    def test_what_is_wrong_is_said_before_anybody_is_asked(self, late):
        assert late.post(PROFILE, self.typed(email="no address")).status_code == 422


@pytest.mark.urls("tests.system.test_proving")
class TestExports:
    def test_a_link_asks_and_leads_to_what_was_asked_for(self, late):
        asked = late.get("/export/?level=3&sort=-name")
        assert asked.status_code == 401
        assert carried(asked) == {"next": ["/export/?level=3&sort=-name"]}
        answer = go_on(late, asked)
        assert (answer.status_code, answer["Location"]) == (303, "/export/?level=3&sort=-name")
        assert late.get(answer["Location"]).content == b"rows"

    def test_a_form_asks_and_carries_on(self, late):
        asked = late.post("/export/", {"id": ["1", "2"]})
        assert carried(asked) == {"id": ["1", "2"]}
        assert go_on(late, asked).content == b"rows"

    def test_a_page_that_a_download_leaves_standing_does_not_wait_and_leads_back(self, late):
        text = text_of(late.post("/export/", {"id": ["1"]}))
        assert " data-download" in text.partition('action="/export/"')[2].partition(">")[0]
        assert ">Back</a>" in text

    def test_it_is_said_in_both_languages(self, late):
        assert "请确认是您本人" in text_of(late.get("/export/", headers={"Accept-Language": "zh-CN"}))
        assert "Confirm that it is you" in text_of(late.get("/export/"))


def test_who_signed_in_just_now_is_not_asked(admin, seller):
    client = Client()
    knock(client, "boss")
    assert client.post(f"/system/users/{seller.pk}/reset/").status_code == 200
