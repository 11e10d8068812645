"""A virus scanner of our own: speaks clamd's INSTREAM on a port of this machine, and knows one virus."""

import socketserver
import struct
import threading

from tests.document_templates.test_evidence import EICAR


class _Line(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        asked = b""
        while not asked.endswith(b"\0"):
            asked += self.rfile.read(1)
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        scanner: Scanner = self.server.scanner  # type: ignore[attr-defined]
        scanner.seen.append((asked, content))
        answer = b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK"
        self.wfile.write((scanner.mood or answer) + b"\0")


class Scanner:
    """`mood`: what it says to every file instead of its finding."""

    def __init__(self) -> None:
        self.seen: list[tuple[bytes, bytes]] = []
        self.mood = b""

    @property
    def url(self) -> str:
        return f"clamd://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> "Scanner":
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Line)
        self.server.scanner = self  # type: ignore[attr-defined]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)
