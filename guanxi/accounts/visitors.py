"""Where a request comes from, and with which browser."""

import ipaddress

from django.http import HttpRequest

BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ Browser"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
IPV6_NETWORK = 64
"""One customer of a provider has at least so large a network to themselves."""


def client_address(request: HttpRequest) -> str:
    """The client's address: the server's edge (config/wsgi.py) has already looked through trusted proxies."""
    return str(request.META.get("REMOTE_ADDR") or "")[:45]


def client_agent(request: HttpRequest) -> str:
    """What the browser calls itself."""
    return str(request.META.get("HTTP_USER_AGENT") or "").replace("\0", "")[:300]


def network_of(address: str) -> str:
    """What is counted as one address: an IPv4 address, or the network of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False))


def describe_agent(agent: str) -> str:
    """Browser and system as people call them, such as `Chrome · Windows`; empty if neither is known."""
    known = (next((name for mark, name in table if mark in agent), "") for table in (BROWSERS, SYSTEMS))
    return " · ".join(name for name in known if name)
