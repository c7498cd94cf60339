#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An OpenID provider for the mail test bed, on the Debian package python3-oauthlib.

server.py DIR

It takes the place of server.mjs where that cannot run: the same settings, accounts, clients, paths
and doors for tests, without the device flow. What a request may have, and what it means, is decided
by oauthlib; here are its memory, its pages, and HTTP. Besides server.mjs's doors for tests:

POST /testbed/seen    -> the forms that were posted to /token, with all their secrets
"""
import base64
import datetime
import html
import http.server
import json
import os
import secrets
import ssl
import sys
import threading
import time
import urllib.parse

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from oauthlib.oauth2 import FatalClientError, OAuth2Error
from oauthlib.openid import RequestValidator, Server

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # redirects are http, on this computer

DIR = sys.argv[1]
with open(os.path.join(DIR, "testbed.env")) as f:
    ENV = dict(line.rstrip("\n").split("=", 1) for line in f)
with open(os.path.join(DIR, "users.tsv")) as f:
    USERS = dict(line.rstrip("\n").split("\t") for line in f)
ISSUER = ENV["OIDC_ISSUER"]
TOKEN_TTL = int(ENV["TOKEN_TTL"])
SCOPES = {"openid", "email", "offline_access", "mail"}
CODE_TTL = 60
REFRESH_TTL = 30 * 86400
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
PATHS = {"", "/", "/callback"}

LOCK = threading.RLock()


class Client:
    def __init__(self, client_id, secret=None, basic=True, ttl=TOKEN_TTL, refreshes=True,
                 signs_in=True):
        self.client_id, self.secret, self.basic, self.ttl = client_id, secret, basic, ttl
        self.refreshes, self.signs_in = refreshes, signs_in


CLIENTS = {client.client_id: client for client in (
    Client("native"),
    Client("native-short", ttl=2),
    Client("native-norefresh", refreshes=False),
    Client("confidential", secret="confidential-secret"),
    Client("confidential-post", secret="confidential-secret", basic=False),
    Client("dovecot", secret="dovecot-secret", signs_in=False),
)}


class Record:
    """A code or a token, with what it stands for."""

    def __init__(self, grant, client_id, login, scopes, ttl, **more):
        self.grant, self.client_id, self.login, self.scopes = grant, client_id, login, list(scopes)
        self.until = time.time() + ttl
        self.used = False
        self.__dict__.update(more)


class Memory:
    def __init__(self):
        self.codes, self.access, self.refresh, self.interactions = {}, {}, {}, {}

    def forget_grant(self, grant):
        for table in (self.codes, self.access, self.refresh):
            for key in [key for key, record in table.items() if record.grant == grant]:
                del table[key]

    def forget_login(self, login):
        n = 0
        for table in (self.codes, self.access, self.refresh):
            for key in [key for key, record in table.items() if record.login == login]:
                del table[key]
                n += 1
        return n


MEMORY = Memory()
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def log(*words):
    print(datetime.datetime.now(datetime.timezone.utc).isoformat(), *words, flush=True)


# --- What oauthlib asks ------------------------------------------------------------------------------


class Validator(RequestValidator):
    # Clients.
    def client_authentication_required(self, request, *args, **kwargs):
        client = CLIENTS.get(request.client_id)
        return client is None or client.secret is not None

    def authenticate_client(self, request, *args, **kwargs):
        header = request.headers.get("Authorization", "")
        client_id, secret, basic = request.client_id, request.client_secret, False
        if header.startswith("Basic "):
            pair = base64.b64decode(header[6:]).decode().partition(":")
            client_id, secret = (urllib.parse.unquote(pair[i]) for i in (0, 2))
            basic = True
        client = CLIENTS.get(client_id)
        if client is None or client.secret is None or not secret or basic != client.basic:
            return False
        request.client = client
        return secrets.compare_digest(secret, client.secret)

    def authenticate_client_id(self, client_id, request, *args, **kwargs):
        client = CLIENTS.get(client_id)
        if client is None or client.secret is not None:
            return False
        request.client = client
        return True

    def validate_client_id(self, client_id, request, *args, **kwargs):
        request.client = CLIENTS.get(client_id)
        return request.client is not None and request.client.signs_in

    def validate_grant_type(self, client_id, grant_type, client, request, *args, **kwargs):
        return client.signs_in and (grant_type == "authorization_code"
                                    or (grant_type == "refresh_token" and client.refreshes))

    # The authorization request.
    def validate_redirect_uri(self, client_id, redirect_uri, request, *args, **kwargs):
        uri = urllib.parse.urlsplit(redirect_uri)
        return (uri.scheme == "http" and uri.hostname in LOOPBACK and uri.path in PATHS
                and not uri.query and not uri.fragment)

    def get_default_redirect_uri(self, client_id, request, *args, **kwargs):
        return None

    def validate_response_type(self, client_id, response_type, client, request, *args, **kwargs):
        return response_type == "code"

    def get_default_scopes(self, client_id, request, *args, **kwargs):
        return ["openid"]

    def validate_scopes(self, client_id, scopes, client, request, *args, **kwargs):
        # What is not known is not granted (RFC 6749 section 3.3).
        request.scopes = [scope for scope in scopes if scope in SCOPES]
        return bool(request.scopes)

    def is_pkce_required(self, client_id, request):
        return True

    def validate_silent_login(self, request):
        return False

    def validate_silent_authorization(self, request):
        return False

    def validate_user_match(self, id_token_hint, scopes, claims, request):
        return True

    # Codes.
    def save_authorization_code(self, client_id, code, request, *args, **kwargs):
        MEMORY.codes[code["code"]] = Record(
            secrets.token_hex(8), client_id, request.user, request.scopes, CODE_TTL,
            redirect_uri=request.redirect_uri, challenge=request.code_challenge,
            method=request.code_challenge_method, nonce=request.nonce)

    def validate_code(self, client_id, code, client, request, *args, **kwargs):
        record = MEMORY.codes.get(code)
        if record is None or record.client_id != client_id or record.until < time.time():
            return False
        if record.used:
            # Twice the same code: somebody has stolen it (RFC 6749 section 4.1.2).
            MEMORY.forget_grant(record.grant)
            return False
        request.user, request.scopes, request.grant = record.login, record.scopes, record.grant
        return True

    def confirm_redirect_uri(self, client_id, code, redirect_uri, client, request, *args, **kwargs):
        return MEMORY.codes[code].redirect_uri == redirect_uri

    def get_code_challenge(self, code, request):
        return MEMORY.codes[code].challenge

    def get_code_challenge_method(self, code, request):
        return MEMORY.codes[code].method

    def get_authorization_code_nonce(self, client_id, code, redirect_uri, request):
        return MEMORY.codes[code].nonce

    def get_authorization_code_scopes(self, client_id, code, redirect_uri, request):
        return MEMORY.codes[code].scopes

    def invalidate_authorization_code(self, client_id, code, request, *args, **kwargs):
        MEMORY.codes[code].used = True

    # Tokens.
    def save_bearer_token(self, token, request, *args, **kwargs):
        if not request.client.refreshes:
            token.pop("refresh_token", None)
        grant, client_id = request.grant, request.client.client_id
        MEMORY.access[token["access_token"]] = Record(
            grant, client_id, request.user, request.scopes, request.client.ttl)
        refresh = token.get("refresh_token")
        if refresh is not None and refresh not in MEMORY.refresh:
            MEMORY.refresh[refresh] = Record(grant, client_id, request.user, request.scopes,
                                             REFRESH_TTL)

    def validate_refresh_token(self, refresh_token, client, request, *args, **kwargs):
        record = MEMORY.refresh.get(refresh_token)
        if record is None or record.client_id != client.client_id or record.until < time.time():
            return False
        if record.used:
            # RFC 9700 section 4.14.2: all of the family goes.
            MEMORY.forget_grant(record.grant)
            return False
        record.used = self.rotate_refresh_token(request)
        request.user, request.grant = record.login, record.grant
        return True

    def rotate_refresh_token(self, request):
        return request.client.secret is None

    def get_original_scopes(self, refresh_token, request, *args, **kwargs):
        return MEMORY.refresh[refresh_token].scopes

    def validate_bearer_token(self, token, scopes, request):
        record = MEMORY.access.get(token)
        if record is None or record.until < time.time() or not set(scopes) <= set(record.scopes):
            return False
        request.user, request.scopes = record.login, record.scopes
        return True

    def revoke_token(self, token, token_type_hint, request, *args, **kwargs):
        record = MEMORY.refresh.get(token) or MEMORY.access.get(token)
        if record is not None and record.client_id == request.client.client_id:
            MEMORY.forget_grant(record.grant)

    def introspect_token(self, token, token_type_hint, request, *args, **kwargs):
        record = MEMORY.access.get(token)
        if request.client.client_id != "dovecot" or record is None or record.until < time.time():
            return None
        return {"sub": record.login, "email": record.login, "client_id": record.client_id,
                "scope": " ".join(record.scopes), "exp": int(record.until), "iss": ISSUER,
                "token_type": "Bearer"}

    # Who signed in.
    def finalize_id_token(self, id_token, token, token_handler, request):
        now = int(time.time())
        id_token.update(iss=ISSUER, sub=request.user, exp=now + 3600)
        if "email" in request.scopes:
            id_token.update(email=request.user, email_verified=True)
        return jwt.encode(id_token, KEY, algorithm="RS256", headers={"kid": "testbed"})

    def get_userinfo_claims(self, request):
        claims = {"sub": request.user}
        if "email" in request.scopes:
            claims.update(email=request.user, email_verified=True)
        return claims


SERVER = Server(Validator(), token_expires_in=lambda request: request.client.ttl,
                token_generator=lambda request, refresh_token=False: secrets.token_urlsafe(32))

# --- Doors for tests -----------------------------------------------------------------------------

FAULTS = {}
SEEN = []


def mint(logins, client="native", ttl=TOKEN_TTL, scope="mail"):
    minted = {}
    for login in logins:
        grant = secrets.token_hex(8)
        access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        MEMORY.access[access] = Record(grant, client, login, scope.split(), ttl)
        MEMORY.refresh[refresh] = Record(grant, client, login, scope.split(), REFRESH_TTL)
        minted[login] = {"access_token": access, "refresh_token": refresh}
    return minted


def revoke(login=None, access_token=None):
    if access_token is not None:
        return {"revoked": int(MEMORY.access.pop(access_token, None) is not None)}
    return {"revoked": MEMORY.forget_login(login)}


def fault(path, **what):
    FAULTS[path] = dict({"count": 1}, **what)
    return {}


DOORS = {"health": lambda: {"ok": True}, "mint": mint, "revoke": revoke, "fault": fault,
         "seen": lambda: {"forms": SEEN}}

METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": ISSUER + "/auth",
    "token_endpoint": ISSUER + "/token",
    "revocation_endpoint": ISSUER + "/token/revocation",
    "introspection_endpoint": ISSUER + "/token/introspection",
    "userinfo_endpoint": ISSUER + "/me",
    "scopes_supported": sorted(SCOPES),
    "response_types_supported": ["code"],
    "grant_types_supported": ["authorization_code", "refresh_token"],
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "authorization_response_iss_parameter_supported": True,
}


# --- HTTP ----------------------------------------------------------------------------------------


def with_issuer(location):
    """RFC 9207."""
    return "%s%ciss=%s" % (location, "?&"["?" in location], urllib.parse.quote(ISSUER, safe=""))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def log_message(self, *args):
        pass

    def reply(self, status, body=b"", **headers):
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reply_json(self, status, value):
        self.reply(status, json.dumps(value), Content_Type="application/json",
                   Cache_Control="no-store")

    def reply_page(self, status, body, **headers):
        self.reply(status, "<!doctype html><title>Test bed sign-in</title>" + body,
                   Content_Type="text/html; charset=utf-8", Cache_Control="no-store", **headers)

    def reply_endpoint(self, answer):
        """What an endpoint of oauthlib has made."""
        headers, body, status = answer
        self.reply(status, body or "", **headers)

    def has_fault(self, path):
        fault_now = FAULTS.get(path)
        if fault_now is None or fault_now["count"] <= 0:
            return False
        fault_now["count"] -= 1
        time.sleep(fault_now.get("delay_ms", 0) / 1000)
        if not fault_now.get("status"):
            return False
        self.reply(fault_now["status"], fault_now.get("body", ""), **fault_now.get("headers", {}))
        return True

    def handle_one(self, body):
        path = urllib.parse.urlsplit(self.path).path
        uri = ISSUER + self.path
        headers = dict(self.headers)
        if self.has_fault(path):
            return
        if path.startswith("/testbed/"):
            door = DOORS.get(path[len("/testbed/"):])
            with LOCK:
                self.reply_json(200 if door else 404, door(**json.loads(body or "{}")) if door else {})
        elif path in ("/.well-known/openid-configuration",
                      "/.well-known/oauth-authorization-server"):
            self.reply_json(200, METADATA)
        elif path == "/auth":
            self.begin(uri, headers)
        elif path.startswith("/interaction/"):
            self.interact(path, body)
        elif path == "/token" and self.command == "POST":
            SEEN.append(dict(urllib.parse.parse_qsl(body)))
            with LOCK:
                answer = SERVER.create_token_response(uri, "POST", body, headers)
            form = SEEN[-1]
            log("grant.success" if answer[2] == 200 else "grant.error",
                form.get("client_id", "-"), form.get("grant_type", "-"),
                "" if answer[2] == 200 else json.loads(answer[1]).get("error"))
            self.reply_endpoint(answer)
        elif path == "/token/revocation" and self.command == "POST":
            with LOCK:
                self.reply_endpoint(SERVER.create_revocation_response(uri, "POST", body, headers))
        elif path == "/token/introspection" and self.command == "POST":
            with LOCK:
                self.reply_endpoint(SERVER.create_introspect_response(uri, "POST", body, headers))
        elif path == "/me":
            with LOCK:
                self.reply_endpoint(SERVER.create_userinfo_response(uri, self.command, body, headers))
        else:
            self.reply(404)

    # --- Sign-in and consent ---------------------------------------------------------------------
    def begin(self, uri, headers):
        try:
            scopes, credentials = SERVER.validate_authorization_request(uri, "GET", None, headers)
        except FatalClientError as error:
            # Nobody is sent to an address that cannot be trusted.
            self.reply_page(400, "<h1>%s</h1>" % html.escape(error.error))
            return
        except OAuth2Error as error:
            self.reply(303, Location=with_issuer(error.in_uri(error.redirect_uri)))
            return
        uid = secrets.token_hex(8)
        hint = credentials["request"].login_hint
        credentials.pop("request")
        MEMORY.interactions[uid] = {"uri": uri, "scopes": scopes, "credentials": credentials,
                                    "hint": hint or "", "cookie": secrets.token_hex(16),
                                    "login": None}
        self.reply(303, Location="/interaction/" + uid,
                   Set_Cookie="interaction=%s; Path=/interaction/%s; HttpOnly; SameSite=Lax"
                   % (MEMORY.interactions[uid]["cookie"], uid))

    def interact(self, path, body):
        uid, _, action = path[len("/interaction/"):].partition("/")
        state = MEMORY.interactions.get(uid)
        if state is None or "interaction=%s" % state["cookie"] not in self.headers.get("Cookie", ""):
            self.reply_page(400, "<h1>This sign-in is over</h1>")
        elif action == "abort":
            self.abort(uid, state)
        elif self.command != "POST":
            self.show(uid, state)
        elif action == "login" and state["login"] is None:
            form = dict(urllib.parse.parse_qsl(body))
            if USERS.get(form.get("login")) != form.get("password"):
                self.reply_page(401, "<h1>Wrong address or password</h1>"
                                '<a href="/interaction/%s">Try again</a>' % uid)
                return
            state["login"] = form["login"]
            self.reply(303, Location="/interaction/" + uid)
        elif action == "confirm" and state["login"] is not None:
            self.confirm(uid, state)
        else:
            self.reply_page(400, "<h1>Bad request</h1>")

    def show(self, uid, state):
        if state["login"] is None:
            self.reply_page(200, '<h1>Sign in</h1><form method=post action="/interaction/%s/login">'
                            '<p><label>Mail address <input name=login value="%s"></label>'
                            "<p><label>Password <input name=password type=password></label>"
                            '<p><button>Sign in</button></form><a href="/interaction/%s/abort">'
                            "Cancel</a>" % (uid, html.escape(state["hint"]), uid))
        else:
            self.reply_page(200, "<h1>Allow it?</h1><p>%s: %s"
                            '<form method=post action="/interaction/%s/confirm">'
                            '<button>Allow</button></form><a href="/interaction/%s/abort">Refuse'
                            "</a>" % (html.escape(state["login"]), " ".join(state["scopes"]), uid,
                                      uid))

    def confirm(self, uid, state):
        del MEMORY.interactions[uid]
        with LOCK:
            headers, _, _ = SERVER.create_authorization_response(
                state["uri"], "GET", None, {}, scopes=state["scopes"],
                credentials=dict(state["credentials"], user=state["login"]))
        log("authorization.success", state["credentials"].get("client_id"))
        self.reply(303, Location=with_issuer(headers["Location"]))

    def abort(self, uid, state):
        del MEMORY.interactions[uid]
        refused = urllib.parse.urlencode({"error": "access_denied",
                                          "error_description": "The user refused",
                                          "state": state["credentials"]["state"]})
        self.reply(303, Location=with_issuer("%s?%s" % (state["credentials"]["redirect_uri"],
                                                        refused)))

    def do_GET(self):
        self.handle_one(None)

    def do_POST(self):
        self.handle_one(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())


class TlsServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    tls = None

    def finish_request(self, request, client_address):
        # In the thread of the connection: a client that does not go on stops nobody else.
        request.settimeout(60)
        if self.tls is not None:
            request = self.tls.wrap_socket(request, server_side=True)
        self.RequestHandlerClass(request, client_address, self)

    def handle_error(self, request, client_address):
        log("error", repr(sys.exc_info()[1]))


def main():
    server = TlsServer(("127.0.0.1", int(ENV["OIDC_PORT"])), Handler)
    if ENV["OIDC_SCHEME"] == "https":
        server.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        server.tls.load_cert_chain(os.path.join(DIR, "tls/good.pem"),
                                   os.path.join(DIR, "tls/good.key"))
    log("listening", ISSUER)
    server.serve_forever()


main()
