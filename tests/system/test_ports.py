import socket

import pytest

from guanxi.kernel.rules import RuleBroken
from guanxi.system import ports


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_wanted_port_is_taken_or_refused(taken):
    with pytest.raises(RuleBroken, match=str(taken)):
        ports.choose_port("127.0.0.1", taken)


def test_next_free_port_is_found_when_none_is_wanted(taken, monkeypatch):
    monkeypatch.setattr(ports, "FIRST_PORT", taken)
    assert taken < ports.choose_port("127.0.0.1", None) < taken + ports.TRIES


def test_when_all_are_taken_it_says_so(taken, monkeypatch):
    monkeypatch.setattr(ports, "FIRST_PORT", taken)
    monkeypatch.setattr(ports, "TRIES", 1)
    with pytest.raises(RuleBroken, match="PORT"):
        ports.choose_port("127.0.0.1", None)
