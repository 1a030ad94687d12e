"""What is asked of each page, and how long servers and their processors take over it."""

import re
import secrets
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench import servers
from bench.client import Browser
from bench.databases import ROOT, Company

WARMING = 4
PAGES = {"all": 400, "reports": 40}
"""The numbered page that is asked for: of ten thousand customers a head of a department sees twelve hundred."""

Ask = Callable[[], float]
"""One request; returns the milliseconds that it took."""


@dataclass
class Timing:
    """What several rounds took, in milliseconds."""

    answers: list[float] = field(default_factory=list)
    rounds: list[float] = field(default_factory=list)

    @property
    def answer(self) -> float:
        """The median time to the whole answer."""
        return statistics.median(self.answers)

    @property
    def processor(self) -> float:
        """The mean of the server's processor time for one request, which the kernel counts in hundredths of a second."""
        return statistics.mean(self.rounds)


@dataclass
class Figures:
    """What one run measured on one kind of database."""

    kind: str
    sizes: Sequence[int]
    timings: dict[tuple[str, str, int], Timing] = field(default_factory=dict)
    """(page, person, size) → times; the floor's person is empty."""
    bytes_of: dict[str, int] = field(default_factory=dict)
    counted: dict[tuple[str, int], float] = field(default_factory=dict)
    """(report, size) → the seconds of a job that counts it."""
    seconds_to_start: float = 0.0
    memory: float = 0.0

    def timing(self, page: str, person: str, size: int) -> Timing:
        """The times of one page, begun when asked for first."""
        return self.timings.setdefault((page, person, size), Timing())


@dataclass(frozen=True)
class Asked:
    """One kind of request to one running server."""

    server: servers.Server
    ask: Ask
    timing: Timing


def measure(companies: Sequence[Company], known: Sequence[dict[str, Any]], *, rounds: int, requests: int) -> Figures:
    """Measure every page on all companies of one kind of database, in turn, beside the floor on the first."""
    figures = Figures(companies[0].kind, [company.size for company in companies])
    with ExitStack() as stack:
        running = [stack.enter_context(servers.guanxi(company, "--job-threads", "0")) for company in companies]
        for asked in _every_page(stack, companies, running, known, figures):
            _take_turns(asked, rounds, requests)
    for company, one in zip(companies, known, strict=True):
        figures.counted |= {(name, company.size): seconds for name, seconds in one["counted"].items()}
    figures.seconds_to_start, figures.memory = _start(companies[-1], known[-1])
    return figures


def pages_of(known: dict[str, Any], person: str) -> dict[str, str]:
    """The addresses to get, by what the table calls them."""
    mine, listed = known["people"][person], known["addresses"]["list"]
    return {
        "list": listed,
        "list, counts": f"{listed}?part=count&page=1",
        f"list, page {PAGES[person]}": f"{listed}?page={PAGES[person]}",
        "list, deep by key": f"{listed}?after={mine['after']}",
        "list, filtered": f"{listed}?level={known['level']}&area={known['area']}",
        "search, rare": f"{listed}?q={quote(known['rare'])}",
        "search, frequent": f"{listed}?q={quote('杭州')}",
        "record": f"{listed}{mine['customer']}/",
        "home": known["addresses"]["home"],
        "home, figures of the month": known["addresses"]["figures"],
        **{f"report, {name}": address for name, address in known["reports"].items()},
    }


def _every_page(
    stack: ExitStack,
    companies: Sequence[Company],
    running: Sequence[servers.Server],
    known: Sequence[dict[str, Any]],
    figures: Figures,
) -> Iterator[list[Asked]]:
    """The requests that are compared with each other, kind by kind."""
    for person in known[0]["people"]:
        browsers = [_browser(server, one, person) for server, one in zip(running, known, strict=True)]
        both = list(zip(companies, running, browsers, known, strict=True))
        for page in pages_of(known[0], person):
            asked = [
                Asked(
                    server, _getting(browser, pages_of(one, person)[page]), figures.timing(page, person, company.size)
                )
                for company, server, browser, one in both
            ]
            if page == "list":
                asked.append(_floor(stack, companies[0], browsers[0], known[0], figures))
            yield asked
        if person == "all":
            yield [
                Asked(
                    server,
                    _creating(browser, one["addresses"]["create"]),
                    figures.timing("create", person, company.size),
                )
                for company, server, browser, one in both
            ]


def _floor(stack: ExitStack, company: Company, browser: Browser, known: dict[str, Any], figures: Figures) -> Asked:
    """The floor, which shows the frame that Guanxi's own page has, and the rows itself."""
    page = browser.get(known["addresses"]["list"]).body
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    (folder / "floor.html").write_text(floor_template(page.decode()), "utf-8")
    server = stack.enter_context(servers.floor(company, folder / "floor.html"))
    # Of who sees everything, asked first: others may see less than a page of a small company, the floor never does.
    figures.bytes_of = figures.bytes_of or {"list": len(page), "floor": len(server.browser().get("/").body)}
    return Asked(server, _getting(server.browser(), "/"), figures.timing("floor", "", company.size))


def floor_template(page: str) -> str:
    """Guanxi's own page with the rows taken out, and a loop of the floor in their place."""
    head, rows, tail = re.split(r"(<tbody>.*</tbody>)", page, maxsplit=1, flags=re.DOTALL)
    sprite = re.search(r'href="([^"#]*sprite[^"#]*)#', rows)
    row = (ROOT / "bench" / "floor_row.html").read_text("utf-8")
    row = re.sub(r'href="[^"#]*sprite[^"#]*#', f'href="{sprite[1] if sprite else ""}#', row)
    return f"{_raw(head)}<tbody>{{% for row in rows %}}{row}{{% endfor %}}</tbody>{_raw(tail)}"


def _raw(text: str) -> str:
    return f"{{% raw %}}{text}{{% endraw %}}"


def _take_turns(asked: Sequence[Asked], rounds: int, requests: int) -> None:
    """All servers in turn, request by request, so that whatever slows the machine slows them alike."""
    for one in asked:
        for _ in range(WARMING):
            one.ask()
    for _ in range(rounds):
        before = [one.server.processor_ms() for one in asked]
        for _ in range(requests):
            for one in asked:
                one.timing.answers.append(one.ask())
        for one, begun in zip(asked, before, strict=True):
            one.timing.rounds.append((one.server.processor_ms() - begun) / requests)


def _browser(server: servers.Server, known: dict[str, Any], person: str) -> Browser:
    mine = known["people"][person]
    return server.browser(**{mine["cookie"]: mine["session"]})


def _getting(browser: Browser, path: str) -> Ask:
    return lambda: browser.get(path).milliseconds


def _creating(browser: Browser, path: str) -> Ask:
    """Send the form of a new customer, each time another one."""
    hidden = browser.hidden(path)

    def create() -> float:
        form = {**hidden, "submit_key": secrets.token_hex(16), "name": f"测试 {secrets.token_hex(6)}"}
        return browser.post(path, form).milliseconds

    return create


def _start(company: Company, known: dict[str, Any]) -> tuple[float, float]:
    """Seconds from the command to the first answer, and MiB after a walk over all pages; jobs run beside."""
    with servers.guanxi(company) as server:
        for person in known["people"]:
            browser = _browser(server, known, person)
            for path in pages_of(known, person).values():
                for _ in range(WARMING):
                    browser.get(path)
        return server.seconds_to_start, server.memory_mib()
