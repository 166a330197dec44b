"""A service of its own that verifies Counterfoil's access tokens by its JWKS: GET /whoami.

ISSUER=http://localhost:3000 ALGORITHM=ES256 PORT=4002 python verify.py
"""

import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import jwt

ISSUER = os.environ.get("ISSUER", "http://localhost:3000")
AUDIENCE = os.environ.get("AUDIENCE", ISSUER)
JWKS_URL = os.environ.get("JWKS_URL", f"{ISSUER}/.well-known/jwks.json")
# Chosen here and never by the token. While Counterfoil changes algorithms, both: "ES256,EdDSA".
ALGORITHMS = os.environ.get("ALGORITHM", "ES256").split(",")
COOLDOWN = float(os.environ.get("COOLDOWN_SECONDS", "30"))
MAX_AGE = 300


class Keys:
    """The JWKS, kept for five minutes; an unknown kid has it fetched once more, then not before the cool-down."""

    def __init__(self):
        self.lock, self.keys, self.fetched_at = threading.Lock(), {}, float("-inf")

    def find(self, kid):
        with self.lock:
            age = time.monotonic() - self.fetched_at
            if age >= MAX_AGE or (kid not in self.keys and age >= COOLDOWN):
                with urlopen(JWKS_URL, timeout=5) as reply:
                    found = jwt.PyJWKSet.from_dict(json.load(reply)).keys
                self.keys, self.fetched_at = {key.key_id: key for key in found}, time.monotonic()
            return self.keys[kid]


KEYS = Keys()


def whoami(authorization):
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise ValueError("no access token")
    header = jwt.get_unverified_header(token)
    key = KEYS.find(header["kid"])
    # A key has one algorithm of its own, and the token has to be of that one.
    if header.get("typ") != "at+jwt" or header.get("alg") != key.algorithm_name:
        raise ValueError("not an access token")
    required = {"require": ["exp", "iat", "iss", "aud", "sub", "jti"]}
    claims = jwt.decode(token, key, ALGORITHMS, options=required, issuer=ISSUER, audience=AUDIENCE)
    return claims["sub"]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/whoami":
            return self.answer(404, {"error": "not_found"})
        try:
            self.answer(200, {"sub": whoami(self.headers["Authorization"])})
        except Exception:  # the caller learns nothing more than that the token is not good
            self.answer(401, {"error": "invalid_token"}, ("WWW-Authenticate", 'Bearer error="invalid_token"'))

    def answer(self, status, body, *headers):
        self.send_response(status)
        for name, value in [("Content-Type", "application/json"), ("Cache-Control", "no-store"), *headers]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        """Access logs would be noise here."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "4002"))), Handler).serve_forever()
