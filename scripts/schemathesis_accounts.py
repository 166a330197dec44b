"""Who calls: an account that is signed in, and a throwaway one for calls that would end its session."""

import json
import os
from threading import Lock
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import schemathesis

ORIGIN = os.environ["COUNTERFOIL_PUBLIC_ORIGIN"]
ADMIN = os.environ["FUZZ_ADMIN"]
PASSWORD = os.environ["FUZZ_PASSWORD"]
# After these the access token is refused, as it should be.
ENDING = {"logout", "deleteAccount", "changePassword", "revokeAllSessions"}


def sign(call, email):
    body = json.dumps({"email": email, "password": PASSWORD}).encode()
    request = Request(f"{ORIGIN}/auth/{call}", body, {"Content-Type": "application/json"})
    return json.load(urlopen(request))["access_token"]


def is_good(token):
    try:
        urlopen(Request(f"{ORIGIN}/api/me", headers={"Authorization": f"Bearer {token}"}))
    except HTTPError:
        return False
    return True


@schemathesis.auth(refresh_interval=None)
class Caller:
    def __init__(self):
        self.lock = Lock()
        self.token = sign("login", ADMIN)

    def get(self, case, context):
        if case.operation.definition.raw["operationId"] in ENDING:
            return sign("register", f"{uuid4()}@example.com")
        with self.lock:
            if not is_good(self.token):
                self.token = sign("login", ADMIN)
            return self.token

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
