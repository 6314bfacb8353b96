"""The files that an operator would download from Google, pointing at the twin."""

import json
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.sandbox.google.accounts import DRIVE_FILE
from bot.sandbox.google.wire import Json

_KEY_BITS = 2048
_OWNER_ONLY = 0o600
CLIENT_ID = "1-sandbox.apps.googleusercontent.com"


def make_service_account_file(path: Path, email: str, token_uri: str) -> Path:
    """Write a service account's key file with a fresh RSA key; `token_uri` gives tokens."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return _write(
        path,
        {
            "type": "service_account",
            "project_id": "stock-tracker-sandbox",
            "private_key_id": "sandbox",
            "private_key": pem.decode(),
            "client_email": email,
            "client_id": "1",
            "auth_uri": token_uri.replace("/token", "/o/oauth2/auth"),
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        },
    )


def make_oauth_client_file(path: Path, token_uri: str, *, client_id: str = CLIENT_ID) -> Path:
    """Write the client file of an installed application, for `google-login`."""
    client = {
        "client_id": client_id,
        "project_id": "stock-tracker-sandbox",
        "auth_uri": token_uri.replace("/token", "/o/oauth2/auth"),
        "token_uri": token_uri,
        "client_secret": "sandbox",
        "redirect_uris": ["http://localhost"],
    }
    return _write(path, {"installed": client})


def make_authorized_user_file(
    path: Path, refresh_token: str, token_uri: str, *, client_id: str = CLIENT_ID
) -> Path:
    """Write the `token.json` of an owner who has consented (see `Accounts.grant`)."""
    return _write(
        path,
        {
            "token": None,
            "refresh_token": refresh_token,
            "token_uri": token_uri,
            "client_id": client_id,
            "client_secret": "sandbox",
            "scopes": [DRIVE_FILE],
            "universe_domain": "googleapis.com",
            "account": "",
        },
    )


def _write(path: Path, content: Json) -> Path:
    path.touch(mode=_OWNER_ONLY)
    path.chmod(_OWNER_ONLY)
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return path
