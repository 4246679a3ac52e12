"""Servers on loopback, each in a thread of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer
from typing import Final

_LOOK_SECONDS: Final = 0.1
"""How often a server looks whether it is to stop."""


class Server:
    """One of the standard library's servers, in a thread of this name."""

    def __init__(self, server: BaseServer, name: str) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(_LOOK_SECONDS,), name=name, daemon=True)

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def served(handler: type[BaseHTTPRequestHandler], name: str) -> Iterator[str]:
    """Serve plain HTTP on a free port for as long as it is needed; give the URL, without a trailing slash."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server = Server(http, name)
    server.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        server.stop()
