/// How it reads a document.
extension GuardModule {
  static let document = #"""
    # --- the document ---------------------------------------------------------------------------


    @dataclass(frozen=True)
    class Provider:
        """Whoever issues tokens, and how they are verified."""

        name: str
        issuer: str
        jwks: str | None
        algorithms: tuple[str, ...]
        claims: Mapping[str, str | bool]


    @dataclass(frozen=True)
    class Proof:
        """What a token must show, all of it, to be somebody's."""

        provider: str
        audience: str
        claims: Mapping[str, str | bool]
        contains: Mapping[str, str]


    @dataclass(frozen=True)
    class Principal:
        """A user or a service; or a group whose members only its provider knows."""

        name: str
        kind: str
        proofs: tuple[Proof, ...]


    @dataclass(frozen=True)
    class Rule:
        """One way in which somebody may call a route, from `start` until before `end`: seconds since 1970."""

        principal: str
        roles: tuple[str, ...]
        start: float | None
        end: float | None
        because: tuple[str, ...]


    @dataclass(frozen=True)
    class Route:
        """A route, with everybody who may call it."""

        name: str
        methods: tuple[str, ...]
        path: str
        is_public: bool
        acts_as: str | None
        rules: tuple[Rule, ...]


    class _Fields:
        """One object of the document. What nobody reads is refused: it might be there to restrict something."""

        def __init__(self, value: object, place: str) -> None:
            if not isinstance(value, dict):
                raise PolicyError(f"{place} is not an object")
            self._left: dict[str, Any] = dict(value)
            self._place = place

