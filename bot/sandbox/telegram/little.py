"""The small methods: looking things up, answering taps, webhooks that are never used.

Source: https://core.telegram.org/bots/api (read 2026-11-20).
"""

from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.world import CallbackAnswer, World

_ANSWER_LIMIT = 200
_DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Little:
    """getChat, getFile, answerCallbackQuery, the webhook methods, logOut and close."""

    def __init__(self, world: World, tap_expires_seconds: float) -> None:
        self._world = world
        self._tap_expires_seconds = tap_expires_seconds

    def get_chat(self, params: Params) -> dict[str, Any]:
        """Return what is known about a chat."""
        chat = self._world.chat(params.text("chat_id"))
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
        return {
            **chat.user.chat_to_api(),
            "accent_color_id": chat.user.id % 7,
            "max_reaction_count": 11,
            "accepted_gift_types": {**dict.fromkeys(gifts, True), "gifts_from_channels": True},
        }

    def get_file(self, params: Params) -> dict[str, Any]:
        """Return where a file of up to 20 MB can be downloaded."""
        file = self._world.files.get(params.text("file_id"))
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.content) > _DOWNLOAD_LIMIT_BYTES:
            raise bad_request("file is too big")
        return {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "file_size": len(file.content),
            "file_path": file.path,
        }

    def answer_callback_query(self, params: Params) -> bool:
        """Answer a tap while it is young."""
        tap = self._world.taps.get(params.text("callback_query_id"))
        if tap is None:
            raise bad_request(_TOO_OLD)
        age = self._world.clock.now() - tap.at
        if age.total_seconds() > self._tap_expires_seconds:
            raise bad_request(_TOO_OLD)
        text = params.text("text")
        if len(text) > _ANSWER_LIMIT:
            raise bad_request("MESSAGE_TOO_LONG")
        tap.answers.append(CallbackAnswer(text, params.flag("show_alert"), params.text("url")))
        self._world.bell.ring()
        return True

    def delete_webhook(self, params: Params) -> bool:
        """There is no webhook; pending updates go if that is asked."""
        if params.flag("drop_pending_updates"):
            self._world.updates.drop()
        return True

    def get_webhook_info(self, _params: Params) -> dict[str, Any]:
        """Say that there is no webhook, and how many updates wait."""
        info: dict[str, Any] = {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.updates.pending),
        }
        allowed = self._world.updates.allowed
        return info if allowed is None else {**info, "allowed_updates": sorted(allowed)}

    def yes(self, _params: Params) -> bool:
        """Agree (logOut, close)."""
        return True
