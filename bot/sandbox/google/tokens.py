"""The OAuth endpoints: consent in a browser, and tokens for each kind of grant.

Source: https://developers.google.com/identity/protocols/oauth2 (read 2026-11-20). Signatures and
secrets are not verified.
"""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import urlencode

import orjson

from bot.sandbox.google.accounts import DRIVE_FILE, TOKEN_SECONDS, Accounts, Principal
from bot.sandbox.google.wire import Json

_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_JWT_PARTS = 3


class GrantError(Exception):
    """A 400 of the token endpoint; `error` is OAuth's word."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description

    def body(self) -> Json:
        """Return the JSON body."""
        return {"error": self.error, "error_description": self.description}


class TokenEndpoint:
    """Answers `POST /token` and the consent page."""

    def __init__(self, accounts: Accounts, owner_email: str) -> None:
        self._accounts = accounts
        self._owner_email = owner_email

    def consent(self, query: Mapping[str, str]) -> str:
        """Return where the browser is sent after the owner's yes: the redirect with its code."""
        scopes = frozenset(query.get("scope", DRIVE_FILE).split())
        code = self._accounts.consent(
            self._owner_email, client_id=query.get("client_id", ""), scopes=scopes
        )
        answer = {"state": query.get("state", ""), "code": code, "scope": " ".join(scopes)}
        return f"{query.get('redirect_uri', '')}?{urlencode(answer)}"

    def exchange(self, form: Mapping[str, str], *, refused: bool = False) -> Json:
        """Return the token answer for a grant, unless it is to be `refused`.

        Raises:
            GrantError: the grant is malformed, unknown or dead.

        """
        kind = form.get("grant_type")
        if refused:
            raise GrantError("invalid_grant", "Token has been expired or revoked.")
        if kind == _JWT_BEARER:
            return self._answer(self._service_account(form.get("assertion", "")))
        if kind == "refresh_token":
            principal = self._accounts.refreshed(form.get("refresh_token", ""))
            if principal is None:
                raise GrantError("invalid_grant", "Token has been expired or revoked.")
            return self._answer(principal)
        if kind == "authorization_code":
            redeemed = self._accounts.redeem(form.get("code", ""))
            if redeemed is None:
                raise GrantError("invalid_grant", "Malformed auth code.")
            return self._answer(redeemed[0]) | {"refresh_token": redeemed[1]}
        raise GrantError("unsupported_grant_type", f"Invalid grant_type: {kind}")

    def _service_account(self, assertion: str) -> Principal:
        claims = _claims(assertion)
        email = str(claims.get("iss", ""))
        if "@" not in email or self._accounts.is_refused(email):
            raise GrantError("invalid_grant", "Invalid grant: account not found")
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            raise GrantError("invalid_scope", "Empty or missing scope not allowed.")
        return Principal(email, email, scopes, service_account=True)

    def _answer(self, principal: Principal) -> Json:
        return {
            "access_token": self._accounts.issue(principal),
            "expires_in": TOKEN_SECONDS - 1,
            "scope": " ".join(sorted(principal.scopes)),
            "token_type": "Bearer",
        }


def _claims(assertion: str) -> Json:
    """Return the claims of a signed JWT; its shape is checked, its signature is not."""
    parts = assertion.split(".")
    if len(parts) != _JWT_PARTS or not all(parts):
        raise GrantError("invalid_grant", "Invalid JWT: must have three segments")
    try:
        header, claims = (orjson.loads(_decoded(part)) for part in parts[:2])
    except (binascii.Error, orjson.JSONDecodeError) as error:
        raise GrantError("invalid_grant", "Invalid JWT: not readable") from error
    if header.get("alg") != "RS256" or not {"iss", "aud", "exp", "iat"} <= set(claims):
        raise GrantError("invalid_grant", "Invalid JWT: RS256 and its claims are required")
    return dict(claims)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
