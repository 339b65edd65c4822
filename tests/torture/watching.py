"""Whether hostile text ran: payloads that say so when they run, and a browser and a server that hear it.

Here belongs what counts as an execution, and the control: pages on which the payloads stand unescaped, which must be
heard. Where the payloads are hidden belongs in :mod:`hostile_documents`, which pages are opened in :mod:`hostility`.
"""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from browser import Browser

_PATIENCE = 5.0
_HEARD = re.compile(r"ran:(\d+)")
_REFUSED = re.compile("Content.Security.Policy|TrustedHTML|TrustedScript|X-Frame-Options", re.IGNORECASE)
"""What a browser says where a text tried, and a policy kept it from running: it came as far as that."""

_SAYS_SO = "window.ran = (number) => { console.warn(`ran:${number}`); };"
"""In every page and frame before anything else of it runs; a console is heard across frames and pages."""

_CONTROL = {
    "html": "<!DOCTYPE html><meta charset=utf-8><body>{}",
    "click": "<!DOCTYPE html><meta charset=utf-8><body>{}",
    "markdown": "<!DOCTYPE html><meta charset=utf-8><body>{}",
    "mutation": "<!DOCTYPE html><meta charset=utf-8><body><div id=d></div><script>d.innerHTML = {json};"
    "d.innerHTML = d.innerHTML</script>",
    "attribute": '<!DOCTYPE html><meta charset=utf-8><body><div title="{}">甲</div>',
    "single": "<!DOCTYPE html><meta charset=utf-8><body><div title='{}'>甲</div>",
    "bare": "<!DOCTYPE html><meta charset=utf-8><body><div title={}>甲</div>",
    "href": '<!DOCTYPE html><meta charset=utf-8><body><a href="{}">甲</a>',
    "script": '<!DOCTYPE html><meta charset=utf-8><body><script>var a = "{}"</script>',
    "escaped": '<!DOCTYPE html><meta charset=utf-8><body><script>var a = "{quoted}"</script>',
    "comment": "<!DOCTYPE html><meta charset=utf-8><body><script>// {}</script>",
    "backtick": "<!DOCTYPE html><meta charset=utf-8><body><script>var a = `{}`</script>",
    "style": "<!DOCTYPE html><meta charset=utf-8><body><style>x{{{}</style>",
    "textarea": "<!DOCTYPE html><meta charset=utf-8><body><textarea>{}</textarea>",
    "title": "<!DOCTYPE html><meta charset=utf-8><title>{}</title><body>甲",
    "noscript": "<!DOCTYPE html><meta charset=utf-8><body><noscript>{}</noscript>",
}
"""A page for each place in which a careless page might put a text."""


class Payload(NamedTuple):
    """A text that says so if it runs: it calls `ran` with its number, or asks for an address with it.

    `place` is where a careless page would have to put it, `live` whether it would run there in today's Chromium.
    """

    name: str
    place: str
    live: bool
    text: str

    def numbered(self, number: int, address: str) -> str:
        """The payload that says this number."""
        return self.text.replace("RAN", f"ran({number})").replace("ADDRESS", f"{address}/ran/{number}")


def payloads() -> list[Payload]:
    """Every payload of `payloads.json`."""
    read = json.loads(Path(__file__).with_name("payloads.json").read_text("utf-8"))
    return [Payload(one["name"], one["in"], one["live"], one["text"]) for one in read]


class Beacon:
    """A server on this machine that counts who asks for what, and has the pages of the control."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.pages: dict[str, str] = {}
        beacon = self

        class _Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = beacon.pages.get(self.path)
                if page is None:
                    beacon.asked.append(self.path)
                self.send_response(HTTPStatus.OK if page is not None else HTTPStatus.NO_CONTENT)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write((page or "").encode("utf-8", "surrogatepass"))

            do_POST = do_GET  # noqa: N815  its name there

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name for it
                del format, args

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def listening(self) -> Iterator[Beacon]:
        """While it listens."""
        thread = threading.Thread(target=self._server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


class Watched:
    """A browser whose pages are watched: `ran` has the number of every payload that has run since it was last asked."""

    def __init__(self, browser: Browser, beacon: Beacon) -> None:
        self.browser, self.beacon = browser, beacon
        browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _SAYS_SO})
        self.opened = 0

    def ran(self) -> list[str]:
        """The numbers of the payloads that ran, and what else a text did: a dialog that it opened, an address."""
        found = [f"dialog {text!r}" for text in self._dialogs()]
        for complaint in self.browser.complaints():
            found += _HEARD.findall(complaint)
            if _REFUSED.search(complaint):
                found.append(f"refused {complaint[:200]}")
        asked, self.beacon.asked[:] = list(self.beacon.asked), []
        return sorted({*found, *(path.removeprefix("/ran/").rstrip("/a") for path in asked if "favicon" not in path)})

    def _dialogs(self) -> Iterator[str]:
        from selenium.common.exceptions import NoAlertPresentException  # noqa: PLC0415  not everybody has it

        try:
            alert = self.browser.driver.switch_to.alert
            yield str(alert.text)
            alert.dismiss()
        except NoAlertPresentException:
            return

    def left(self, address: str) -> list[str]:
        """Where the browser is if it is not on the page of this address any more, and what the page is called."""
        here, there = urlsplit(self.browser.driver.current_url), urlsplit(address)
        title = self.browser.driver.title
        is_there = (here.scheme, here.netloc, here.path.rstrip("/")) == (
            there.scheme,
            there.netloc,
            there.path.rstrip("/"),
        )
        windows = len(self.browser.driver.window_handles)
        return [
            *([] if is_there else [f"left for {here.geturl()}"]),
            *([] if "ran" not in title.split() else [f"is called {title}"]),
            *([] if windows == 1 else [f"{windows} windows"]),
        ]


_CLICK = """
for (const one of document.querySelectorAll("a, button"))
  one.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
"""


def control(watched: Watched, chosen: Sequence[Payload]) -> dict[str, bool]:
    """Of each payload whether it ran where it stands unescaped: the watch must hear all that are called live."""
    heard = {}
    driver = watched.browser.driver
    for number, payload in enumerate(chosen):
        text = payload.numbered(number, watched.beacon.address)
        as_json = json.dumps(text).replace("</", "<\\/")
        quoted = text.replace('"', '\\"')
        page = _CONTROL[payload.place].format(text, json=as_json, quoted=quoted)
        watched.beacon.pages["/control"] = page
        driver.get(f"{watched.beacon.address}/control")
        driver.execute_script(_CLICK)
        # A machine that has much to do takes a while; who hears nothing at once listens on.
        end = time.monotonic() + (_PATIENCE if payload.live else 0)
        while not (ran := watched.ran()) and time.monotonic() < end:
            time.sleep(0.05)
        heard[payload.name] = bool(ran)
    return heard
