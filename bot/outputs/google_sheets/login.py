"""A person's consent to own the files: his browser, a redirect to this machine, a refresh token.

Our own few lines instead of google-auth-oauthlib: its flow blocks, and for a token endpoint on
loopback it wants OAUTHLIB_INSECURE_TRANSPORT in the environment. Source: Google "OAuth 2.0 for
desktop apps", with PKCE (read 2026-11-20).
"""

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from aiohttp import web

from bot.outputs.google_sheets.accounts import GoogleSetupError

SCOPE = "https://www.googleapis.com/auth/drive.file"
PATIENCE_SECONDS = 600.0
_EXCHANGE_SECONDS = 30.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_DONE = "Готово, эту вкладку можно закрыть. / Done, you may close this tab."


class LoginRefusedError(Exception):
    """There is no consent; the text is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The client that asks for consent, as the operator downloaded it from Google."""

    client_id: str
    client_secret: str = field(repr=False)
    auth_uri: str
    token_uri: str


def read_client(path: Path) -> OAuthClient:
    """Return the client of an OAuth client file ("Desktop app").

    Raises:
        GoogleSetupError: there is none, or it is something else.

    """
    setting = "GOOGLE_OAUTH_CLIENT_FILE"
    try:
        info = json.loads(path.read_text(encoding="utf-8"))
        client = info.get("installed") or info["web"]
        return OAuthClient(
            client_id=str(client["client_id"]),
            client_secret=str(client["client_secret"]),
            auth_uri=str(client["auth_uri"]),
            token_uri=str(client["token_uri"]),
        )
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise GoogleSetupError(f"{setting}: {path} cannot be read ({reason}).") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise GoogleSetupError(
            f"{setting}: {path} is not the client file of a desktop app."
        ) from None


async def ask_consent(
    client: OAuthClient,
    show: Callable[[str], None],
    *,
    port: int = 0,
    patience_seconds: float = PATIENCE_SECONDS,
) -> dict[str, Any]:
    """Show the address of the consent page, wait for the redirect, return `token.json`'s content.

    The redirect comes to `port` of 127.0.0.1 (0: a free one).

    Raises:
        LoginRefusedError: no consent, not in time, or Google gives no refresh token.

    """
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    async with _redirects(port, state) as (redirect_uri, answers):
        show(_consent_address(client, redirect_uri, state, verifier))
        try:
            async with asyncio.timeout(patience_seconds):
                answer = await answers.get()
        except TimeoutError:
            raise LoginRefusedError("nobody has consented in time") from None
    if "code" not in answer:
        raise LoginRefusedError(f"Google says: {answer.get('error', 'no consent')[:80]}")
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": redirect_uri,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "code_verifier": verifier,
    }
    return _token_file(client, await _exchange(client.token_uri, form))


def write_token_file(path: Path, content: Mapping[str, Any]) -> None:
    """Put the token where only its owner can read it, whole or not at all; blocking."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    part.touch(mode=0o600, exist_ok=False)
    part.write_text(json.dumps(content, indent=2), encoding="utf-8")
    part.replace(path)


def _consent_address(client: OAuthClient, redirect_uri: str, state: str, verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "client_id": client.client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": SCOPE,
        "access_type": "offline",
        "prompt": "consent",
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    return f"{client.auth_uri}?{urlencode(query)}"


@asynccontextmanager
async def _redirects(
    port: int, state: str
) -> AsyncIterator[tuple[str, asyncio.Queue[dict[str, str]]]]:
    """Listen for the browser that comes back; one that brings another `state` is sent away."""
    answers: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        if not secrets.compare_digest(request.query.get("state", ""), state):
            return web.Response(status=400, text="Not this login.")
        answers.put_nowait(dict(request.query))
        return web.Response(text=_DONE)

    app = web.Application()
    app.router.add_get("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        listening = int(runner.addresses[0][1])
        yield f"http://127.0.0.1:{listening}/", answers
    except OSError as error:
        reason = error.strerror or "in use"
        raise LoginRefusedError(f"port {port} cannot be listened on ({reason})") from None
    finally:
        await runner.cleanup()


async def _exchange(token_uri: str, form: Mapping[str, str]) -> Mapping[str, Any]:
    trusted = urlsplit(token_uri).hostname not in _LOOPBACK
    try:
        async with httpx.AsyncClient(timeout=_EXCHANGE_SECONDS, trust_env=trusted) as http:
            answer = await http.post(token_uri, data=dict(form))
            tokens = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise LoginRefusedError(f"the token service: {type(error).__name__}") from None
    if answer.is_error or not isinstance(tokens, dict):
        reason = tokens.get("error") if isinstance(tokens, dict) else None
        raise LoginRefusedError(f"the token service: {reason or answer.status_code}")
    return tokens


def _token_file(client: OAuthClient, tokens: Mapping[str, Any]) -> dict[str, Any]:
    if not tokens.get("refresh_token"):
        raise LoginRefusedError("Google gave no refresh token; remove the app's access, try again")
    return {
        "type": "authorized_user",
        "refresh_token": str(tokens["refresh_token"]),
        "token_uri": client.token_uri,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "scopes": [SCOPE],
    }
