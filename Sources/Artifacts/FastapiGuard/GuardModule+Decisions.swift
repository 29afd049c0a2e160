/// How it decides, and how it finds what it does not cover.
extension GuardModule {
  static let decisions = #"""
    # --- decisions ------------------------------------------------------------------------------


    @dataclass(frozen=True)
    class Decision:
        """What was decided about one request, and on what it rests."""

        id: str
        revision: str
        is_allowed: bool
        status: int
        reason: str
        method: str
        path: str | None
        route: str | None = None
        acts_as: str | None = None
        issuer: str | None = None
        subject: str | None = None
        principal: str | None = None
        groups: tuple[str, ...] = ()
        roles: tuple[str, ...] = ()
        because: tuple[str, ...] = ()

        @property
        def cause(self) -> str:
            """Who is accountable, in one line for another system's log; no claim can add a word of its own."""
            words = {"policy": self.revision, "sub": self.subject or "", "roles": ",".join(self.roles), "decision": self.id}
            return " ".join(f"{name}={urllib.parse.quote(value, safe='@|:/,._-')}" for name, value in words.items())


    def write_audit(line: str) -> None:
        """Writes one line to standard error. Whatever is taken in its place must raise where it cannot write."""
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


    class Guard:
        """A dependency of FastAPI that lets a request through, or refuses it, and writes down which."""

        def __init__(
            self, policy: Policy, audit: Callable[[str], None] = write_audit, clock: Callable[[], float] = time.time
        ) -> None:
            self.policy = policy
            self._audit = audit
            self._clock = clock
            self._tokens = Tokens(policy)
            self._routes = {(method, route.path): route for route in policy.routes for method in route.methods}

        @classmethod
        def load(cls, path: str | Path, audit: Callable[[str], None] = write_audit) -> "Guard":
            """The guard of a document on disk."""
            return cls(Policy.parse(Path(path).read_text(encoding="utf-8")), audit)

        # FastAPI runs what is not `async` in a thread of its own, so that fetching keys keeps nobody waiting.
        def __call__(self, connection: HTTPConnection) -> Decision:
            if connection.scope["type"] != "http":
                self._record(self._decision(connection, 403, "websocket"))
                raise WebSocketException(1008, "forbidden")
            decision = self._decide(connection)
            # Before anything is done: what cannot be written down is not allowed.
            self._record(decision)
            if not decision.is_allowed:
                raise _refusal(decision)
            return decision

        def effect(self, decision: Decision, **details: str | float | bool | None) -> None:
            """Writes down what came of a decision, such as the id of a run, under the decision's id."""
            self._write({"event": "effect", "id": decision.id, "policy_revision": decision.revision, **details})

        def _decide(self, connection: HTTPConnection) -> Decision:
            path = _template(connection)
            route = self._routes.get((connection.scope["method"], path)) if path is not None else None
            now = self._clock()
            verdict = self.policy.judge(route, [], now)
            if verdict.is_allowed or verdict.reason == "policy_over":
                return self._decision(
                    connection, 200 if verdict.is_allowed else 503, verdict.reason, path=path, route=route
                )
            scheme, _, token = connection.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                return self._decision(connection, 401, "no_token", path=path, route=route)
            if len(connection.headers.getlist("authorization")) != 1:
                return self._decision(connection, 401, "several_tokens", path=path, route=route)
            try:
                provider, claims = self._tokens.verified(token.strip())
            except _Refused as refused:
                return self._decision(connection, refused.status, refused.reason, path=path, route=route)
            named, groups = self.policy.identify(provider, claims)
            shown = {
                "path": path,
                "route": route,
                "issuer": provider.issuer,
                "subject": claims["sub"],
                "principal": named[0] if len(named) == 1 else None,
                "groups": tuple(groups),
            }
            if len(named) > 1:
                return self._decision(connection, 403, "several_principals", **shown)
            verdict = self.policy.judge(route, named + groups, now)
            status = 200 if verdict.is_allowed else 403
            return self._decision(connection, status, verdict.reason, roles=verdict.roles, because=verdict.because, **shown)

        def _decision(self, connection: HTTPConnection, status: int, reason: str, **known: Any) -> Decision:
            route: Route | None = known.pop("route", None)
            return Decision(
                id=uuid.uuid4().hex,
                revision=self.policy.revision,
                is_allowed=status == 200,
                status=status,
                reason=reason,
                method=connection.scope.get("method", "WEBSOCKET"),
                path=known.pop("path", None),
                route=route.name if route else None,
                acts_as=route.acts_as if route else None,
                **known,
            )

