"""A real application behind uvicorn, a real code flow of OpenID Connect, and every token that must be refused."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import httpx
import jwt
from fake_dbt import FakeDbt
from issuer import Issuer, Key, made
from rendering import rendered

HERE = Path(__file__).resolve().parent
DBT_TOKEN = "dbt-token-of-a-test"
POLICY = """
environments: {{ prod: {{ protected: true }} }}
identity_providers:
  corp: {{ type: oidc, issuer: "{corp}", audience: orders-api }}
  own: {{ type: oidc, issuer: "{own}", audience: orders-api, algorithms: [RS256, ES256] }}
users:
  ana: {{ email: ana@acme.example }}
  eve: {{ identity: {{ provider: corp, subject: eve }} }}
  mal: {{ email: mal@acme.example }}
  late: {{ identity: {{ provider: own, subject: late }} }}
  soon: {{ identity: {{ provider: own, subject: soon }} }}
  two: {{ identity: {{ provider: own, subject: both }} }}
services:
  api: {{ owner: eve }}
  airflow_worker: {{ owner: eve, identity: {{ provider: own, subject: 0oa2air }} }}
  robot: {{ owner: eve, identity: {{ provider: own, claims: {{ team: data }} }} }}
groups:
  analysts: {{ owners: [eve], source: provider, identity: {{ provider: corp, group: dp-analysts }} }}
