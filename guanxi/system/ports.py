"""Which port the server listens on."""

import socket

from django.utils.translation import gettext as _

from guanxi.kernel.rules import RuleBroken

FIRST_PORT = 8000
TRIES = 50


def choose_port(address: str, wanted: int | None) -> int:
    """Return the wanted port, or the first free one from 8000 when none is wanted; RuleBroken when there is none."""
    candidates = [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + TRIES)
    for port in candidates:
        if is_free(address, port):
            return port
    if wanted:
        text = _("Port %(port)s on %(address)s is taken. Stop what uses it, or set PORT to another number.")
        raise RuleBroken(text % {"port": wanted, "address": address})
    text = _("No port from %(first)s to %(last)s is free on %(address)s. Set PORT to a free one.")
    raise RuleBroken(text % {"first": FIRST_PORT, "last": FIRST_PORT + TRIES - 1, "address": address})


def is_free(address: str, port: int) -> bool:
    """Tell whether one can listen there; RuleBroken when the address or the port can never be used."""
    try:
        family, kind, protocol, _name, target = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(target)
    except PermissionError:
        raise RuleBroken(_("Port %(port)s needs more rights than this user has.") % {"port": port}) from None
    except socket.gaierror:
        raise RuleBroken(_("“%(address)s” is not an address of this machine.") % {"address": address}) from None
    except OSError:
        return False
    return True
