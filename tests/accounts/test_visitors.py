import pytest
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from guanxi.accounts.visitors import client_address, describe_agent, network_of

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36": (
        "Chrome · Windows"
    ),
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0": "Edge · Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 MicroMessenger/8.0": "WeChat · iPhone",
    "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0": "Firefox · Linux",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/17 Safari/605": "Safari · macOS",
    "curl/8": "",
    "": "",
}


@pytest.mark.parametrize(("agent", "shown"), AGENTS.items())
def test_a_browser_is_called_as_people_call_it(agent, shown):
    assert describe_agent(agent) == shown


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("", ""),
        ("nonsense", "nonsense"),
    ],
)
def test_addresses_are_counted_by_network(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
    ],
)
def test_the_address_is_seen_through_trusted_proxies_only(rf, peer, forwarded, seen):
    """As config/wsgi.py wraps the application."""
    found = []
    wrapped = wrap_wsgi_with_proxy_headers(
        lambda environ, start: found.append(client_address(rf.request(**environ))), trusted_hosts=["10.0.0.0/8"]
    )
    wrapped({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}, None)
    assert found == [seen]
