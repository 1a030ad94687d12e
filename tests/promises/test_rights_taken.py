"""A right that is taken away is gone at the next request, whichever address it opened, session and token alike."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from guanxi.access.actions import bin_role, grant_role
from guanxi.access.models import MenuItem, Role
from guanxi.accounts.actions.session import end_session_of
from guanxi.accounts.actions.user import bin_user, disable_user, edit_user, remove_member, reset_password
from guanxi.accounts.models import Session
from guanxi.api.actions import revoke_token
from guanxi.api.application import all_operations
from guanxi.api.models import Token
from tests import cast
from tests.full import FULL
from tests.promises.crowd import Crowd, Person
from tests.promises.policy import ALL, AUTHORED, OWNED
from tests.promises.test_every_address import to_sign_in
from tests.promises.test_matrix import Tally, path_of, url_of

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("quiet_log")]

SAMPLE = 1 if FULL else 31
"""Every so many addresses is asked."""


def role_of(person: Person) -> Role:
    return person.user.roles.get()


def kept(role: Role) -> Any:
    return {"grants": list(role.grants.all()), "scope": role.scope, "departments": list(role.departments.all())}


def no_grants(person: Person, crowd: Crowd, change: Any) -> None:
    grant_role(role_of(person), **(kept(role_of(person)) | {"grants": MenuItem.objects.none()}), change=change)


def no_role(person: Person, crowd: Crowd, change: Any) -> None:
    remove_member(role_of(person), user=person.user, change=change)


def role_binned(person: Person, crowd: Crowd, change: Any) -> None:
    bin_role(role_of(person), change=change)


def narrowed(person: Person, crowd: Crowd, change: Any) -> None:
    grant_role(role_of(person), **(kept(role_of(person)) | {"scope": "own"}), change=change)


def other_departments(person: Person, crowd: Crowd, change: Any) -> None:
    chosen = {"departments": [crowd.departments["below"]]}
    grant_role(role_of(person), **(kept(role_of(person)) | chosen), change=change)


def leads_nobody(person: Person, crowd: Crowd, change: Any) -> None:
    edit_user(person.user, leads=[], change=change)


def moved(person: Person, crowd: Crowd, change: Any) -> None:
    edit_user(person.user, department=crowd.departments["elsewhere"], change=change)


def disabled(person: Person, crowd: Crowd, change: Any) -> None:
    disable_user(person.user, change=change)


def user_binned(person: Person, crowd: Crowd, change: Any) -> None:
    bin_user(person.user, change=change)


def session_ended(person: Person, crowd: Crowd, change: Any) -> None:
    for session in Session.objects.filter(user=person.user):
        end_session_of(session, change=change)
    for token in Token.objects.in_use().filter(user=person.user, revoked_at=None):
        revoke_token(token, change=change)


def password_reset(person: Person, crowd: Crowd, change: Any) -> None:
    reset_password(person.user, password="one-time-7431-only", change=change)


NOT_READ = {"transfer:import-start", "transfer:import-match", "transfer:import-refused", "system:changeset-undo"}
"""Pages that answer by what stands in the record, not by the right alone: the matrix has them."""

NOT_ALLOWED = 405
Way = Callable[[Person, Crowd, Any], None]
VERBS: list[Way] = [no_grants, no_role, role_binned][: None if FULL else 1]
"""What takes a verb away: 403."""
OUT: list[Way] = [disabled, session_ended, user_binned, password_reset][: None if FULL else 2]
"""What puts somebody out: led to the door, 401; who must choose a password is refused as a program."""
ROWS: list[tuple[Way, str, str]] = [
    (narrowed, "all", "elsewhere"),
    (narrowed, "branch", "below"),
    (leads_nobody, "reports", "below led"),
    (moved, "department", "colleague"),
    (other_departments, "custom", "chosen"),
][: None if FULL else 1]
"""What takes rows away: how, from whom, and which: 404."""


def asked(person: Person, crowd: Crowd, case: str) -> Iterator[tuple[str, Any, Callable[[], Any], bool]]:
    """Every page and operation that the person may open: name, model, how to ask, whether a program asks."""
    for address in ALL:
        if not address.permissions or address.name in NOT_READ or address.name.endswith(("-columns", "-restore")):
            continue
        url = url_of(address, crowd.there(address.model, case))
        about = address.model if "pk" in address.names else None
        yield address.name, about, lambda u=url: opened(person.client, u), False
    for operation in all_operations():
        model = operation.door.resource.model
        path = path_of(operation, crowd.there(model, case))
        about = model if "{int:pk}" in path or "{int:pk}" in operation.path else None
        yield operation.key, about, lambda o=operation, p=path: person.program.ask(o.method, p, {}, If_Match="*"), True


def opened(client: Any, url: str) -> Any:
    """The answer to whoever reads, or sends where nothing is to be read."""
    answer = client.get(url)
    return client.post(url) if answer.status_code == NOT_ALLOWED else answer


def walk(crowd: Crowd, name: str, case: str, way: Way, fits: Callable[[Any, bool], bool], *, rows: bool) -> Tally:
    """Ask each address, take the right away, ask again; take all of it back for the next one."""
    person, tally = crowd.join(name, records=False), Tally()
    cookies = copy.deepcopy(person.client.cookies)
    places = asked(person, crowd, case)
    chosen = [one for one in places if not rows or one[1] in OWNED or (one[1] in AUTHORED and case == "elsewhere")]
    for label, _model, ask, program in chosen[:: SAMPLE if len(chosen) > SAMPLE else 1]:
        with transaction.atomic():
            with transaction.atomic():
                before = ask()
                if before.streaming:
                    assert b"".join(before.streaming_content)
                transaction.set_rollback(True)
            person.client.cookies = copy.deepcopy(cookies)
            with cast.change(by=crowd.owners["elsewhere"]) as change:
                way(person, crowd, change)
            after = ask()
            transaction.set_rollback(True)
        person.client.cookies = copy.deepcopy(cookies)
        tally.cells += 2
        if before.status_code in {401, 403} or to_sign_in(before) or not fits(after, program):
            tally.leaks.append(f"{way.__name__} {label}: {before.status_code}, then {after.status_code}")
    return tally


@pytest.mark.parametrize("way", VERBS, ids=lambda way: way.__name__)
def test_a_verb_is_gone(crowd, way, record_property):
    walk(crowd, "all", "elsewhere", way, lambda answer, _: answer.status_code == 403, rows=False).tell(record_property)


@pytest.mark.parametrize("way", OUT, ids=lambda way: way.__name__)
def test_whoever_is_put_out_is_out(crowd, way, record_property):
    def fits(answer: Any, program: bool) -> bool:
        refused = 403 if way is password_reset else 401
        return answer.status_code == refused if program else to_sign_in(answer)

    walk(crowd, "all", "elsewhere", way, fits, rows=False).tell(record_property)


@pytest.mark.parametrize(("way", "scope", "case"), ROWS, ids=[f"{way.__name__}-{scope}" for way, scope, _case in ROWS])
def test_rows_are_gone(crowd, way, scope, case, record_property):
    walk(crowd, scope, case, way, lambda answer, _: answer.status_code == 404, rows=True).tell(record_property)
