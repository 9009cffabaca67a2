"""A person's browser without a screen: follows redirects, keeps cookies, fills in forms as they stand on the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.action: str | None = None
        self.actions: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.actions.append(given.get("action", ""))
            self.action = self.actions[0]
        if tag == "input" and "name" in given:
            self.fields.setdefault(given["name"], given.get("value", ""))

    def handle_data(self, data: str) -> None:
        self.text += data


@dataclass
class Browser:
    """One browser; ``url``, ``status`` and ``text`` are of the page it shows."""

    url: str = ""
    status: int = 0
    text: str = ""
    _page: _Page = field(default_factory=_Page)
    _opener: OpenerDirector = field(default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar())))

    def opens(self, url: str) -> Browser:
        """Go to an address."""
        return self._go(url, None)

    def submits(self, **typed: str) -> Browser:
        """Fill in the first form of the page and send it."""
        missing = set(typed) - set(self._page.fields)
        assert not missing, f"the page has no field {missing}; it has {set(self._page.fields)}: {self.text}"
        data = urlencode(self._page.fields | typed).encode()
        return self._go(urljoin(self.url, self._page.action or ""), data)

    def sends(self, act: str, **typed: str) -> Browser:
        """Send the form of the page whose address ends so."""
        action = next((each for each in self._page.actions if each.endswith(act)), None)
        assert action, f"no form leads to {act!r}: {self.text}"
        token = self._page.fields["csrf_token"]
        return self._go(urljoin(self.url, action), urlencode({"csrf_token": token} | typed).encode())

    def sees(self, *texts: str) -> Browser:
        """Check what stands on the page."""
        for text in texts:
            assert text in self.text, f"{text!r} is not on the page: {self.text}"
        return self

    def _go(self, url: str, data: bytes | None) -> Browser:
        try:
            answer = self._opener.open(url, data, timeout=30)
        except HTTPError as refused:
            answer = refused
        with answer:
            self.url, self.status = answer.url, answer.status
            self._page = _Page()
            self._page.feed(answer.read().decode())
        self.text = " ".join(self._page.text.split())
        return self
