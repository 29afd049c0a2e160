"""The part of the dbt platform's API that starts jobs, as its documentation describes it, and strict about it.

https://docs.getdbt.com/dbt-cloud/api-v2#/operations/Trigger%20Job%20Run
"""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FIELDS = {
    "cause": str, "git_sha": str, "git_branch": str, "azure_pull_request_id": int, "github_pull_request_id": int,
    "gitlab_merge_request_id": int, "non_native_pull_request_id": int, "schema_override": str, "dbt_version_override": str,
    "threads_override": int, "target_name_override": str, "generate_docs_override": bool, "timeout_seconds_override": int,
    "steps_override": list,
}


class FakeDbt:
    """A server on a port of its own; keeps every run that it started."""

    def __init__(self, account: int, jobs: set[int], token: str) -> None:
        self.runs: list[dict[str, Any]] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status, data = fake.answer(self.path, dict(self.headers.items()), self.rfile.read(int(self.headers.get("Content-Length", 0))),
                                           account, jobs, token)
                body = json.dumps({
                    "data": data,
                    "status": {"code": status, "is_success": status < 300, "user_message": "Success!" if status < 300 else "Failed"},
                }).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(
        self, path: str, headers: dict[str, str], body: bytes, account: int, jobs: set[int], token: str
    ) -> tuple[int, dict[str, Any]]:
        place = re.fullmatch(r"/api/v2/accounts/(\d+)/jobs/(\d+)/run/", path)
        if headers.get("Authorization") != f"Token {token}":
            return 401, {}
        if not place or int(place[1]) != account or int(place[2]) not in jobs:
            return 404, {}
        if headers.get("Content-Type") != "application/json":
            return 415, {}
        try:
            fields = json.loads(body)
        except ValueError:
            return 400, {}
        known = isinstance(fields, dict) and all(name in FIELDS and type(value) is FIELDS[name] for name, value in fields.items())
        if not known or not fields.get("cause"):
            return 400, {}
        run = {"id": 9000 + len(self.runs), "account_id": account, "job_id": int(place[2]), "trigger": {"cause": fields["cause"]}}
        self.runs.append(run)
        return 200, run

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
