"""Google's twin: Sheets v4, Drive v3 and the OAuth token endpoint as a local server.

Start with `GoogleTwin`; `Hands` are the seller's, `Fault` is what may go wrong.
"""

from bot.sandbox.google.calls import Call
from bot.sandbox.google.credentials import (
    make_authorized_user_file,
    make_oauth_client_file,
    make_service_account_file,
)
from bot.sandbox.google.faults import Fault
from bot.sandbox.google.hands import Hands
from bot.sandbox.google.twin import GoogleTwin

__all__ = [
    "Call",
    "Fault",
    "GoogleTwin",
    "Hands",
    "make_authorized_user_file",
    "make_oauth_client_file",
    "make_service_account_file",
]