        def _record(self, decision: Decision) -> None:
            self._write(
                {
                    "event": "decision",
                    "id": decision.id,
                    "decision": "allow" if decision.is_allowed else "deny",
                    "status": decision.status,
                    "reason": decision.reason,
                    "method": decision.method,
                    "path": decision.path,
                    "route": decision.route,
                    "acts_as": decision.acts_as,
                    "issuer": decision.issuer,
                    "subject": decision.subject,
                    "principal": decision.principal,
                    "groups": decision.groups,
                    "roles": decision.roles,
                    "because": decision.because,
                    "policy_revision": decision.revision,
                }
            )

        def _write(self, fields: dict[str, Any]) -> None:
            moment = datetime.fromtimestamp(self._clock(), timezone.utc).isoformat(timespec="milliseconds")
            place = {"time": moment, "system": self.policy.system, "environment": self.policy.environment}
            self._audit(json.dumps({**fields, **place}, sort_keys=True))

        # --- coverage ---------------------------------------------------------------------------

        def coverage(self, app: FastAPI) -> list[str]:
            """What does not fit: routes without a rule, rules without a route, and what no dependency guards."""
            problems: list[str] = []
            there: set[tuple[str, str]] = set()
            for route, path, is_guarded in _routes_of(app, self):
                if not isinstance(route, APIRoute):
                    problems.append(f"{type(route).__name__} {path}: not guarded, since dependencies do not run for it")
                    continue
                if not is_guarded:
                    problems.append(f"{path}: not guarded, since the guard is no dependency of it")
                for method in sorted(route.methods or ()):
                    there.add((method, path))
                    if (method, path) not in self._routes:
                        problems.append(f"{method} {path}: no route of the policy, so it is refused")
            for (method, path), rule in self._routes.items():
                if (method, path) not in there:
                    problems.append(
                        f"{method} {path}: route `{rule.name}` of the policy, which the application does not have"
                    )
            return sorted(problems)

        def check(self, app: FastAPI) -> None:
            """Raises `CoverageError` where application and policy do not fit."""
            problems = self.coverage(app)
            if problems:
                raise CoverageError("; ".join(problems))


    def _refusal(decision: Decision) -> HTTPException:
        if decision.status == 401:
            error = "Bearer" if decision.reason == "no_token" else 'Bearer error="invalid_token"'
            return HTTPException(401, "unauthenticated", {"WWW-Authenticate": error})
        return HTTPException(decision.status, "forbidden" if decision.status == 403 else "unavailable")


    @lru_cache(maxsize=4096)
    def _pattern(template: str) -> Pattern[str]:
        return compile_path(template)[0]


    def _template(connection: HTTPConnection) -> str | None:
        """The whole template of the route that answers, prefixes of routers and mounts included; None where that is not sure."""
        scope = connection.scope
        route = scope.get("route")
        # Newer versions of FastAPI keep the prefix of an included router beside the route.
        included = scope.get("fastapi", {}).get("effective_route_context")
        found = included if getattr(included, "original_route", None) is route and included is not None else route
        path = getattr(found, "path", None)
        if not isinstance(path, str):
            return None
        base = scope.get("app_root_path", scope.get("root_path", ""))
        template = scope.get("root_path", "").removeprefix(base) + path
        # Wherever the template came from: a rule for `/x` must never decide about `/admin/x`.
        return template if _pattern(template).match(scope["path"].removeprefix(base)) else None


    def _routes_of(app: FastAPI, guard: Guard, prefix: str = "") -> Iterator[tuple[Any, str, bool]]:
        contexts: Callable[[Any], Any] = getattr(fastapi_routing, "iter_route_contexts", iter)
        for context in contexts(app.routes):
            route = getattr(context, "original_route", context)
            path = prefix + (getattr(context, "path", None) or "")
            if isinstance(route, Mount) and isinstance(route.app, FastAPI):
                yield from _routes_of(route.app, guard, path)
            else:
                yield route, path, _depends_on(getattr(context, "dependant", None), guard)


    def _depends_on(dependant: Any, guard: Guard) -> bool:
        rest = list(getattr(dependant, "dependencies", []))
        while rest:
            each = rest.pop()
            if each.call is guard:
                return True
            rest += each.dependencies
        return False
    """#
}
