"""The suite itself: it stays on this machine."""

import socket

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("10.0.0.1", 443)])
def test_no_test_leaves_the_machine(address: tuple[str, int]) -> None:
    with socket.socket() as connection, pytest.raises(RuntimeError, match="loopback only"):
        connection.connect(address)


def test_no_test_looks_up_a_name() -> None:
    with pytest.raises(RuntimeError, match="loopback only"):
        socket.getaddrinfo("example.com", 80)
