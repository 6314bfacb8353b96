"""Tokens: who gets one, what it opens, and how it dies."""

import asyncio
import json
import stat

import aiohttp
import pytest
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import credentials, service_account

from bot.sandbox.google import Fault, make_service_account_file
from bot.sandbox.google.accounts import DRIVE_FILE, SPREADSHEETS, Principal
from tests.sandbox.google.clients import RestClient
from tests.sandbox.google.conftest import OTHER_ROBOT, ROBOT


def robot_credentials(path):
    return service_account.Credentials.from_service_account_file(str(path), scopes=[SPREADSHEETS])


async def refresh(creds):
    await asyncio.to_thread(creds.refresh, Request())
    return creds


def owner_credentials(path):
    # from_authorized_user_file would ignore token_uri
    info = json.loads(path.read_text())
    words = ("refresh_token", "token_uri", "client_id", "client_secret")
    return credentials.Credentials(token=None, **{word: info[word] for word in words})


async def test_several_service_accounts_get_tokens_of_their_own(google, tmp_path):
    for email in (ROBOT, OTHER_ROBOT):
        path = make_service_account_file(tmp_path / email, email, google.token_uri)
        creds = await refresh(robot_credentials(path))
        principal = google.accounts.of_token(f"Bearer {creds.token}")
        assert (principal.email, principal.scopes) == (email, {SPREADSHEETS})
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_the_owner_refreshes_until_his_grant_dies(google, tmp_path):
    creds = owner_credentials(google.owner_file(tmp_path / "token.json"))
    await refresh(creds)
    assert google.accounts.of_token(f"Bearer {creds.token}").email == google.owner_email
    google.accounts.refuse(google.owner_email)
    with pytest.raises(RefreshError, match="invalid_grant"):
        await refresh(creds)


async def test_a_planted_refusal_hits_one_refresh(google, tmp_path):
    creds = robot_credentials(google.service_account_file(tmp_path / "sa.json", ROBOT))
    google.faults.plant(Fault.INVALID_GRANT, "oauth2.token")
    with pytest.raises(RefreshError, match="invalid_grant"):
        await refresh(creds)
    await refresh(creds)


@pytest.mark.parametrize("form", [{}, {"grant_type": "password"}])
async def test_an_unknown_grant_is_refused(google, form):
    async with (
        aiohttp.ClientSession() as session,
        session.post(google.token_uri, data=form) as response,
    ):
        assert response.status == 400
        assert (await response.json())["error"] == "unsupported_grant_type"


@pytest.mark.parametrize("assertion", ["", "a.b", "a.b.c", "e30.e30.x"])
async def test_an_assertion_must_look_like_a_signed_jwt(google, assertion):
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": assertion,
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(google.token_uri, data=form) as response,
    ):
        assert response.status == 400
        assert (await response.json())["error"] == "invalid_grant"


async def test_consent_brings_a_code_that_works_once(google):
    query = {
        "client_id": "c",
        "redirect_uri": "http://localhost:1/",
        "state": "s",
        "scope": DRIVE_FILE,
    }
    async with aiohttp.ClientSession() as session:
        async with session.get(
            f"{google.url}/o/oauth2/auth", params=query, allow_redirects=False
        ) as response:
            target = response.headers["Location"]
        assert target.startswith("http://localhost:1/?state=s&code=")
        code = target.partition("code=")[2].partition("&")[0].replace("%2F", "/")
        form = {"grant_type": "authorization_code", "code": code}
        async with session.post(google.token_uri, data=form) as response:
            tokens = await response.json()
        assert google.accounts.refreshed(tokens["refresh_token"]).email == google.owner_email
        async with session.post(google.token_uri, data=form) as response:
            assert response.status == 400


async def test_a_token_dies_after_an_hour(robot, sheet, clock):
    await clock.advance(3600)
    reply = await robot.call("GET", f"/v4/spreadsheets/{sheet}")
    assert reply.status == 401
    assert reply.error["status"] == "UNAUTHENTICATED"


async def test_scopes_decide_what_a_token_opens(google, sheet):
    async with RestClient.service_account(google, ROBOT, [SPREADSHEETS]) as client:
        assert (await client.call("GET", f"/v4/spreadsheets/{sheet}")).status == 200
        refused = await client.file(sheet)
        assert (refused.status, refused.reason) == (403, "insufficientPermissions")
    other = Principal(ROBOT, ROBOT, frozenset({"https://www.googleapis.com/auth/gmail"}))
    async with RestClient.of(google, other) as client:
        refused = await client.call("GET", f"/v4/spreadsheets/{sheet}")
        assert refused.error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
