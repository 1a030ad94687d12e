"""What the standard asks of all of it at once, and that `docs/asvs.md` answers every requirement, in its order."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from guanxi.accounts.sessions import SessionStore
from tests import cast

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = sorted((ROOT / "guanxi" / "web" / "static" / "guanxi").glob("*.js"))
TEMPLATES = sorted((ROOT / "guanxi").glob("*/templates/**/*.html"))
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
LEVEL_1 = """
1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.5.3
4.1.1 4.4.1 5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2
7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 10.4.1 10.4.2 10.4.3 10.4.4 10.4.5
11.3.1 11.3.2 11.4.1 12.1.1 12.2.1 12.2.2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1
""".split()  # noqa: SIM905 - as a list it has a line for each
"""All seventy of ASVS 5.0.0."""
LEVEL_2 = """
2.1.2 2.1.3 2.2.3 2.3.2 2.3.3 2.3.4 2.4.1 5.1.1 5.2.3 5.4.1 5.4.2 5.4.3
7.1.1 7.1.2 7.1.3 7.3.1 7.3.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2 8.1.2 8.2.3 8.4.1
""".split()  # noqa: SIM905 - the same
"""Those about business logic, files, sessions and authorization."""
MARKUP = re.compile(r"\.(?:inner|outer)HTML\s*\+?=|insertAdjacentHTML|document\.write|\.srcdoc")
OWN_MARKUP = {
    "crm.js": "box.innerHTML = html;",
    "lines.js": 'place.insertAdjacentHTML("beforeend", $("template", lines)',
}
"""A fragment of the server's, which escaped it; and the page's own empty line of an order."""


def number(requirement: str) -> tuple[int, ...]:
    return tuple(map(int, requirement.split(".")))


def test_every_requirement_is_answered_once_and_in_order():
    assert len(LEVEL_1) == 70
    rows = ROW.findall((ROOT / "docs" / "asvs.md").read_text("utf-8"))
    assert [one for one, _asked, _answer in rows] == sorted([*LEVEL_1, *LEVEL_2], key=number)
    assert all(
        len(answer) > 20 or answer.startswith("see ") or "none" in answer or "proxy" in answer for *_, answer in rows
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
class TestScripts:
    """Our own, that is: libraries come from the lock."""

    def test_runs_no_text(self, script):
        assert not re.search(
            r"\beval\(|new Function|setTimeout\(\s*[\"'`]|\.on\w+\s*=\s*[\"'`]", script.read_text("utf-8")
        )

    def test_makes_no_markup_of_text(self, script):
        lines = [line.strip() for line in script.read_text("utf-8").splitlines() if MARKUP.search(line)]
        assert all(line.startswith(OWN_MARKUP.get(script.name, "nothing")) for line in lines), lines

    def test_keeps_nothing_in_the_browser(self, script):
        assert not re.search(r"localStorage|sessionStorage|indexedDB|caches\.open", script.read_text("utf-8"))

    def test_lets_people_paste(self, script):
        assert "paste" not in script.read_text("utf-8")


def test_passwords_are_masked_and_managers_may_fill_them():
    fields = [
        tag
        for path in TEMPLATES
        for tag in re.findall(r"<input\b[^>]*type=\"password\"[^>]*>", path.read_text("utf-8"))
    ]
    assert len(fields) >= 3
    assert all(re.search(r'autocomplete="(?:current|new)-password"', tag) for tag in fields), fields
    for path in TEMPLATES:
        named = re.findall(r"<input\b[^>]*name=\"(?:password|old|new|confirm|proof)\"[^>]*>", path.read_text("utf-8"))
        assert all('type="password"' in tag for tag in named), path


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [" Leading-blank-1", "trailing-blank-1 ", "大写与Ａ全角一二三四五六", "x" * 128])
def test_a_password_is_checked_as_it_was_typed(typed):
    cast.make_user("li", password=make_password(typed))
    for wrong in (typed.strip() + "!", typed.swapcase() + "?", typed[:-1]):
        assert Client().post("/login/", {"username": "li", "password": wrong}).status_code == 422
    assert Client().post("/login/", {"username": "li", "password": typed}).status_code == 303


@pytest.mark.django_db
def test_keys_of_sessions_cannot_be_guessed():
    keys = set()
    for _number in range(50):
        store = SessionStore()
        store.create()
        keys.add(store.session_key)
    assert len(keys) == 50
    assert all(re.fullmatch(r"[a-z0-9]{32}", key) for key in keys), "32 signs of 36: 165 bits"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "inside", [".git/config", "guanxi/config/settings.py", "data/secret_key", "pyproject.toml", ".env"]
)
def test_nothing_of_the_sources_is_served(inside):
    client = Client()
    client.force_login(cast.make_user("li", holds_all=True))
    for address in (f"/{inside}", f"/static/{inside}", f"/static/../{inside}", f"/static/..%2f{inside}"):
        assert client.get(address).status_code == 404, address


@pytest.mark.django_db
def test_no_secret_is_taken_from_an_address():
    cast.make_user("li", password=make_password("correct-horse-9"))
    client = Client()
    assert client.get("/login/?username=li&password=correct-horse-9").status_code == 200
    assert client.post("/login/?username=li&password=correct-horse-9").status_code == 422
    assert client.get("/customers/").status_code == 302
    for name in ("access_token", "token", "Authorization"):
        assert client.get(f"/api/customers/?{name}=gx_x").status_code == 401
