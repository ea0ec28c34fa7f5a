"""Firefox and WebKitGTK, each driven by the protocol of its own makers' driver.

Playwright's Firefox and WebKit are builds of its own; these two are what a reader on Debian has.
Firefox speaks WebDriver BiDi, WebKitGTK the older WebDriver: both know the same pointer actions.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from websocket import WebSocket, create_connection

from tests.support.kernel_ports import find_available_port

START = 60  # seconds that a browser may take to start on a busy machine
WAIT = 30  # seconds that a page may take
WINDOW = (1280, 900)
# Firefox by itself asks its makers for news: let it reach this machine only.
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "browser.aboutwelcome.enabled": False,
    "ui.prefersReducedMotion": 1,  # nothing glides away under the pointer
    "general.smoothScroll": False,
}


class Engine(Protocol):
    """A browser with one window."""

    def open(self, url: str) -> None:
        """Go to a page; return when its text is there."""

    def run(self, body: str) -> Any:
        """Return what the body of an async function returns, as JSON carries it."""

    def act(self, *moves: dict[str, Any]) -> None:
        """Perform actions of one mouse, as WebDriver names them."""


def wait_for(engine: Engine, condition: str) -> None:
    """Wait until an expression holds in the page."""
    end = time.monotonic() + WAIT
    while not engine.run(f"return Boolean({condition})"):
        if time.monotonic() > end:
            raise TimeoutError(f"after {WAIT} s not yet: {condition}")
        time.sleep(0.05)


def drag(engine: Engine, start: list[float], way: list[float]) -> None:
    """Drag with the primary button in four moves; press and release in one place for no way."""
    x, y = start
    steps = [0.25, 0.5, 0.75, 1] if any(way) else []
    engine.act(
        move(x, y),
        {"type": "pointerDown", "button": 0},
        *(move(x + k * way[0], y + k * way[1]) for k in steps),
        {"type": "pointerUp", "button": 0},
    )


def move(x: float, y: float) -> dict[str, Any]:
    """Return the action that moves the pointer there."""
    return {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0}


def _mouse(moves: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}}
    return [{**mouse, "actions": list(moves)}]


class _Firefox:
    def __init__(self, connection: WebSocket) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._ask("session.new", capabilities={})
        contexts = self._ask("browsingContext.getTree")["contexts"]
        self._context = contexts[0]["context"]
        size = dict(zip(("width", "height"), WINDOW, strict=True))
        self._ask("browsingContext.setViewport", context=self._context, viewport=size)

    def _ask(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._connection.recv())
            if answer.get("id") == number:
                break
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        return answer["result"]

    def open(self, url: str) -> None:
        self._ask("browsingContext.navigate", context=self._context, url=url, wait="interactive")

    def run(self, body: str) -> Any:
        expression = f"(async () => JSON.stringify(await (async () => {{ {body} }})()))()"
        answer = self._ask(
            "script.evaluate",
            expression=expression,
            target={"context": self._context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"].get("value", "null"))

    def act(self, *moves: dict[str, Any]) -> None:
        self._ask("input.performActions", context=self._context, actions=_mouse(moves))


class _WebKit:
    def __init__(self, driver: str) -> None:
        self._driver = f"{driver}/session"
        options = {"args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._driver += f"/{self._ask('', capabilities=wanted)['sessionId']}"
        self._ask("/timeouts", script=1000 * WAIT, pageLoad=1000 * WAIT)
        self._ask("/window/rect", **dict(zip(("width", "height"), WINDOW, strict=True)))

    def _ask(self, path: str, **params: Any) -> Any:
        request = urllib.request.Request(self._driver + path, json.dumps(params).encode())
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise RuntimeError(f"{path}: {value['error']}: {value['message']}") from None

    def quit(self) -> None:
        """End the session, and its browser."""
        urllib.request.urlopen(urllib.request.Request(self._driver, method="DELETE")).close()

    def open(self, url: str) -> None:
        self._ask("/url", url=url)

    def run(self, body: str) -> Any:
        script = f"""
          const done = arguments[0];
          (async () => {{ {body} }})().then(
            (value) => done([JSON.stringify(value) ?? "null"]), (error) => done(String(error)));"""
        answer = self._ask("/execute/async", script=script, args=[])
        if isinstance(answer, str):
            raise RuntimeError(answer)  # noqa: TRY004 (an error of the page)
        return json.loads(answer[0])

    def act(self, *moves: dict[str, Any]) -> None:
        self._ask("/actions", actions=_mouse(moves))


@contextlib.contextmanager
def firefox(folder: Path) -> Iterator[Engine]:
    """Start Firefox with a new profile in a folder."""
    settings = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items())
    (folder / "user.js").write_text("".join(settings))
    command = [_program("firefox-esr", "firefox"), "--headless", "--no-remote"]
    command += ["--remote-debugging-port", "0", "--profile", str(folder)]
    home = {**os.environ, "HOME": str(folder)}  # in a read-only home it hangs
    with _started(command, env=home, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        late = threading.Timer(START, process.kill)  # a line is waited for without end
        late.start()
        lines = (line.split()[-1] for line in process.stderr if "BiDi listening on" in line)
        address = next(lines, None)
        late.cancel()
        assert address, f"Firefox ended within {START} s, or did not start"
        connection = create_connection(f"{address}/session", timeout=START, suppress_origin=True)
        yield _Firefox(connection)
        connection.close()


@contextlib.contextmanager
def webkit(folder: Path) -> Iterator[Engine]:
    """Start WebKitGTK's browser on a display of its own."""
    settings = folder / ".config/gtk-3.0/settings.ini"
    settings.parent.mkdir(parents=True)
    settings.write_text("[Settings]\ngtk-enable-animations=0\n")  # reduced motion, as in Firefox
    reader, writer = os.pipe()
    size = f"{WINDOW[0]}x{WINDOW[1]}x24"
    screen = [_program("Xvfb"), "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp"]
    with _started(screen, pass_fds=[writer], stderr=subprocess.DEVNULL):
        os.close(writer)
        with os.fdopen(reader) as display:
            number = display.readline().strip()
        home = {
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / ".config"),
            "DISPLAY": f":{number}",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        }
        port = find_available_port()
        driver = [_program("WebKitWebDriver"), f"--port={port}"]
        with _started(driver, env={**os.environ, **home}, stderr=subprocess.DEVNULL):
            _wait_for_port(port)
            engine = _WebKit(f"http://127.0.0.1:{port}")
            yield engine
            engine.quit()


ENGINES = {
    "firefox": (firefox, {"firefox-esr": ["firefox-esr", "firefox"]}),
    "webkit": (webkit, {"webkit2gtk-driver": ["WebKitWebDriver"], "xvfb": ["Xvfb"]}),
}


def missing(name: str) -> list[str]:
    """Return the system packages that a browser lacks."""
    needed = ENGINES[name][1]
    return [package for package, programs in needed.items() if not any(map(shutil.which, programs))]


def _program(*names: str) -> str:
    return next(filter(None, map(shutil.which, names)))


@contextlib.contextmanager
def _started(command: list[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """Run a program until the end of the block."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_port(port: int) -> None:
    end = time.monotonic() + START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return
