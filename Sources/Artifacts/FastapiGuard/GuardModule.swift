/// The Python module that enforces a document, the same for every policy.
enum GuardModule {
  /// - Parameter header: the lines that head a generated file.
  static func text(header: [String]) -> String {
    "\"\"\"" + header.joined(separator: "\n") + "\n" + [head, document, tokens, decisions, dbt].joined(separator: "\n\n\n") + "\n"
  }

  static let head = #"""

    Guards the routes of a FastAPI application by a policy document: whatever it does not allow is refused, and every decision
    is one line of JSON. Needs FastAPI and PyJWT with `cryptography`, and nothing else.

        guard = Guard.load("orders-prod.policy.json")
        app = FastAPI(dependencies=[Depends(guard)], docs_url=None, redoc_url=None, openapi_url=None)

        @app.post("/runs")
        def run(decision: Annotated[Decision, Depends(guard)]) -> dict[str, int]:
            run_id = jobs.run(42, decision)
            guard.effect(decision, dbt_run_id=run_id)
            return {"run": run_id}

        guard.check(app)  # behind the last route: fails where one is not covered
    """

    import hashlib
    import json
    import sys
    import threading
    import time
    import urllib.error
    import urllib.parse
    import urllib.request
    import uuid
    from collections.abc import Callable, Iterator, Mapping
    from dataclasses import dataclass, field
    from datetime import datetime, timezone
    from functools import lru_cache
    from pathlib import Path
    from re import Pattern
    from typing import Any

    import jwt
    from fastapi import FastAPI, HTTPException, WebSocketException
    from fastapi import routing as fastapi_routing
    from fastapi.routing import APIRoute
    from jwt.algorithms import get_default_algorithms
    from starlette.requests import HTTPConnection
    from starlette.routing import Mount, compile_path

    __all__ = ["CoverageError", "DbtError", "DbtJobs", "Decision", "Guard", "Policy", "PolicyError"]


    class PolicyError(Exception):
        """The document cannot be used: nothing may be decided by it."""


    class CoverageError(Exception):
        """The application and its policy do not fit each other."""


    class DbtError(Exception):
        """The dbt platform did not start the job."""


    class _Refused(Exception):
        """A token that proves nothing; the reason is for the audit, not for whoever sent it."""

        def __init__(self, reason: str, status: int = 401) -> None:
            super().__init__(reason)
            self.reason = reason
            self.status = status
    """#
}