systems:
  orders_api:
    type: fastapi
    environments: {{ prod: {{ url: https://orders.acme.example, audience: orders-api }} }}
    routes:
      health: {{ method: GET, path: /health, public: true }}
      list_orders: {{ method: [GET, HEAD], path: /orders }}
      one_order: {{ method: GET, path: "/orders/{{order}}" }}
      delete_order: {{ method: DELETE, path: "/orders/{{order}}" }}
      run_models: {{ method: POST, path: "/jobs/{{job}}/runs" }}
roles:
  reader: {{ can: {{ call: [orders_api/list_*, orders_api/one_order] }} }}
  operator: {{ inherits: [reader], can: {{ call: {{ of: [orders_api/*], except: [orders_api/delete_*] }} }} }}
bindings:
  - {{ role: reader, to: [analysts, ana, mal, two, robot], in: [prod] }}
  - {{ role: operator, to: [eve, airflow_worker], in: [prod] }}
  - {{ role: reader, to: [late], in: [prod], until: 2026-01-31 }}
  - {{ role: reader, to: [soon], in: [prod], from: 2099-01-31 }}
artifacts:
  guard:
    target: fastapi_guard
    path: "orders-${{environment}}.policy.json"
    audience: api
    system: orders_api
    environment: [prod]
    module: writ_guard.py
    emails_from: corp
    not_after: 2099-12-31
"""
PEOPLE = [
    {"sub": "ana", "email": "ana@acme.example", "email_verified": True},
    {"sub": "eve"},
    {"sub": "kim", "groups": ["dp-analysts", "others"]},
    {"sub": "mal", "email": "mal@acme.example", "email_verified": False},
    {"sub": "bob", "groups": ["others"]},
]


def free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])


def code_flow(corp: str, sub: str, client: str = "orders-api") -> str:
    """An ID token, as a browser and a client get it: authorisation, code, token."""
    known = httpx.get(corp + "/.well-known/openid-configuration").json()
    back = "http://127.0.0.1/back"
    asked = {"client_id": client, "redirect_uri": back, "response_type": "code", "scope": "openid profile email groups", "state": "s"}
    reply = httpx.post(known["authorization_endpoint"], params=asked, data={"sub": sub})
    code = parse_qs(urlparse(reply.headers["location"]).query)["code"][0]
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "client_id": client, "client_secret": "x"}
    return str(httpx.post(known["token_endpoint"], data=given).json()["id_token"])


class Api:
    """The application in a process of its own, with its audit in a file."""

    def __init__(self, generated: Path, dbt: str, log: Path, shift: int = 0) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = log
        environment = os.environ | {
            "GUARD_DOCUMENT": str(generated / "orders-prod.policy.json"), "PYTHONPATH": str(generated), "DBT_URL": dbt, "DBT_TOKEN": DBT_TOKEN,
            "GUARD_SHIFT": str(shift),
        }
        words = [sys.executable, "-W", "ignore", "-m", "uvicorn", "app:app", "--app-dir", str(HERE), "--log-level", "warning"]
        with log.open("w") as file:
            self.process = subprocess.Popen([*words, "--port", self.url.rpartition(":")[2]], env=environment, stderr=file)
        answers(self.url + "/health", self.process)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def answers(url: str, process: subprocess.Popen[Any]) -> None:
    for _ in range(120):
        try:
            httpx.get(url)
            return
        except httpx.HTTPError:
            if process.poll() is not None:
                break
            time.sleep(0.25)
    raise RuntimeError(f"{url} does not answer")


def run(judge: Any, program: Path, folder: Path) -> None:
    """Every case, each told to `judge(item, problems, detail)`."""
    with ExitStack() as stack:
        first, second = Key("k1"), Key("k2")
        own = Issuer(first)
        stack.callback(own.close)
        dbt = FakeDbt(7, {42}, DBT_TOKEN)
        stack.callback(dbt.close)
        port = free_port()
        corp = f"http://127.0.0.1:{port}"
        words = [str(Path(sys.executable).parent / "oidc-provider-mock"), "-p", str(port)]
        for person in PEOPLE:
            words += ["--user-claims", json.dumps(person)]
        provider = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(provider.terminate)
        answers(corp + "/.well-known/openid-configuration", provider)
        # Its issuer is what it says itself.
        issuer = httpx.get(corp + "/.well-known/openid-configuration").json()["issuer"]
        generated = rendered(program, folder, POLICY.format(corp=issuer, own=own.url))
        api = Api(generated, dbt.url, folder / "audit.log")
        stack.callback(api.close)
        people = {each["sub"]: code_flow(corp, str(each["sub"])) for each in PEOPLE}

        def ask(item: str, method: str, path: str, token: str | None, status: int, reason: str | None, **expected: Any) -> dict[str, Any]:
            known = len(api.lines())
            headers = {"Authorization": f"Bearer {token}".strip()} if token is not None else {}
            reply = httpx.request(method, api.url + path, headers=headers)
            problems = [] if reply.status_code == status else [f"{reply.status_code}, not {status}: {reply.text[:80]}"]
            said = [line for line in api.lines()[known:] if line["event"] == "decision"]
            if reason is None:
                problems += [f"an audit line for what no route answers: {said}"] if said else []
            elif len(said) != 1:
                problems.append(f"{len(said)} audit lines, not one")
            else:
                wanted = {"status": status if status != 502 else 200, "reason": reason, "policy_revision": revision, "method": method} | expected
                problems += [f"audit {name}: {said[0].get(name)!r}, not {value!r}" for name, value in wanted.items() if said[0].get(name) != value]
                if token and token in json.dumps(said):
                    problems.append("the audit holds the token")
            if status == 401 and "www-authenticate" not in reply.headers:
                problems.append("401 without WWW-Authenticate")
            judge(item, problems, f"{status} {reason or ''}")
            return said[0] if said else {}

        revision = json.loads((generated / "orders-prod.policy.json").read_text())["revision"]
        worker = own.token
        allowed_cases(ask, people, worker, own)
        refused_cases(ask, people, corp, own, first, second)
        rotation(ask, judge, own, first, second)
        dbt_cases(ask, judge, worker, dbt, api, revision)
        over = Api(generated, dbt.url, folder / "over.log", shift=80 * 365 * 86_400)
        stack.callback(over.close)
        for path, token in (("/health", None), ("/orders", worker())):
            reply = httpx.get(over.url + path, headers={"Authorization": f"Bearer {token}"} if token else {})
            judge(f"not_after {path}", [] if reply.status_code == 503 else [f"{reply.status_code}, not 503"], "503")


def allowed_cases(ask: Any, people: dict[str, str], worker: Any, own: Issuer) -> None:
    ask("public without a token", "GET", "/health", None, 200, "public")
    ask("verified email", "GET", "/orders/1", people["ana"], 200, "allowed", principal="ana", roles=["reader"], route="one_order")
    ask("subject", "GET", "/orders", people["eve"], 200, "allowed", principal="eve", roles=["operator"])
    ask("HEAD", "HEAD", "/orders", people["eve"], 200, "allowed")
    ask("group's claim", "GET", "/orders", people["kim"], 200, "allowed", principal=None, groups=["analysts"], subject="kim")
    ask("service", "GET", "/orders/7", worker(), 200, "allowed", principal="airflow_worker")
    ask("claims", "GET", "/orders", worker(sub="any", team="data"), 200, "allowed", principal="robot")
    ask("one audience of several", "GET", "/orders", worker(aud=["other", "orders-api"]), 200, "allowed")
    ask("no kid and one key", "GET", "/orders", worker(kid=None), 200, "allowed")
    ask("clock ahead within leeway", "GET", "/orders", worker(iat=int(time.time()) + 20, nbf=int(time.time()) + 20), 200, "allowed")
    ask("over within leeway", "GET", "/orders", worker(exp=int(time.time()) - 10), 200, "allowed")


def refused_cases(ask: Any, people: dict[str, str], corp: str, own: Issuer, first: Key, second: Key) -> None:
    worker, now = own.token, int(time.time())
    refuse = [("no token", None, "no_token"), ("empty token", "", "no_token"), ("no token at all", "x.y.z", "malformed"),
              ("a text", "hello", "malformed"), ("too long", "a" * 20_000, "too_long")]
    refuse += [
        ("wrong audience, real flow", code_flow(corp, "eve", "another-client"), "InvalidAudienceError"),
        ("wrong audience", worker(aud="another"), "InvalidAudienceError"),
        ("no audience", worker(aud=None), "MissingRequiredClaimError"),
        ("unknown issuer", worker(iss="https://evil.example"), "unknown_issuer"),
        ("no issuer", worker(iss=None), "unknown_issuer"),
        ("issuer with a slash more", worker(iss=own.url + "/"), "unknown_issuer"),
        ("another provider's issuer", worker(iss=corp, sub="eve"), "unknown_key"),
        ("expired", worker(exp=now - 60), "ExpiredSignatureError"),
        ("never expires", worker(exp=None), "MissingRequiredClaimError"),
        ("not yet valid", worker(nbf=now + 120), "ImmatureSignatureError"),
        ("issued in the future", worker(iat=now + 120), "ImmatureSignatureError"),
        ("no subject", worker(sub=None), "MissingRequiredClaimError"),
        ("forged with another key", worker(second, kid="k1"), "InvalidSignatureError"),
        ("unknown key", worker(second), "unknown_key"),
        ("alg none", made({"alg": "none", "kid": "k1"}, own.claims()), "algorithm"),
        ("alg None", made({"alg": "None", "kid": "k1"}, own.claims()), "algorithm"),
        ("no alg", made({"kid": "k1"}, own.claims()), "algorithm"),
        ("HS256 with the public key", made({"alg": "HS256", "kid": "k1"}, own.claims(), first.pem), "algorithm"),
        ("HS256 called RS256", made({"alg": "RS256", "kid": "k1"}, own.claims(), first.pem), "InvalidSignatureError"),
        ("algorithm not in the policy", worker(algorithm="RS512"), "algorithm"),
        ("a key of another algorithm", made({"alg": "ES256", "kid": "k1"}, own.claims(), b"x"), "key_of_another_algorithm"),
        ("its own key in the header", jwt.encode(own.claims(), second.private, "RS256", headers={"kid": "k1", "jwk": second.public}),
         "InvalidSignatureError"),
        ("its own key's address", jwt.encode(own.claims(), second.private, "RS256", headers={"jku": "http://127.0.0.1:1/keys", "kid": "k9"}),
         "unknown_key"),
        ("a changed claim", changed(worker(sub="nobody"), own.claims()), "InvalidSignatureError"),
        ("no signature", worker().rpartition(".")[0] + ".", "InvalidSignatureError"),
    ]
    for item, token, reason in refuse:
        ask(item, "GET", "/orders", token, 401, reason, decision="deny")
    forbid: list[tuple[str, str, str, str, str, dict[str, Any]]] = [
        ("wrong role", "DELETE", "/orders/1", people["eve"], "not_allowed", {"principal": "eve"}),
        ("nobody's", "GET", "/orders", people["bob"], "not_allowed", {"principal": None, "subject": "bob"}),
        ("unverified email", "GET", "/orders", people["mal"], "not_allowed", {"principal": None}),
        ("email of another provider", "GET", "/orders", worker(sub="x", email="ana@acme.example", email_verified=True), "not_allowed", {}),
        ("group of another provider", "GET", "/orders", worker(sub="x", groups=["dp-analysts"]), "not_allowed", {"groups": []}),
        ("unlisted route", "GET", "/unlisted", people["eve"], "no_such_route", {"route": None}),
        ("a rule behind a prefix", "GET", "/admin/orders", people["eve"], "no_such_route", {"route": None}),
        ("a role that has ended", "GET", "/orders", worker(sub="late"), "not_allowed", {"principal": "late"}),
        ("a role that begins later", "GET", "/orders", worker(sub="soon"), "not_allowed", {"principal": "soon"}),
        ("two principals at once", "GET", "/orders", worker(sub="both", team="data"), "several_principals", {"principal": None}),
    ]
    for item, method, path, token, reason, expected in forbid:
        ask(item, method, path, token, 403, reason, decision="deny", **expected)
    ask("unlisted route without a token", "GET", "/unlisted", None, 401, "no_token")
    ask("no such route", "GET", "/nope", people["eve"], 404, None)
    ask("no such method", "PATCH", "/orders", people["eve"], 405, None)


def changed(token: str, claims: dict[str, Any]) -> str:
    head, _, signature = token.split(".")
    return f"{head}.{made({}, claims).split('.')[1]}.{signature}"


def rotation(ask: Any, judge: Any, own: Issuer, first: Key, second: Key) -> None:
    time.sleep(5.5)  # The guard asks for keys every five seconds at most.
    own.keys = [first, second]
    ask("a key that is new", "GET", "/orders", own.token(second), 200, "allowed")
    ask("no kid and two keys", "GET", "/orders", own.token(kid=None), 401, "no_kid")
    fetches = own.fetches
    for number in range(20):
        ask(f"flood {number}", "GET", "/orders", own.token(second, kid=f"x{number}"), 401, "unknown_key")
    judge("flood", [] if own.fetches - fetches <= 1 else [f"{own.fetches - fetches} fetches for 20 unknown keys"], "one fetch at most")
    elliptic = Key("e1", "ES256")
    time.sleep(5.5)
    own.keys = [second, elliptic]
    ask("ES256", "GET", "/orders", own.token(elliptic), 200, "allowed")
    ask("a key that is gone", "GET", "/orders", own.token(first), 401, "unknown_key")
    own.is_down = True
    time.sleep(5.5)
    ask("known key while the issuer is down", "GET", "/orders", own.token(second), 200, "allowed")
    ask("unknown key while the issuer is down", "GET", "/orders", own.token(first), 401, "unknown_key")
    own.is_down = False


def dbt_cases(ask: Any, judge: Any, worker: Any, dbt: FakeDbt, api: Api, revision: str) -> None:
    known = {"principal": "airflow_worker", "route": "run_models"}
    token = worker(sub="0oa2air")
    said = ask("a dbt job", "POST", "/jobs/42/runs", token, 200, "allowed", **known)
    cause = dbt.runs[-1]["trigger"]["cause"] if dbt.runs else ""
    wanted = f"policy={revision} sub=0oa2air roles=operator decision={said.get('id')}"
    judge("cause", [] if cause == wanted else [f"{cause!r}, not {wanted!r}"], cause)
    effects = [line for line in api.lines() if line["event"] == "effect"]
    run = dbt.runs[-1]["id"] if dbt.runs else None
    good = len(effects) == 1 and (effects[0]["dbt_run_id"], effects[0]["id"]) == (run, said.get("id"))
    judge("the run's id in the audit", [] if good else [f"{effects}"], f"run {run}")
    ask("a dbt job that is not there", "POST", "/jobs/43/runs", token, 502, "allowed", **known)
    runs = len(dbt.runs)
    ask("a dbt job without the role", "POST", "/jobs/42/runs", worker(sub="any", team="data"), 403, "not_allowed")
    judge("no run for a refusal", [] if len(dbt.runs) == runs else ["there was a run"], "")
