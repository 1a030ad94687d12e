import re
import signal
import socket
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.house import House, Server

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
}

pytestmark = pytest.mark.long


@pytest.fixture
def server(house: House) -> Iterator[Server]:
    server = house.start()
    try:
        yield server.wait()
    finally:
        server.end()


def _static_file(house: House) -> str:
    """A collected file under its hashed name."""
    hashed = (path for path in (house.folder / "static").rglob("*.js") if re.search(r"\.[0-9a-f]{12}\.", path.name))
    return f"/static/{next(hashed).relative_to(house.folder / 'static').as_posix()}"


def _assert_safe(answer) -> None:
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert re.fullmatch(r"[0-9a-f]{12}", answer.headers["X-Request-ID"])


def test_every_answer_is_safe_and_sigterm_stops_the_whole_tree(server):
    page, missing = server.ask("/healthz"), server.ask("/nothing/here/")
    stranger = server.ask("/healthz/", Host="evil.example")
    static = server.ask(_static_file(server.house))
    assert (page.status, missing.status, stranger.status, static.status) == (200, 404, 400, 200)
    for answer in (page, missing, stranger, static):
        _assert_safe(answer)
    for answer in (page, missing, stranger):
        assert answer.headers["Cache-Control"] == "no-store"
    assert "immutable" in static.headers["Cache-Control"]
    assert missing.headers["X-Request-ID"] in server.log.read_text()

    tree = server.tree()
    assert len(tree) >= 3
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(20) == 0
    assert psutil.wait_procs(tree, timeout=1)[1] == []


@pytest.mark.once
def test_ctrl_c_stops_cleanly(house):
    server = house.start().wait()
    tree = server.tree()
    for process in tree:  # a terminal tells them all
        process.send_signal(signal.SIGINT)
    assert server.process.wait(20) == 0
    assert psutil.wait_procs(tree, timeout=1)[1] == []
    assert "Traceback" not in server.log.read_text()


def test_kill_9_of_the_parent_leaves_nobody_and_the_house_can_be_entered_again(house):
    server = house.start().wait()
    tree = server.tree()
    server.process.kill()
    assert psutil.wait_procs(tree, timeout=10)[1] == []
    again = house.start().wait()
    again.end()


@pytest.mark.once
def test_worker_or_jobs_that_die_are_replaced(server):
    before = {process.pid for process in server.tree()[1:]}
    for process in server.tree()[1:]:
        process.kill()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        alive = {process.pid for process in server.tree()[1:] if process.status() != psutil.STATUS_ZOMBIE}
        if len(alive) == len(before) and not alive & before:
            break
        time.sleep(0.1)
    assert server.wait().ask("/healthz").status == 200


@pytest.mark.sqlite
def test_second_server_on_one_sqlite_database_is_refused(server):
    second = House(server.house.folder).command("run")
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert "Traceback" not in second.stderr
    restoring = server.house.command("restore", str(server.house.folder / "guanxi.sqlite3"))
    assert "already running" in restoring.stderr


@pytest.mark.once
def test_port_that_was_asked_for_and_is_taken_is_refused(house):
    with socket.socket() as other:
        other.bind(("127.0.0.1", house.port))
        other.listen()
        refused = house.command("run")
    assert refused.returncode == 1
    assert f"Port {house.port}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_new_house_is_made_ready_and_admits_somebody(new_house):
    server = new_house.start().wait()
    server.end()
    log = server.log.read_text()
    assert "Creating the database" in log
    assert f"http://127.0.0.1:{new_house.port}/" in log
    assert not (new_house.folder / "backups").exists()
    again = new_house.start().wait()
    again.end()
    assert server.log.read_text().count("Creating the database") == 1
    assert server.log.read_text().count("Administrator: admin") == 1
    assert len(re.findall(r"Password, shown this once: [a-z2-9-]{19}\n", server.log.read_text())) == 1


@pytest.mark.once
def test_https_redirects_and_is_remembered_behind_a_trusted_proxy_only(house):
    house.variables |= {"GUANXI_HTTPS": "1", "GUANXI_TRUSTED_PROXIES": "127.0.0.1"}
    server = house.start().wait()
    try:
        plain = server.ask("/nothing")
        stranger = server.ask("/nothing", Host="evil.example")
        secure = server.ask("/nothing", **{"X-Forwarded-For": "10.1.1.1", "X-Forwarded-Proto": "https"})
    finally:
        server.end()
    assert (plain.status, stranger.status, secure.status) == (301, 400, 404)
    assert plain.headers["Location"].startswith("https://")
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]
    for answer in (plain, stranger, secure):
        _assert_safe(answer)


@pytest.mark.once
def test_forwarded_scheme_of_a_stranger_is_not_believed(house):
    house.variables |= {"GUANXI_HTTPS": "1"}
    server = house.start().wait()
    try:
        answer = server.ask("/nothing", **{"X-Forwarded-For": "10.1.1.1", "X-Forwarded-Proto": "https"})
    finally:
        server.end()
    assert answer.status == 301


@pytest.mark.once
def test_check_is_clean_for_the_open_network(house):
    house.variables |= {"GUANXI_HTTPS": "1"}
    done = house.command("check", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.once
def test_demo_company_says_at_every_start_who_can_sign_in(new_house):
    filled = new_house.command("demo", "--share", "0.01")
    assert filled.returncode == 0, filled.stderr
    server = new_house.start("--demo").wait()
    server.end()
    log = server.log.read_text()
    assert "wangruoxi" in log
    assert log.index("guanxi-demo") < log.index(f"http://127.0.0.1:{new_house.port}/")
    assert "years" not in log
    refused = new_house.command("demo")
    assert refused.returncode == 1
    assert "has users already" in refused.stderr
    assert "Traceback" not in refused.stderr
