"""Serve a directory on loopback: port 8000, or any free one if that is taken."""

import functools
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


def open_server(directory: str) -> ThreadingHTTPServer:
    """Bind a server of the directory's files."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=directory)
    try:
        return ThreadingHTTPServer(("127.0.0.1", 8000), handler)
    except OSError:
        return ThreadingHTTPServer(("127.0.0.1", 0), handler)


if __name__ == "__main__":
    with open_server(sys.argv[1]) as server:
        print(
            f"Shallow is at http://127.0.0.1:{server.server_port}/  (stop with Ctrl-C)", flush=True
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
