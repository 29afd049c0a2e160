"""A stand-in for Vault on the loopback: logins, and reading a KV version 2 engine.

As strict as Vault where it matters to a client: a read needs a token that a login gave out, and a
login needs the role and the proof that its method asks for.

    python3 Tests/Conformance/fake_vault.py SECRETS.json     serves {"<mount>/<path>": {…}} until stopped
"""

from __future__ import annotations

import json
import secrets
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

# What a login must send, by method; the mount point may be named otherwise.
LOGIN_FIELDS = ({"role", "jwt"}, {"role_id"}, {"password"})


class FakeVault:
    """Serves `held`, a mapping from `<mount>/<path>` to a secret's data. `address` is its URL."""

    def __init__(self, held: dict[str, dict[str, Any]]) -> None:
        self.held = held
        self.requests: list[str] = []
        self.tokens: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeVault:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        self._server.serve_forever()

    def read(self, path: str, token: str | None) -> tuple[int, dict[str, Any]]:
        if token not in self.tokens:
            return 403, {"errors": ["permission denied"]}
        if path == "auth/token/lookup-self":
            return 200, {"data": {"id": token, "policies": ["default"], "ttl": 3600}}
        mount, data, name = path.partition("/data/")
        if not data and path in self.held:  # version 1 of the engine knows neither `data` nor versions
            return 200, {"data": self.held[path]}
        found = self.held.get(f"{mount}/{name}") if data else None
        if found is None:
            return 404, {"errors": []}
        return 200, {"data": {"data": found, "metadata": {"version": 1, "destroyed": False, "deletion_time": ""}}}

    def login(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        given = {key for key, value in body.items() if value}
        if not path.startswith("auth/") or "/login" not in path or not any(needed <= given for needed in LOGIN_FIELDS):
            return 400, {"errors": ["missing client token"]}
        token = secrets.token_urlsafe(16)
        self.tokens.add(token)
        return 200, {"auth": {"client_token": token, "lease_duration": 3600, "renewable": True, "policies": ["default"]}}

    def _handler(vault) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler's, inside
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(*vault.read(self.route(), self.headers.get("X-Vault-Token")))

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                self.answer(*vault.login(self.route(), json.loads(self.rfile.read(length) or b"{}")))

            do_PUT = do_POST

            def route(self) -> str:
                vault.requests.append(f"{self.command} {self.path}")
                return self.path.partition("?")[0].removeprefix("/v1/")

            def answer(self, status: int, body: dict[str, Any]) -> None:
                encoded = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(encoded)))
                self.end_headers()
                self.wfile.write(encoded)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__)
        return 0 if sys.argv[1:] in (["--help"], ["-h"]) else 64
    vault = FakeVault(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    print(vault.address, flush=True)
    try:
        vault.serve()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
