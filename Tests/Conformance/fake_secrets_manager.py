"""A stand-in for AWS Secrets Manager on the loopback: GetSecretValue, and nothing else."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeSecretsManager:
    """Serves `held`, a mapping from a secret's name to its string. `address` is its URL."""

    def __init__(self, held: dict[str, str]) -> None:
        self.held = held
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeSecretsManager:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, target: str, body: dict[str, str]) -> tuple[int, dict[str, str]]:
        name = body.get("SecretId", "")
        self.requests.append(f"{target} {name}")
        if target != "secretsmanager.GetSecretValue":
            return 400, {"__type": "InvalidRequestException", "message": target}
        if name not in self.held:
            return 400, {"__type": "ResourceNotFoundException", "message": "Secrets Manager can't find the specified secret."}
        return 200, {"Name": name, "SecretString": self.held[name], "VersionId": "1"}

    def _handler(manager) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler's, inside
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length) or b"{}")
                status, answer = manager.answer(self.headers.get("X-Amz-Target", ""), body)
                encoded = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(encoded)))
                self.end_headers()
                self.wfile.write(encoded)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
