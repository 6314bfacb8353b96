"""Who calls Google: service accounts, and the person who owns created files where there is one."""

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from google.auth.credentials import TokenState
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import credentials as oauth
from google.oauth2 import service_account

from bot.outputs.google_sheets.config import GoogleConfig

_SCOPES = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive",
)
_OWNER_KEY = "owner"
_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - a public address, no secret


class GoogleSetupError(Exception):
    """The operator's Google settings cannot work; the text is one sentence for him."""


class _ServiceAccount(service_account.Credentials):
    """Without google-auth's look-up of regional boundaries: a thread per client, for nothing."""

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False


class _Owner(oauth.Credentials):
    """As above, for a person."""

    def _is_regional_access_boundary_lookup_required(self) -> bool:
        return False


class Account:
    """One identity that calls Google; `key` names it without telling its address.

    `address` is known of service accounts only: sellers may share files with it. `folder_id` is
    the folder that an owner made for us when he logged in.
    """

    def __init__(
        self,
        key: str,
        credentials: _ServiceAccount | _Owner,
        *,
        address: str = "",
        folder_id: str | None = None,
    ) -> None:
        self.key = key
        self.credentials = credentials
        self.address = address
        self.folder_id = folder_id
        self._refreshing = threading.Lock()

    @property
    def has_token(self) -> bool:
        """Whether the access token is good for a while yet."""
        return self.credentials.token_state is TokenState.FRESH

    def forget_token(self) -> None:
        """Have the next call fetch another access token: Google has refused this one."""
        self.credentials.token = None

    def ensure_token(self, request: Any) -> None:
        """Exchange for a fresh access token if the present one ends soon; blocking."""
        with self._refreshing:
            if not self.has_token:
                self.credentials.refresh(request)  # type: ignore[no-untyped-call] # google-auth


class Accounts:
    """All identities, and which of them works on which shop's file."""

    def __init__(self, service: Sequence[Account], owner: Account | None) -> None:
        if not service and owner is None:
            raise GoogleSetupError("GOOGLE_CREDENTIALS_FILE: no Google account is set up.")
        self._workers = tuple(service) or ((owner,) if owner else ())
        self._owner = owner
        known = (*self._workers, *((owner,) if owner else ()))
        self._by_key = {account.key: account for account in known}

    def creator(self, shop_id: int) -> Account:
        """Return who makes the file of a shop."""
        return self._owner or self.worker(shop_id)

    def worker(self, shop_id: int, avoid: frozenset[str] = frozenset()) -> Account:
        """Return the shop's usual service account, or the next one that is not to be avoided."""
        count = len(self._workers)
        turn = [self._workers[(shop_id + step) % count] for step in range(count)]
        return next((account for account in turn if account.key not in avoid), turn[0])

    @property
    def everybody(self) -> Sequence[Account]:
        """All accounts, each once."""
        return tuple(self._by_key.values())

    @property
    def owner(self) -> Account | None:
        """The person who owns created files, where there is one."""
        return self._owner

    def named(self, key: str | None) -> Account | None:
        """Return the account of that key."""
        return None if key is None else self._by_key.get(key)


def read_accounts(config: GoogleConfig) -> Accounts:
    """Return the accounts of the operator's files.

    Raises:
        GoogleSetupError: a file is missing, unreadable, or no key of the kind it should be.

    """
    service = [_service_account(path) for path in config.credentials_files]
    token = config.token_file
    owner = _owner(token) if token is not None and token.exists() else None
    return Accounts(service, owner)


def _service_account(path: Path) -> Account:
    info = _load(path, "GOOGLE_CREDENTIALS_FILE")
    try:
        made = _ServiceAccount.from_service_account_info(  # type: ignore[no-untyped-call] # google
            info, scopes=_SCOPES
        )
    except (ValueError, TypeError, KeyError, GoogleAuthError):
        raise GoogleSetupError(
            f"GOOGLE_CREDENTIALS_FILE: {path} is not the key of a Google service account."
        ) from None
    address = str(info["client_email"])
    return Account(_digest(address), made, address=address)


def _owner(path: Path) -> Account:
    info = _load(path, "GOOGLE_TOKEN_FILE")
    try:
        return owner_of(info)
    except KeyError:
        raise GoogleSetupError(
            f"GOOGLE_TOKEN_FILE: {path} holds no refresh token; run google-login again."
        ) from None


def owner_of(info: Mapping[str, Any]) -> Account:
    """Return the owner of a `token.json`.

    Raises:
        KeyError: it lacks the refresh token or the client.

    """
    made = _Owner(  # type: ignore[no-untyped-call] # google-auth has no types
        token=None,
        refresh_token=str(info["refresh_token"]),
        token_uri=str(info.get("token_uri", _TOKEN_URI)),
        client_id=str(info["client_id"]),
        client_secret=str(info["client_secret"]),
    )
    return Account(_OWNER_KEY, made, folder_id=info.get("folder_id"))


def _load(path: Path, setting: str) -> Mapping[str, Any]:
    try:
        info = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise GoogleSetupError(f"{setting}: {path} cannot be read ({reason}).") from None
    except ValueError:
        raise GoogleSetupError(f"{setting}: {path} is not a JSON file.") from None
    if not isinstance(info, dict):
        raise GoogleSetupError(f"{setting}: {path} is not a JSON object.")
    return info


def _digest(email: str) -> str:
    return hashlib.blake2b(email.encode(), digest_size=6).hexdigest()
