/// How it verifies tokens.
extension GuardModule {
  static let tokens = #"""
    # --- keys and tokens ------------------------------------------------------------------------


    class _NoRedirects(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any, **__: Any) -> None:
            return None


    _opener = urllib.request.build_opener(_NoRedirects)


    def _fetched(url: str, timeout: float) -> Any:
        request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "writ-guard"})
        with _opener.open(request, timeout=timeout) as reply:
            return json.loads(reply.read(1_000_000))


    class KeySet:
        """A provider's public keys: fetched when they are first needed, again when they are old or a key is unknown."""

        lifetime = 300.0
        # How long known keys serve while the provider cannot be reached.
        longest = 3600.0
        # Between two fetches, whatever tokens ask for.
        pause = 5.0
        timeout = 5.0

        def __init__(self, provider: Provider, clock: Callable[[], float] = time.monotonic) -> None:
            self._provider = provider
            self._clock = clock
            self._lock = threading.Lock()
            self._keys: list[dict[str, Any]] = []
            self._fetched_at: float | None = None
            self._tried_at: float | None = None

        def key(self, kid: str | None, algorithm: str) -> Any:
            """The key of a token; without `kid`, only where there is no choice: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.4"""
            found = self._matching(kid, refresh=False) or self._matching(kid, refresh=True)
            if len(found) != 1:
                raise _Refused("unknown_key" if kid is not None else "no_kid")
            data = found[0]
            if data.get("alg", algorithm) != algorithm:
                raise _Refused("key_of_another_algorithm")
            try:
                return get_default_algorithms()[algorithm].from_jwk(data)
            except (jwt.PyJWTError, KeyError, ValueError, TypeError):
                raise _Refused("unusable_key") from None

        def _matching(self, kid: str | None, refresh: bool) -> list[dict[str, Any]]:
            keys = self._current(refresh)
            return keys if kid is None else [key for key in keys if key.get("kid") == kid]

        def _current(self, refresh: bool) -> list[dict[str, Any]]:
            with self._lock:
                now = self._clock()
                age = None if self._fetched_at is None else now - self._fetched_at
                if age is not None and age < self.lifetime and not refresh:
                    return self._keys
                if self._tried_at is None or now - self._tried_at >= self.pause:
                    self._tried_at = now
                    try:
                        self._keys = self._fetch()
                        self._fetched_at = now
                        return self._keys
                    except (OSError, ValueError, KeyError, TypeError, AttributeError):
                        pass
                if age is None or age >= self.longest:
                    raise _Refused("keys_unavailable", 503)
                return self._keys

        def _fetch(self) -> list[dict[str, Any]]:
            url = self._provider.jwks
            if url is None:
                known = _fetched(self._provider.issuer.rstrip("/") + "/.well-known/openid-configuration", self.timeout)
                if known["issuer"] != self._provider.issuer or not _is_safe(known["jwks_uri"]):
                    raise ValueError("the discovery document is not the issuer's")
                url = str(known["jwks_uri"])
            keys = [key for key in _fetched(url, self.timeout)["keys"] if isinstance(key, dict)]
            return [key for key in keys if key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"]


    class Tokens:
        """Verifies bearer tokens: signature, issuer, audience and times."""

        # No provider's tokens are longer, and nothing longer is looked into.
        longest = 16_384

        def __init__(self, policy: Policy) -> None:
            self._policy = policy
            self._issuers = {provider.issuer: provider for provider in policy.providers.values()}
            self._keys = {name: KeySet(provider) for name, provider in policy.providers.items()}

        def verified(self, token: str) -> tuple[Provider, dict[str, Any]]:
            """The token's issuer and claims. Raises `_Refused` for every token that proves nothing."""
            if len(token) > self.longest:
                raise _Refused("too_long")
            try:
                header = jwt.get_unverified_header(token)
                issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
            except (jwt.PyJWTError, ValueError, TypeError):
                raise _Refused("malformed") from None
            provider = self._issuers.get(issuer) if isinstance(issuer, str) else None
            if provider is None:
                raise _Refused("unknown_issuer")
            algorithm, kid = header.get("alg"), header.get("kid")
            if not isinstance(algorithm, str) or algorithm not in provider.algorithms:
                raise _Refused("algorithm")
            if kid is not None and not isinstance(kid, str):
                raise _Refused("malformed")
            try:
                claims: dict[str, Any] = jwt.decode(
                    token,
                    self._keys[provider.name].key(kid, algorithm),
                    algorithms=[algorithm],
                    audience=self._policy.audiences(provider.name),
                    issuer=provider.issuer,
                    leeway=self._policy.leeway,
                    options={"require": ["exp", "iat", "iss", "aud", "sub"]},
                )
            except jwt.PyJWTError as error:
                raise _Refused(type(error).__name__) from None
            except (ValueError, TypeError):
                raise _Refused("malformed") from None
            if not isinstance(claims["sub"], str) or not claims["sub"]:
                raise _Refused("no_subject")
            return provider, claims
    """#
}
