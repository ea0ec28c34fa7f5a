"""A page on this machine alone, behind an address that cannot be guessed."""

from __future__ import annotations

import json
import secrets
import threading
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from autograder.marking.answers import questions, save
from autograder.pages import html as pages

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

MOST_BYTES = 200_000  # of a mark with its comment
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)


class MarkingServer(ThreadingHTTPServer):
    """Serves the page of one assignment on loopback.

    Parameters
    ----------
    coursedir : CourseDirectory
        nbgrader's.
    config : Config
        nbgrader's configuration.
    assignment : str
        nbgrader's assignment id.
    port : int
        0 takes a free one.
    names : bool
        Whether the page says whose an answer is.
    """

    daemon_threads = True

    def __init__(
        self,
        coursedir: CourseDirectory,
        config: Config,
        assignment: str,
        *,
        port: int = 0,
        names: bool = False,
    ) -> None:
        self.coursedir, self.config, self.names = coursedir, config, names
        self.assignment = assignment
        self.secret = secrets.token_urlsafe(16)
        self.saving = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"http://127.0.0.1:{self.server_port}/{self.secret}/"

    def page(self) -> str:
        """Return the page, with all answers in it."""
        found = questions(self.coursedir, self.config, self.assignment, names=self.names)
        data = json.dumps([asdict(question) for question in found]).replace("<", "\\u003c")
        template = pages.environment.get_template("mark.html")
        return template.render(assignment=self.assignment, data=data, count=len(found))


class _Handler(BaseHTTPRequestHandler):
    server: MarkingServer

    def do_GET(self) -> None:
        """Give the page, or its script."""
        path = urlsplit(self.path).path
        if path == f"/{self.server.secret}/":
            self._answer(HTTPStatus.OK, "text/html", self.server.page())
        elif path == f"/{self.server.secret}/mark.js":
            script = files("autograder.marking").joinpath("mark.js").read_text("utf-8")
            self._answer(HTTPStatus.OK, "text/javascript", script)
        else:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", "There is nothing here.")

    def do_POST(self) -> None:
        """Save a mark."""
        host = self.headers.get("Host", "")
        if (
            self.path != f"/{self.server.secret}/mark"
            or host != f"127.0.0.1:{self.server.server_port}"
        ):
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", "There is nothing here.")
            return
        try:
            size = min(int(self.headers.get("Content-Length", 0)), MOST_BYTES)
            mark: dict[str, Any] = json.loads(self.rfile.read(size))
            with self.server.saving:
                waits = save(self.server.coursedir, mark["id"], mark["score"], mark["comment"])
        except (ValueError, KeyError, TypeError) as error:
            said = str(error) if isinstance(error, ValueError) else "this is no mark"
            self._answer(HTTPStatus.BAD_REQUEST, "text/plain", said)
        else:
            self._answer(HTTPStatus.OK, "application/json", json.dumps({"waits": waits}))

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def _answer(self, status: HTTPStatus, kind: str, content: str) -> None:
        body = content.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)
