"""Every answer carries the safe headers, whoever made it: a page, a refusal, a file, a fault, the API."""

import os
import subprocess
import sys

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.staticfiles import finders
from django.test import Client

from guanxi.config import settings as shipped
from tests import cast

pytestmark = pytest.mark.django_db

YEAR = "max-age=31536000; includeSubDomains"
POLICY = ("default-src 'none'", "script-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")
SCRIPT = "guanxi/crm.js"


def signed_in(*permissions: str, **fields):
    client = Client(raise_request_exception=False)
    client.force_login(cast.make_user("li", *permissions, **fields))
    return client


def read(answer):
    """An answer whose file is read."""
    if answer.streaming:
        list(answer.streaming_content)
    return answer


@pytest.fixture
def answers():
    """One answer of each kind, by its name."""
    li, stranger = signed_in("customers.view_customer", "customers.export_customer"), Client()
    found = {
        "page": li.get("/customers/"),
        "file": li.post("/customers/export/", {"format": "csv"}),
        "refusal": li.get("/system/users/"),
        "missing page": li.get("/nothing/here/"),
        "missing record": li.get("/customers/1/"),
        "door": stranger.get("/login/"),
        "way to the door": stranger.get("/customers/"),
        "other method": li.get("/customers/export/"),
        "unknown host": stranger.get("/login/", headers={"Host": "evil.example"}),
        "body too large": stranger.post("/login/", CONTENT_LENGTH="300000000"),
        "static file": stranger.head(f"/static/{SCRIPT}"),
        "refused program": stranger.get("/api/customers/"),
        "description": stranger.get("/api/openapi.json"),
    }
    return {name: read(answer) for name, answer in found.items()}


def test_the_answers_are_of_the_kinds_that_they_are_called(answers):
    assert finders.find(SCRIPT)
    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == {
        **dict.fromkeys(("page", "file", "door", "static file", "description"), 200),
        "way to the door": 302,
        "unknown host": 400,
        "refused program": 401,
        "refusal": 403,
        "missing page": 404,
        "missing record": 404,
        "other method": 405,
        "body too large": 413,
    }


@pytest.mark.parametrize("part", POLICY)
def test_the_content_policy_is_strict_on_every_answer(answers, part):
    for name, answer in answers.items():
        assert part in answer.headers.get("Content-Security-Policy", "").split("; "), name
        assert "unsafe" not in answer["Content-Security-Policy"], name


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_every_answer_carries_the_safe_headers(answers, header, value):
    for name, answer in answers.items():
        assert answer.headers.get(header) == value, name


def test_what_is_about_people_is_kept_by_no_cache(answers):
    for name, answer in answers.items():
        if name != "static file":
            assert "no-store" in answer.headers.get("Cache-Control", ""), name


def test_nothing_is_shared_with_other_sites(answers):
    for name, answer in answers.items():
        assert not [header for header in answer.headers if header.lower().startswith("access-control-")], name


def test_by_https_browsers_remember_it_for_a_year(settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31536000, True
    for address in ("/login/", "/nothing/here/", f"/static/{SCRIPT}", "/api/customers/"):
        bound, free = Client().head(address, secure=True), Client().head(address)
        assert bound.headers.get("Strict-Transport-Security") == YEAR, address
        assert "Strict-Transport-Security" not in free.headers, "nobody is bound who came by http"


def test_cookies_are_for_this_site_alone_and_not_for_scripts(client, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    cast.make_user("zhang", password=make_password("pwd"))
    page = client.get("/login/")
    door = client.post("/login/", {"username": "zhang", "password": "pwd", "remember": "on"})
    assert door.status_code == 303, "signed in"
    cookies = [*page.cookies.values(), *door.cookies.values()]
    assert {one.key for one in cookies} >= {"csrftoken", "sessionid", "guanxi_device"}
    for one in cookies:
        assert one["samesite"] == "Lax", one.key
        assert one["secure"], one.key
        assert one["httponly"], one.key


def test_looks_are_kept_for_this_site_alone_too(client, settings):
    """Scripts read these two: they say how things look, and nothing else."""
    settings.SESSION_COOKIE_SECURE, settings.COOKIE_PREFIX = True, "__Host-"
    person = cast.make_user("zhang", password=make_password("pwd"), theme="dark", density="compact")
    door = client.post("/login/", {"username": "zhang", "password": "pwd"})
    kept = {name: one for name, one in door.cookies.items() if not one["httponly"]}
    assert {name: one.value for name, one in kept.items()} == {
        "__Host-guanxi_theme": "dark",
        "__Host-guanxi_density": "compact",
    }
    forgotten = client.post("/account/profile/", {"real_name": person.real_name, "theme": "", "density": ""}).cookies
    for one in [*kept.values(), *(forgotten[name] for name in kept)]:
        assert (one["samesite"], one["secure"], one["path"], one["domain"]) == ("Lax", True, "/", ""), one.key
    assert {forgotten[name]["max-age"] for name in kept} == {0}


def test_by_https_no_neighbour_plants_our_cookies(tmp_path):
    """The names are those of the shipped settings: `__Host-` binds them to this host, by https alone."""
    script = (
        "from guanxi.config import settings as one;"
        "print(one.SESSION_COOKIE_NAME, one.CSRF_COOKIE_NAME, one.LANGUAGE_COOKIE_NAME, one.SESSION_COOKIE_SECURE)"
    )
    for url, told in (
        ("https://crm.example.com", "__Host-sessionid __Host-csrftoken __Host-django_language True"),
        ("http://crm.example.com", "sessionid csrftoken django_language False"),
    ):
        environment = {"PATH": os.environ["PATH"], "GUANXI_DATA": str(tmp_path), "GUANXI_PUBLIC_URL": url}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == told


def test_every_answer_says_what_it_is(answers):
    for name, answer in answers.items():
        kind = answer.headers.get("Content-Type", "")
        assert kind or not answer.content, name
        assert not kind.startswith("text/") or "charset=utf-8" in kind.replace('"', ""), name


def test_the_shipped_settings_follow_https():
    kept = (shipped.SESSION_COOKIE_HTTPONLY, shipped.CSRF_COOKIE_HTTPONLY, shipped.SESSION_COOKIE_SAMESITE)
    assert kept == (True, True, "Lax")
    assert shipped.SECURE_REDIRECT_EXEMPT == [r"^healthz$"]
