"""Who may call: service accounts, OAuth users, and the access tokens that stand for them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.kit.clock import Clock
from bot.sandbox.google.errors import unauthenticated

TOKEN_SECONDS = 3600
DRIVE = "https://www.googleapis.com/auth/drive"
DRIVE_FILE = "https://www.googleapis.com/auth/drive.file"
SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: an address, the client that he calls through, and what it may do.

    Each service account is its own client. `scopes` are Google's URLs.
    """

    email: str
    client_id: str
    scopes: frozenset[str]
    service_account: bool = False

    @property
    def only_own_files(self) -> bool:
        """Whether the client sees nothing but the files that it made (`drive.file`)."""
        return DRIVE_FILE in self.scopes and not self.scopes & {DRIVE, SPREADSHEETS}

    @property
    def drive_shows_only_own_files(self) -> bool:
        """Whether the Drive API, which `spreadsheets` does not open, shows only own files."""
        return DRIVE not in self.scopes


class Accounts:
    """Issues tokens and remembers grants; everything in memory, times by the injected clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tokens: dict[str, tuple[Principal, datetime]] = {}
        self._codes: dict[str, Principal] = {}
        self._grants: dict[str, Principal] = {}
        self._refused: set[str] = set()
        self._without_google: set[str] = set()

    def issue(self, principal: Principal) -> str:
        """Return a fresh access token that is good for an hour."""
        token = f"ya29.{secrets.token_urlsafe(48)}"
        expires = self._clock.now() + timedelta(seconds=TOKEN_SECONDS)
        self._tokens[token] = (principal, expires)
        return token

    def of_token(self, authorization: str | None) -> Principal:
        """Return whom an `Authorization` header stands for.

        Raises:
            ApiError: 401, the token is missing, unknown, expired or its account refused.

        """
        kind, _, token = (authorization or "").partition(" ")
        principal, expires = self._tokens.get(token, (None, None))
        if kind.lower() != "bearer" or principal is None or expires is None:
            raise unauthenticated()
        if expires <= self._clock.now() or principal.email in self._refused:
            raise unauthenticated()
        return principal

    def grant(
        self, email: str, *, client_id: str, scopes: frozenset[str] = frozenset({DRIVE_FILE})
    ) -> str:
        """Return a refresh token, as if `email` had consented to the client once."""
        refresh = f"1//{secrets.token_urlsafe(48)}"
        self._grants[refresh] = Principal(email, client_id, scopes)
        return refresh

    def consent(self, email: str, *, client_id: str, scopes: frozenset[str]) -> str:
        """Return the one-time code that the browser carries back to the client."""
        code = f"4/{secrets.token_urlsafe(32)}"
        self._codes[code] = Principal(email, client_id, scopes)
        return code

    def redeem(self, code: str) -> tuple[Principal, str] | None:
        """Return principal and refresh token for a code, `None` when it is used or unknown."""
        principal = self._codes.pop(code, None)
        if principal is None:
            return None
        refresh = self.grant(
            principal.email, client_id=principal.client_id, scopes=principal.scopes
        )
        return principal, refresh

    def refreshed(self, refresh: str) -> Principal | None:
        """Return who a refresh token stands for, `None` when it is dead."""
        principal = self._grants.get(refresh)
        return None if principal is None or principal.email in self._refused else principal

    def refuse(self, email: str) -> None:
        """Kill every token of an account: 401 for access, `invalid_grant` for new ones."""
        self._refused.add(email)

    def accept(self, email: str) -> None:
        """Take a refusal back."""
        self._refused.discard(email)

    def is_refused(self, email: str) -> bool:
        """Say whether the account's tokens are dead."""
        return email in self._refused

    def expire_tokens(self) -> None:
        """Forget every access token: the next call of each client is a 401."""
        self._tokens.clear()

    def without_google_account(self, email: str) -> None:
        """Say that an address belongs to nobody at Google; every other one does."""
        self._without_google.add(email.casefold())

    def has_google_account(self, email: str) -> bool:
        """Say whether an address belongs to a Google account."""
        return email.casefold() not in self._without_google
