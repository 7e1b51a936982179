"""A small identity provider on loopback: discovery, keys, code flow with PKCE."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.faces.conftest import MORNING

CLIENT, SECRET = "aftalefrist", "hemmelig"


class Provider:
    """What is running; ``codes`` are those given and not yet redeemed, ``say`` changes what its tokens claim, or with
    ``...`` leaves it out."""

    def __init__(self, issuer: str, key: RSAKey) -> None:
        self.address, self.own = issuer, key
        self.as_new()

    def as_new(self) -> None:
        """Forget all that was said and asked: making a key takes as long as a test does."""
        self.issuer, self.key, self.signing = self.address, self.own, self.own
        self.codes: dict[str, dict[str, str]] = {}
        self.say: dict[str, Any] = {}
        self.now = int(MORNING.timestamp())
        self.asked: Counter[str] = Counter()
        self.away = False

    def authorize(self, address: str) -> tuple[str, str]:
        """Sign in as the browser would at ``address``; the code and state that come back."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        assert asked["response_type"] == "code"
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        return code, asked["state"]

    def token(self, form: dict[str, str]) -> dict[str, str] | None:
        """The token for a code, if the verifier and the secret are right."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            return None
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if (
            challenge.rstrip(b"=").decode() != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return None
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": self.now, "exp": self.now + 300,
            "nonce": asked["nonce"], "email": "anne@frist.example",
        } | self.say  # fmt: skip
        claims = {claim: said for claim, said in claims.items() if said is not ...}
        return {"id_token": jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.signing)}


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that listens until the block ends."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = provider.issuer
            provider.asked[self.path] += 1
            if provider.away:
                self.tell(None)
                return
            pages = {
                "/.well-known/openid-configuration": {
                    "issuer": base, "authorization_endpoint": f"{base}/auth", "token_endpoint": f"{base}/token",
                    "jwks_uri": f"{base}/keys",
                },
                "/keys": {"keys": [provider.key.as_dict(private=False)]},
            }  # fmt: skip
            self.tell(pages.get(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.tell(provider.token({key: values[0] for key, values in parse_qs(body).items()}))

        def tell(self, told: object) -> None:
            self.send_response(200 if told else 400)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider = Provider(f"http://127.0.0.1:{server.server_port}", RSAKey.generate_key(auto_kid=True))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()
