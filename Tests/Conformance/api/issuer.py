"""An issuer of tokens whose keys and clock a test decides: what no real provider can be made to do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa


class Key:
    """One key pair, with the id under which it is published; None where it has none."""

    def __init__(self, kid: str | None, algorithm: str = "RS256") -> None:
        self.kid, self.algorithm = kid, algorithm
        self.private: Any = (
            ec.generate_private_key(ec.SECP256R1()) if algorithm.startswith("ES") else rsa.generate_private_key(public_exponent=65537, key_size=2048)
        )

    @property
    def public(self) -> dict[str, Any]:
        kind = jwt.algorithms.ECAlgorithm if self.algorithm.startswith("ES") else jwt.algorithms.RSAAlgorithm
        data = json.loads(kind.to_jwk(self.private.public_key()))
        data.pop("key_ops", None)
        return data | {"use": "sig", "alg": self.algorithm} | ({"kid": self.kid} if self.kid else {})

    @property
    def pem(self) -> bytes:
        return bytes(self.private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))


class Issuer:
    """Publishes discovery and keys on a port of its own."""

    def __init__(self, *keys: Key) -> None:
        self.keys = list(keys)
        self.fetches = 0
        self.is_down = False
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                documents = {
                    "/.well-known/openid-configuration": {"issuer": issuer.url, "jwks_uri": issuer.url + "/keys"},
                    "/keys": {"keys": [key.public for key in issuer.keys]},
                }
                issuer.fetches += self.path == "/keys"
                found = None if issuer.is_down else documents.get(self.path)
                body = json.dumps(found).encode()
                self.send_response(200 if found else 503)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": self.url, "aud": "orders-api", "sub": "0oa2air", "iat": now, "exp": now + 300} | changed
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, key: Key | None = None, *, kid: str | None = "", algorithm: str | None = None, **changed: Any) -> str:
        key = key or self.keys[0]
        kid = key.kid if kid == "" else kid
        headers = {"kid": kid} if kid is not None else None
        return jwt.encode(self.claims(**changed), key.private, algorithm=algorithm or key.algorithm, headers=headers)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def made(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None = None) -> str:
    """A token that no library would make: unsigned, or signed with HMAC by whatever bytes."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    text = ".".join(part(json.dumps(each).encode()) for each in (header, claims))
    signature = hmac.new(secret, text.encode(), hashlib.sha256).digest() if secret is not None else b""
    return f"{text}.{part(signature)}"