        def take(self, name: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
            value = self._left.pop(name, default)
            if value is ...:
                raise PolicyError(f"{self._place} has no `{name}`")
            if value is not default and (not isinstance(value, kind) or (isinstance(value, bool) and kind is int)):
                raise PolicyError(f"`{name}` of {self._place} is of the wrong kind")
            return value

        def text(self, name: str) -> str:
            return str(self.take(name, str))

        def texts(self, name: str) -> tuple[str, ...]:
            values = self.take(name, list)
            if not all(isinstance(value, str) for value in values):
                raise PolicyError(f"`{name}` of {self._place} holds more than texts")
            return tuple(values)

        def items(self, name: str) -> "Iterator[_Fields]":
            for index, value in enumerate(self.take(name, list)):
                yield _Fields(value, f"`{name}` {index + 1} of {self._place}")

        def claims(self, name: str, kinds: tuple[type, ...], default: Any = ...) -> dict[str, Any]:
            values: dict[str, Any] = self.take(name, dict, default)
            if not all(isinstance(value, kinds) for value in values.values()):
                raise PolicyError(f"`{name}` of {self._place} holds a value of the wrong kind")
            return values

        def moment(self, name: str, default: Any = None) -> float | None:
            value = self.take(name, str, default)
            if value is None:
                return None
            try:
                return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()
            except ValueError:
                raise PolicyError(f"`{name}` of {self._place} is no moment") from None

        def end(self) -> None:
            if self._left:
                raise PolicyError(f"{self._place} has `{min(self._left)}`, which this module does not know")


    @dataclass(frozen=True)
    class Verdict:
        """Whether a route may be called, and on what that rests."""

        is_allowed: bool
        reason: str
        roles: tuple[str, ...] = ()
        because: tuple[str, ...] = ()


    @dataclass(frozen=True)
    class Policy:
        """Who may call which route. Knows neither tokens' signatures nor requests."""

        revision: str
        artifact: str
        system: str
        environment: str
        not_after: float | None
        leeway: int
        providers: Mapping[str, Provider]
        principals: tuple[Principal, ...]
        routes: tuple[Route, ...]

        @classmethod
        def parse(cls, text: str) -> "Policy":
            """Reads a document; raises `PolicyError` where it is not whole, or is not as it was rendered."""
            try:
                top = _Fields(json.loads(text, object_pairs_hook=_unique), "the document")
            except ValueError as error:
                raise PolicyError(f"the document is no JSON: {error}") from None
            if top.take("version", int) != 1:
                raise PolicyError("the document's version is not 1: render it and this module together")
            if top.text("default") != "deny":
                raise PolicyError("the document's default is not `deny`")
            revision = top.text("revision")
            # The first one: the revision stands before everything that a policy's author could write.
            blank = text.replace(f'"revision": "{revision}"', f'"revision": "{"0" * 64}"', 1)
            if hashlib.sha256(blank.encode()).hexdigest() != revision:
                raise PolicyError("the document is not as it was rendered: change the policy, and render it again")
            top.text("note")
            providers = {provider.name: provider for provider in map(_provider, top.items("providers"))}
            policy = cls(
                revision=revision,
                artifact=top.text("artifact"),
                system=top.text("system"),
                environment=top.text("environment"),
                not_after=top.moment("not_after"),
                leeway=top.take("leeway", int),
                providers=providers,
                principals=tuple(map(_principal, top.items("principals"))),
                routes=tuple(map(_route, top.items("routes"))),
            )
            top.end()
            if not 0 <= policy.leeway <= 300:
                raise PolicyError("`leeway` is not between 0 and 300 seconds")
            if any(proof.provider not in providers for each in policy.principals for proof in each.proofs):
                raise PolicyError("a proof names a provider that the document does not have")
            return policy

        def audiences(self, provider: str) -> list[str]:
            """What `aud` may hold in a provider's tokens."""
            return sorted(
                {proof.audience for each in self.principals for proof in each.proofs if proof.provider == provider}
            )

        def identify(self, provider: Provider, claims: Mapping[str, Any]) -> tuple[list[str], list[str]]:
            """The users and services that a verified token is of, and the provider's groups that it is in.

            More than one user or service is nobody: such a token must not be taken for either.
            """
            named: list[str] = []
            groups: list[str] = []
            if not _shows(claims, provider.claims):
                return named, groups
            for principal in self.principals:
                if any(proof.provider == provider.name and _proves(claims, proof) for proof in principal.proofs):
                    (groups if principal.kind == "group" else named).append(principal.name)
            return named, groups

        def judge(self, route: Route | None, principals: list[str], now: float) -> Verdict:
            """Whether any of these may call the route at a moment."""
            if self.not_after is not None and now >= self.not_after:
                return Verdict(False, "policy_over")
            if route is None:
                return Verdict(False, "no_such_route")
            if route.is_public:
                return Verdict(True, "public")
            held = [
                rule
                for rule in route.rules
                if rule.principal in principals
                and (rule.start is None or rule.start <= now)
                and (rule.end is None or now < rule.end)
            ]
            if not held:
                return Verdict(False, "not_allowed")
            roles = sorted({role for rule in held for role in rule.roles})
            return Verdict(True, "allowed", tuple(roles), held[0].because)


    def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a name is there twice")
        return found


    def _provider(fields: _Fields) -> Provider:
        provider = Provider(
            name=fields.text("name"),
            issuer=fields.text("issuer"),
            jwks=fields.take("jwks", str, None),
            algorithms=fields.texts("algorithms"),
            claims=fields.claims("claims", (str, bool)),
        )
        fields.end()
        # A key that everybody may fetch is no secret, so nothing may be verified with it as one.
        if not provider.algorithms or any(name == "none" or name.startswith("HS") for name in provider.algorithms):
            raise PolicyError(f"provider `{provider.name}` must name algorithms of public keys")
        for url in (provider.issuer, provider.jwks):
            if url is not None and not _is_safe(url):
                raise PolicyError(f"`{url}` is neither https nor on this machine")
        return provider


    def _principal(fields: _Fields) -> Principal:
        proofs = []
        for each in fields.items("proofs"):
            proof = Proof(
                provider=each.text("provider"),
                audience=each.text("audience"),
                claims=each.claims("claims", (str, bool)),
                contains=each.claims("contains", (str,), {}),
            )
            each.end()
            if not proof.audience or not (proof.claims or proof.contains):
                raise PolicyError("a proof that asks for nothing would be everybody's")
            proofs.append(proof)
        principal = Principal(name=fields.text("name"), kind=fields.text("kind"), proofs=tuple(proofs))
        fields.take("declared", str, None)
        fields.end()
        return principal


    def _route(fields: _Fields) -> Route:
        rules = []
        for each in fields.items("allow"):
            rule = Rule(
                principal=each.text("principal"),
                roles=each.texts("roles"),
                start=each.moment("from"),
                end=each.moment("until"),
                because=each.texts("because"),
            )
            each.end()
            rules.append(rule)
        route = Route(
            name=fields.text("name"),
            methods=fields.texts("methods"),
            path=fields.text("path"),
            is_public=fields.take("public", bool),
            acts_as=fields.take("acts_as", str, None),
            rules=tuple(rules),
        )
        fields.take("declared", str, None)
        fields.end()
        return route


    def _shows(claims: Mapping[str, Any], wanted: Mapping[str, str | bool]) -> bool:
        # `True == 1` in Python, so the kind counts as well.
        return all(type(claims.get(name)) is type(value) and claims[name] == value for name, value in wanted.items())


    def _proves(claims: Mapping[str, Any], proof: Proof) -> bool:
        audience = claims.get("aud")
        if proof.audience not in (audience if isinstance(audience, list) else [audience]):
            return False
        lists = all(isinstance(claims.get(name), list) and value in claims[name] for name, value in proof.contains.items())
        return lists and _shows(claims, proof.claims)


    def _is_safe(url: str) -> bool:
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname or ""
        is_local = host in ("localhost", "127.0.0.1", "::1")
        return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_local))
    """#
}
