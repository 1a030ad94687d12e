"""One browser's connection: requests in turn, timed one by one."""

import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

HEADERS = {"Accept": "text/html", "Accept-Language": "zh-CN"}


@dataclass(frozen=True)
class Answer:
    """Status, text, and how long it took in milliseconds."""

    status: int
    body: bytes
    milliseconds: float


class Browser:
    """A kept connection to a server on this machine."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = dict(cookies or {})

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def get(self, path: str) -> Answer:
        """Ask for a page; anything but 200 is an error of the bench."""
        answer = self._ask("GET", path)
        if answer.status != 200:
            raise SystemExit(f"{path} answers {answer.status}:\n{answer.body[:500].decode(errors='replace')}")
        return answer

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form; it must be accepted, which is answered by leading on."""
        answer = self._ask("POST", path, urlencode(form))
        if answer.status not in {302, 303}:
            raise SystemExit(f"{path} answers {answer.status} to the form:\n{answer.body.decode(errors='replace')}")
        return answer

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of a page's forms."""
        text = self.get(path).body.decode()
        fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)
        return dict(fields)

    def _ask(self, method: str, path: str, body: str = "") -> Answer:
        headers = {**HEADERS, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self._connection.request(method, path, body or None, headers)
        response = self._connection.getresponse()
        text = response.read()
        passed = (time.perf_counter() - begun) * 1000
        self._keep_cookies(response)
        return Answer(response.status, text, passed)

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
