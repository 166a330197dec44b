"""Who calls: an account that is signed in, and a throwaway one for calls that would end its session."""

import json
import os
import subprocess
from threading import Lock
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import schemathesis

ORIGIN = os.environ["COUNTERFOIL_PUBLIC_ORIGIN"]
BINARY = os.environ["FUZZ_BINARY"]
PASSWORD = os.environ["FUZZ_PASSWORD"]
# After these the access token is refused, as it should be.
ENDING = {"logout", "deleteAccount", "changePassword", "revokeAllSessions"}


def sign(call, email):
    body = json.dumps({"email": email, "password": PASSWORD}).encode()
    request = Request(f"{ORIGIN}/auth/{call}", body, {"Content-Type": "application/json"})
    return json.load(urlopen(request))["access_token"]


def new_admin():
    """The fuzzer makes administrators of accounts that it has seen, and deletes and demotes others, so there may be none
    left to sign in."""
    email = f"{uuid4()}@example.com"
    command = [BINARY, "user", "create", "--email", email, "--role", "admin"]
    subprocess.run(command, input=PASSWORD, text=True, check=True, capture_output=True)
    return sign("login", email)


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
        self.token = new_admin()

    def get(self, case, context):
        if case.operation.definition.raw["operationId"] in ENDING:
            return sign("register", f"{uuid4()}@example.com")
        with self.lock:
            if not is_good(self.token):
                self.token = new_admin()
            return self.token

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
