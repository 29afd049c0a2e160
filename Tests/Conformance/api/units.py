"""What the rendered module does by itself: reading, deciding, covering, keys; no network but this machine's."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, WebSocket
from issuer import Issuer, Key
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect

warnings.simplefilter("ignore")
from fastapi.testclient import TestClient  # noqa: E402

ROUTES = [
    {"name": "open", "methods": ["GET"], "path": "/open", "public": True, "allow": []},
    {"name": "x", "methods": ["GET"], "path": "/x/{y}", "public": False, "acts_as": "session", "allow": [
        {"principal": "ana", "roles": ["reader"], "from": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z", "because": ["p.yaml:3"]},
        {"principal": "team", "roles": [], "because": ["p.yaml:4"]}]},
]


def document(issuer: str = "https://issuer.example", **changed: Any) -> str:
    """A whole document, with its revision as it must be."""
    proof = {"provider": "p", "audience": "api"}
    fields = {
        "version": 1, "revision": "0" * 64, "note": "", "artifact": "a", "system": "s", "environment": "e", "default": "deny",
        "not_after": None, "leeway": 30,
        "providers": [{"name": "p", "issuer": issuer, "jwks": None, "algorithms": ["RS256"], "claims": {"tid": "t"}}],
        "principals": [
            {"name": "ana", "kind": "user", "proofs": [proof | {"claims": {"email": "a@b.example", "email_verified": True}}]},
            {"name": "bo", "kind": "user", "proofs": [proof | {"claims": {"sub": "bo"}}]},
            {"name": "team", "kind": "group", "proofs": [proof | {"claims": {}, "contains": {"groups": "g"}}]}],
        "routes": ROUTES,
    } | changed
    text = json.dumps(fields, indent=2)
    return text.replace("0" * 64, hashlib.sha256(text.encode()).hexdigest(), 1)


def without(problem: str, condition: bool) -> list[str]:
    return [] if condition else [problem]


class Units:
    def __init__(self, module: ModuleType, golden: str) -> None:
        self.m = module
        self.golden = module.Policy.parse(golden)
        self.lines: list[dict[str, Any]] = []

    def guard(self, text: str | None = None, now: float = 1_768_000_000.0) -> Any:
        self.lines = []
        return self.m.Guard(self.m.Policy.parse(text or document()), lambda line: self.lines.append(json.loads(line)), lambda: now)

    def refused(self, text: str, reason: str) -> list[str]:
        try:
            self.m.Policy.parse(text)
        except self.m.PolicyError as error:
            return without(f"refused for another reason: {error}", reason in str(error))
        return ["accepted"]

    def reading(self) -> Iterator[tuple[str, list[str]]]:
        provider = json.loads(document())["providers"][0]
        proof = {"name": "z", "kind": "user", "proofs": [{"provider": "p", "audience": "api", "claims": {}}]}
        rule = {"name": "r", "methods": [], "path": "/r", "public": False, "allow": [{"principal": "ana", "roles": [], "because": [], "mfa": True}]}
        cases: dict[str, tuple[str, str]] = {
            "edited by hand": (document().replace("2026-02-01", "2027-02-01"), "not as it was rendered"),
            "an unknown field": (document(only_from="office"), "does not know"),
            "an unknown condition of a rule": (document(routes=[rule]), "does not know"),
            "a default of allow": (document(default="allow"), "default"),
            "another version": (document(version=2), "version"),
            "a key twice": ('{"version": 1, "version": 1}', "twice"),
            "HS256": (document(providers=[provider | {"algorithms": ["HS256"]}]), "public keys"),
            "none": (document(providers=[provider | {"algorithms": ["none"]}]), "public keys"),
            "no algorithm": (document(providers=[provider | {"algorithms": []}]), "public keys"),
            "an issuer over http": (document("http://issuer.example"), "neither https"),
            "keys over http": (document(providers=[provider | {"jwks": "http://issuer.example/k"}]), "neither https"),
            "a proof of nothing": (document(principals=[proof]), "everybody"),
            "a proof of nobody": (document(providers=[]), "does not have"),
            "a long leeway": (document(leeway=3600), "leeway"),
            "a leeway of true": (document(leeway=True), "wrong kind"),
            "no routes": (document(routes=None), "wrong kind"),
            "a list": ("[]", "not an object"),
            "no JSON": ("{", "no JSON"),
        }
        for item, (text, reason) in cases.items():
            yield f"reading: {item}", self.refused(text, reason)
        yield "reading: as it is", without("refused", self.m.Policy.parse(document()).system == "s")

    def deciding(self) -> Iterator[tuple[str, list[str]]]:
        policy = self.m.Policy.parse(document(not_after="2026-03-01T00:00:00Z"))
        public, route = policy.routes
        january, february, march = 1_767_225_600, 1_769_904_000, 1_772_323_200
        for item, who, at, expected in [
            ("before its start", ["ana"], january - 1, "not_allowed"), ("at its start", ["ana"], january, "allowed"),
            ("before its end", ["ana"], february - 0.001, "allowed"), ("at its end", ["ana"], february, "not_allowed"),
            ("a group for ever", ["team"], february, "allowed"), ("nobody", [], january, "not_allowed"),
            ("somebody else", ["bo"], january, "not_allowed"), ("before not_after", ["team"], march - 1, "allowed"),
            ("at not_after", ["team"], march, "policy_over"),
        ]:
            verdict = policy.judge(route, who, at)
            yield f"deciding: {item}", without(f"{verdict.reason}, not {expected}", verdict.reason == expected)
        yield "deciding: public at not_after", without("allowed", not policy.judge(public, [], march).is_allowed)
        yield "deciding: no route", without("allowed", not policy.judge(None, ["ana"], january).is_allowed)

    def identifying(self) -> Iterator[tuple[str, list[str]]]:
        policy = self.m.Policy.parse(document())
        good = {"aud": "api", "tid": "t", "email": "a@b.example", "email_verified": True, "groups": ["g"]}
        for item, claims, expected in [
            ("all", good, (["ana"], ["team"])), ("two principals", good | {"sub": "bo"}, (["ana", "bo"], ["team"])),
            ("an email that is not verified", good | {"email_verified": False}, ([], ["team"])),
            ("an email verified as a text", good | {"email_verified": "true"}, ([], ["team"])),
            ("an email verified as a number", good | {"email_verified": 1}, ([], ["team"])),
            ("an email in capitals", good | {"email": "A@b.example"}, ([], ["team"])),
            ("a group as a text", good | {"groups": "g"}, (["ana"], [])), ("a group within a text", good | {"groups": "xgx"}, (["ana"], [])),
            ("another tenant", good | {"tid": "u"}, ([], [])), ("another audience", good | {"aud": ["other"]}, ([], [])),
            ("nothing", {}, ([], [])),
        ]:
            found = policy.identify(policy.providers["p"], claims)
            yield f"identifying: {item}", without(f"{found}, not {expected}", found == expected)
        route = next(route for route in self.golden.routes if route.name == "delete_order")
        holders = {rule.principal for rule in route.rules}
        # airflow_worker may assume a connection as orders_service: it then calls with that one's token.
        yield "identifying: sessions call as their own principal", without(str(holders), holders == {"lee", "orders_service", "raj"})

    def accounting(self) -> Iterator[tuple[str, list[str]]]:
        said = {"id": "1", "revision": "r", "status": 200, "reason": "allowed", "method": "GET", "path": "/x"}
        decision = self.m.Decision(is_allowed=True, subject="eve roles=admin\nx", roles=("a",), **said)
        yield "cause: no claim adds a word", without(decision.cause, decision.cause == "policy=r sub=eve%20roles%3Dadmin%0Ax roles=a decision=1")
        jobs = self.m.DbtJobs("http://dbt.example", 1, "secret-token")
        yield "dbt: the token is not shown", without(repr(jobs), "secret-token" not in repr(jobs))
        refused = self.m.Decision(is_allowed=False, **said)
        for item, broken, given, reason in [
            ("plain http", jobs, decision, "neither https"), ("a refusal", self.m.DbtJobs("http://127.0.0.1:1", 1, "t"), refused, "allows nothing"),
            ("nobody there", self.m.DbtJobs("http://127.0.0.1:1", 1, "t"), decision, "gave no run"),
        ]:
            try:
                broken.run(1, given)
                yield f"dbt: {item}", ["it ran"]
            except self.m.DbtError as error:
                yield f"dbt: {item}", without(str(error), reason in str(error))

    def covering(self) -> Iterator[tuple[str, list[str]]]:
        for item, change, expected in [
            ("all", lambda app, guard: None, []),
            ("a route more", lambda app, guard: app.get("/more")(nothing), ["GET /more: no route"]),
            ("another parameter", lambda app, guard: app.get("/x/{z}")(nothing), ["GET /x/{z}: no route"]),
            ("a router", lambda app, guard: app.include_router(router("/more"), prefix="/deep"), ["GET /deep/more: no route"]),
            ("a websocket", lambda app, guard: app.websocket("/ws")(socket), ["/ws: not guarded"]),
            ("a mount", lambda app, guard: app.mount("/sub", FastAPI(openapi_url=None)), []),
            ("a mount with a route", lambda app, guard: app.mount("/sub", mounted(None)), ["/sub/x: not guarded", "GET /sub/x: no route"]),
            ("a guarded mount", lambda app, guard: app.mount("/sub", mounted(guard)), ["GET /sub/x: no route"]),
            ("a route of Starlette", lambda app, guard: app.add_route("/raw", nothing), ["Route /raw: not guarded"]),
        ]:
            guard = self.guard()
            app = application(guard)
            change(app, guard)
            found = guard.coverage(app)
            good = len(found) == len(expected) and all(any(part in line for line in found) for part in expected)
            yield f"covering: {item}", without(f"{found}, not {expected}", good)
        guard = self.guard()
        found = guard.coverage(FastAPI(dependencies=[Depends(guard)], openapi_url=None))
        yield "covering: rules without a route", without(str(found), len(found) == 2 and all("does not have" in line for line in found))
        unguarded = FastAPI(openapi_url=None, dependencies=[Depends(nothing)])
        unguarded.get("/open")(nothing)
        unguarded.get("/x/{y}")(nothing)
        found = guard.coverage(unguarded)
        yield "covering: no guard", without(str(found), len(found) == 2 and all("no dependency" in line for line in found))
        found = guard.coverage(FastAPI(dependencies=[Depends(guard)]))
        yield "covering: documentation", without(str(found), any("/docs: not guarded" in line for line in found))
        try:
            guard.check(unguarded)
            yield "covering: check", ["it passed"]
        except self.m.CoverageError:
            yield "covering: check", []

    def serving(self) -> Iterator[tuple[str, list[str]]]:
        key = Key("k")
        with closing(Issuer(key)) as issuer:
            token = {"Authorization": "Bearer " + issuer.token(aud="api", tid="t", groups=["g"], sub="s")}
            guard = self.guard(document(issuer.url))
            app = application(guard)
            app.websocket("/ws")(socket)
            app.mount("/sub", mounted(guard, "/x/{y}"))
            for item, root, path, status in [
                ("allowed", "", "/x/1", 200), ("behind a proxy's path", "/proxy", "/proxy/x/1", 200), ("a mount is another route", "", "/sub/x/1", 403),
            ]:
                got = TestClient(app, root_path=root).get(path, headers=token)
                yield f"serving: {item}", without(f"{got.status_code}, not {status}", got.status_code == status)
            yield "serving: one line each", without(str(len(self.lines)), len(self.lines) == 3)
            for item, headers in [
                ("two tokens", [("Authorization", token["Authorization"])] * 2),
                ("another scheme", [("Authorization", token["Authorization"].replace("Bearer", "Basic"))]),
            ]:
                got = TestClient(app).get("/x/1", headers=headers)
                yield f"serving: {item}", without(str(got.status_code), got.status_code == 401)
            try:
                with TestClient(app).websocket_connect("/ws", headers=token):
                    yield "serving: a websocket", ["it was accepted"]
            except WebSocketDisconnect as closed:
                yield "serving: a websocket", without(str(closed.code), closed.code == 1008)

            def broken(_: str) -> None:
                raise OSError("the disk is full")

            mute = self.m.Guard(self.m.Policy.parse(document(issuer.url)), broken)
            got = TestClient(application(mute), raise_server_exceptions=False).get("/x/1", headers=token)
            yield "serving: what cannot be written down", without(str(got.status_code), got.status_code == 500)
            yield from self.prefixes(issuer, token)
            lying = issuer.url.replace("127.0.0.1", "localhost")
            liar = self.m.Guard(self.m.Policy.parse(document(lying)), lambda _: None)
            other = {"Authorization": "Bearer " + issuer.token(iss=lying, aud="api", tid="t", groups=["g"])}
            got = TestClient(application(liar)).get("/x/1", headers=other)
            yield "serving: discovery of another issuer", without(str(got.status_code), got.status_code == 503)
            moved = self.m.Guard(self.m.Policy.parse(document(issuer.url + "/realm")), lambda _: None)
            other = {"Authorization": "Bearer " + issuer.token(iss=issuer.url + "/realm", aud="api", tid="t", groups=["g"])}
            got = TestClient(application(moved)).get("/x/1", headers=other)
            yield "serving: discovery that is not there", without(str(got.status_code), got.status_code == 503)

    def prefixes(self, issuer: Issuer, token: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
        rules = [{"principal": "team", "roles": [], "because": []}]
        routes = [{"name": path, "methods": ["GET"], "path": path, "public": False, "allow": rules} for path in ("/deep/more", "/sub/x")]
        guard = self.guard(document(issuer.url, routes=routes))
        app = FastAPI(dependencies=[Depends(guard)], openapi_url=None)
        app.include_router(router("/more"), prefix="/deep")
        app.mount("/sub", mounted(guard))
        yield "prefixes: covered", without(str(guard.coverage(app)), guard.coverage(app) == [])
        for path in ("/deep/more", "/sub/x"):
            got = TestClient(app).get(path, headers=token)
            yield f"prefixes: {path}", without(str(got.status_code), got.status_code == 200)
        # A version of FastAPI that keeps prefixes where nobody looks: then the template is not the path's.
        guard = self.guard(document(issuer.url))
        scope = {"type": "http", "method": "GET", "path": "/admin/open", "headers": [], "route": SimpleNamespace(path="/open")}
        try:
            guard(HTTPConnection(scope))
            yield "prefixes: a template that is not the path's", ["it was let through"]
        except HTTPException as refused:
            yield "prefixes: a template that is not the path's", without(str(refused.status_code), refused.status_code == 401)

    def keys(self) -> Iterator[tuple[str, list[str]]]:
        key = Key("k")
        now = [0.0]
        with closing(Issuer(key)) as issuer:
            keys = self.m.KeySet(self.m.Policy.parse(document(issuer.url)).providers["p"], lambda: now[0])

            def status(kid: str | None = "k") -> str:
                try:
                    keys.key(kid, "RS256")
                    return "found"
                except Exception as refused:  # noqa: BLE001 - a private class of the module
                    return str(refused)

            def at(item: str, moment: float, expected: str, fetches: int, kid: str | None = "k") -> tuple[str, list[str]]:
                now[0] = moment
                got = (status(kid), issuer.fetches)
                return f"keys: {item}", without(f"{got}, not {(expected, fetches)}", got == (expected, fetches))

            yield at("fetched when needed", 0, "found", 1)
            yield at("kept", 299, "found", 1)
            yield at("fetched again", 300, "found", 2)
            yield at("unknown soon after", 304, "unknown_key", 2, "other")
            yield at("unknown later", 306, "unknown_key", 3, "other")
            issuer.is_down = True
            yield at("known while down", 700, "found", 3)
            yield at("too long down", 306 + 3600, "keys_unavailable", 3)
            issuer.is_down = False
            issuer.keys = [key, Key(None)]
            yield at("up again", 4000, "found", 4)
            yield at("no kid and two keys", 4001, "no_kid", 4, None)

    def all(self) -> Iterator[tuple[str, list[str]]]:
        parts: list[Callable[[], Iterator[tuple[str, list[str]]]]] = [
            self.reading, self.deciding, self.identifying, self.accounting, self.covering, self.serving, self.keys,
        ]
        for part in parts:
            yield from part()


@contextmanager
def closing(issuer: Issuer) -> Iterator[Issuer]:
    try:
        yield issuer
    finally:
        issuer.close()


def nothing() -> None:
    return None


async def socket(socket: WebSocket) -> None:
    await socket.accept()


def router(path: str) -> APIRouter:
    made = APIRouter()
    made.get(path)(nothing)
    return made


def mounted(guard: Any, path: str = "/x") -> FastAPI:
    app = FastAPI(dependencies=[Depends(guard)] if guard else [], openapi_url=None)
    app.get(path)(nothing)
    return app


def application(guard: Any) -> FastAPI:
    app = FastAPI(dependencies=[Depends(guard)], docs_url=None, redoc_url=None, openapi_url=None)

    def x(y: int, decision: Annotated[Any, Depends(guard)]) -> str:
        return str(decision.acts_as)

    app.get("/open")(nothing)
    # The annotation is this function's own, so it is not a text.
    x.__annotations__ = {"y": int, "decision": Annotated[Any, Depends(guard)], "return": str}
    app.get("/x/{y}")(x)
    return app


def run(judge: Any, module: ModuleType, golden: Path) -> None:
    for item, problems in Units(module, golden.read_text(encoding="utf-8")).all():
        judge(item, problems, "")
