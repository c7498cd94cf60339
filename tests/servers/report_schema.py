# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a report in JSON, schema 1, key by key.

Written from the description of the report, not from the program: what scripts and monitoring build
on.  New keys may be there; none that is described here may be missing or of another kind.
"""
import re

CODES = set("""
    ok cancelled database-read-only mailbox-inactive mailbox-no-profile mailbox-direction-none
    mailbox-address-invalid address-not-approved profile-inactive profile-invalid policy-encryption
    policy-port policy-tls-version credentials-not-allowed credentials-missing keyring-locked
    keyring-unavailable dns-not-found dns-failure network-unreachable connection-refused
    connection-timeout connection-lost response-timeout wrong-protocol tls-expected plain-expected
    starttls-unavailable starttls-injection tls-version tls-handshake certificate-untrusted
    certificate-self-signed certificate-wrong-host certificate-expired certificate-not-yet-valid
    certificate-revoked certificate-weak certificate-incomplete-chain certificate-pin-changed
    greeting-rejected protocol-error capability-missing mechanism-unavailable
    authentication-rejected authentication-app-password authentication-oauth-required
    authentication-web-login authentication-disabled authentication-temporary rate-limited
    account-locked pop-disabled mailbox-in-use mailbox-unavailable sender-rejected
    recipient-rejected relay-denied message-rejected message-too-large quota-exceeded
    delivery-not-seen server-error oauth-sign-in-needed oauth-token-revoked oauth-access-denied
    oauth-admin-blocked oauth-client-invalid oauth-scope-missing oauth-wrong-account
    oauth-server-error oauth-cancelled oauth-timeout internal-error
    """.split())
STEPS = ["precheck", "resolve", "connect", "tls", "certificate", "greeting", "capabilities",
         "starttls", "authenticate", "mailbox", "submit", "delivery", "sign-out"]
STATUSES = ["success", "failure", "cancelled", "skipped"]
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")


def is_text(value):
    return isinstance(value, str) and value != ""


def is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0


def is_time(value):
    return isinstance(value, str) and TIME.match(value) is not None


def is_texts(value):
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def one_of(*words):
    return lambda value: isinstance(value, str) and value in words


def or_null(check):
    return lambda value: value is None or check(value)


REPORT = {
    "schema": lambda value: value == 1 and is_count(value),
    "environment": or_null(is_text),
    "profile": or_null(is_text),
    "mailbox": or_null(is_text),
    "direction": one_of("incoming", "outgoing"),
    "protocol": one_of("pop3", "smtp"),
    "host": is_text,
    "port": lambda value: is_count(value) and 1 <= value <= 65535,
    "security": one_of("ssl", "starttls", "none"),
    "status": one_of(*STATUSES),
    "code": one_of(*CODES),
    "permanence": one_of("none", "transient", "permanent"),
    "scope": or_null(one_of("local", "network", "profile", "mailbox", "message")),
    "summary": is_text,
    "remedy": or_null(is_text),
    "server_reply": or_null(is_text),
    "mechanism": or_null(is_text),
    "tls_version": or_null(lambda value: re.match(r"TLS 1\.[0-3]\Z", value) is not None),
    "tls_cipher": or_null(is_text),
    "certificate": or_null(lambda value: isinstance(value, dict)),
    "capabilities": is_texts,
    "started_at": is_time,
    "elapsed_ms": is_number,
    "round_trips": is_count,
    "attempt": lambda value: is_count(value) and value >= 1,
    "next_attempt_at": or_null(is_time),
    "steps": lambda value: isinstance(value, list) and value != [],
}
CERTIFICATE = {
    "subject": is_text,
    "issuer": is_text,
    "names": is_texts,
    "not_before": is_time,
    "not_after": is_time,
    "sha256": lambda value: re.match(r"[0-9a-f]{64}\Z", value) is not None,
    "problems": lambda value: is_texts(value) and set(value) <= CODES,
}
STEP_RUN = {
    "id": one_of(*STEPS),
    "status": one_of("success", "failure", "cancelled"),
    "elapsed_ms": is_number,
    "code": one_of(*CODES),
}
STEP_SKIPPED = {"id": one_of(*STEPS), "status": one_of("skipped")}
LINE = {"at_ms": is_number, "from": one_of("server", "client"), "text": lambda v: isinstance(v, str)}


def check_object(value, schema, where, problems):
    if not isinstance(value, dict):
        problems.append("%s is no object, but %r" % (where, value))
        return False
    for key, check in schema.items():
        if key not in value:
            problems.append("%s has no %s" % (where, key))
            continue
        try:
            good = check(value[key])
        except TypeError:
            good = False
        if not good:
            problems.append("%s: %s is %r" % (where, key, value[key]))
    return True


def check_steps(report, problems):
    seen = []
    failed = []
    for i, step in enumerate(report["steps"]):
        where = "step %d" % i
        skipped = isinstance(step, dict) and step.get("status") == "skipped"
        if not check_object(step, STEP_SKIPPED if skipped else STEP_RUN, where, problems):
            continue
        if not isinstance(step.get("detail", ""), str):
            problems.append("%s: detail is %r" % (where, step["detail"]))
        if step.get("id") in seen:
            problems.append("step %s is there twice" % step.get("id"))
        seen.append(step.get("id"))
        if step.get("status") == "failure":
            failed.append(step)
        elif step.get("status") == "success" and failed and step.get("id") != "sign-out":
            problems.append("%s was run after a failure" % step.get("id"))
        elif step.get("status") == "success" and step.get("code") != "ok":
            problems.append("step %s succeeded with %s" % (step.get("id"), step.get("code")))
    if report.get("status") == "failure" and [step.get("code") for step in failed] != [
            report.get("code")]:
        problems.append("failed with %s, but the failed steps are %r" % (report.get("code"), failed))
    if report.get("status") == "success" and failed:
        problems.append("a success with failed steps: %r" % failed)


def check_sense(report, problems):
    """What one key has to do with another."""
    good = report.get("status") == "success"
    if good != (report.get("code") == "ok"):
        problems.append("status %s with code %s" % (report.get("status"), report.get("code")))
    if good != (report.get("permanence") == "none"):
        problems.append("%s is %s" % (report.get("status"), report.get("permanence")))
    if not good and report.get("scope") is None:
        problems.append("a failure without a scope")
    if report.get("status") == "failure" and report.get("remedy") is None:
        problems.append("a failure without a remedy")
    by = (report.get("direction"), report.get("protocol"))
    if by not in [("incoming", "pop3"), ("outgoing", "smtp")]:
        problems.append("%r by %r" % by)
    if report.get("tls_version") is None and report.get("certificate") is not None:
        problems.append("a certificate without TLS")
    if report.get("permanence") != "transient" and report.get("next_attempt_at") is not None:
        problems.append("tried again, though %s" % report.get("permanence"))


def validate(report, transcript=False):
    """All that is wrong with a report, as a list of sentences; empty if nothing is."""
    problems = []
    if not check_object(report, REPORT, "the report", problems):
        return problems
    if isinstance(report.get("certificate"), dict):
        check_object(report["certificate"], CERTIFICATE, "the certificate", problems)
    if isinstance(report.get("steps"), list):
        check_steps(report, problems)
    check_sense(report, problems)
    if ("transcript" in report) != transcript:
        problems.append("a transcript is %s" % ("missing" if transcript else "there, unasked"))
    for i, line in enumerate(report.get("transcript", [])):
        check_object(line, LINE, "line %d of the transcript" % i, problems)
    return problems
