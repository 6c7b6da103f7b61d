"""Secrets are used all day long, at the most talkative log level, and are found nowhere.

The folder's other tests have used the installation before this one; their passwords are looked for
as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from config import env
from tests.journeys import leaks, places
from tests.journeys.installation import Installation, SignIn

NEWCOMER = SignIn("Nell Canary", "nell.canary@interlock.example", "CANARY-first-5d71?&pass")
MISTYPED = SignIn(NEWCOMER.name, NEWCOMER.email, "CANARY-mistyped-8c02 %&pass")
BEARER, QUERY, BODY = "CANARYbearer3f9a", "CANARYquery77d1", "CANARYbody90ce"
ROLES = ("app", "engine", "audit")
#: Pages and answers of the API that tell of what people did, or of what went wrong.
TELLING = (
    "/audit",
    "/api/v1/audit",
    "/api/v1/people",
    "/governance/access",
    "/governance/access/roles",
    "/governance/access/connections",
    "/governance/access/groups",
)


@pytest.fixture
def admin(installation: Installation) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=installation.url, follow_redirects=True, timeout=30) as client:
        places.sign_in(client, installation.sign_ins["Helena Brandt"])
        client.headers["X-CSRFToken"] = client.cookies["interlock_csrf"]
        client.headers["Referer"] = installation.url
        yield client


def use_passwords(installation: Installation, admin: httpx.Client) -> dict[str, str]:
    """Hire somebody, mistype their password, sign them in; return what was answered."""
    form = {"name": NEWCOMER.name, "email": NEWCOMER.email, "password": NEWCOMER.password}
    answers = {"hiring": admin.post("/governance/access/new", data={**form, "roles": "VIEWER"})}
    weak = {**form, "email": "other@interlock.example", "password": "CANARY-2f"}
    answers["refused hiring"] = admin.post("/governance/access/new", data=weak)
    with httpx.Client(base_url=installation.url, timeout=30) as browser:
        answers["mistyped"] = places.sign_in(browser, MISTYPED)
        answers["signed in"] = places.sign_in(browser, NEWCOMER)
        assert answers["signed in"].status_code == httpx.codes.FOUND, "the newcomer cannot sign in"
        bearer = {"Authorization": f"Bearer {BEARER}"}
        answers["refused page"] = browser.get(f"/audit?token={QUERY}", headers=bearer)
        for path in ("/api/v1/runs", "/api/v1/people", "/api/v1/nothing"):
            body = {"password": BODY, "nested": {"secret": [BODY]}}
            answers[f"refused {path}"] = browser.post(path, json=body, headers=bearer)
    return {name: f"{answer.headers} {answer.text}" for name, answer in answers.items()}


def secrets_of(installation: Installation) -> dict[str, bytes]:
    """Return every secret of the installation, by what it is."""
    folder = installation.home / "secrets"
    files = (file for file in folder.iterdir() if file.is_file())
    own = {file.name: file.read_bytes().strip() for file in files}
    key = own["secret-key"].decode()
    read = env.read({"SECRET_KEY": key, "DATABASE_URL": "postgresql://o@h/interlock"})
    told = {
        **{f"sign-in {role}": read.role_password(read.role_name(role)) for role in ROLES},
        **{f"password of {name}": one.password for name, one in installation.sign_ins.items()},
        "first password": NEWCOMER.password,
        "mistyped password": MISTYPED.password,
        "token in a header": BEARER,
        "token in an address": QUERY,
        "password in a body": BODY,
    }
    return own | {name: secret.encode() for name, secret in told.items()}


def test_no_log_table_page_or_answer_holds_a_secret(
    installation: Installation, admin: httpx.Client
) -> None:
    answers = use_passwords(installation, admin)
    answers |= {path: admin.get(path).text for path in TELLING}
    logs = leaks.logs(installation.home)
    secrets = secrets_of(installation)

    assert logs
    assert leaks.in_texts(logs | answers, secrets) == []
    assert leaks.in_tables(installation.home, secrets) == []

    # What is no secret is found, so a secret would have been.
    known = {"the address": NEWCOMER.email.encode()}
    assert "the address in the table governance_account" in leaks.in_tables(
        installation.home, known
    )
    assert leaks.in_texts(answers, known)
    assert any('"level": "debug"' in log for log in logs.values())
