"""Which method name is served by what."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.sandbox.telegram.editing import Editing
from bot.sandbox.telegram.errors import not_found
from bot.sandbox.telegram.little import Little
from bot.sandbox.telegram.pace import ChatPace
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.profile import Profile
from bot.sandbox.telegram.sending import Sending
from bot.sandbox.telegram.world import World

Method = Callable[[Params], Any]


class BotApi:
    """The Bot API as one callable: a method's name and its parameters in, a result out."""

    def __init__(self, world: World, pace: ChatPace | None, tap_expires_seconds: float) -> None:
        self._updates = world.updates
        methods = {
            **_sending(Sending(world, pace)),
            **_editing(Editing(world, pace)),
            **_profile(Profile(world)),
            **_little(Little(world, tap_expires_seconds)),
        }
        self._names = {name.lower(): name for name in [*methods, "getUpdates"]}
        self._methods = {name.lower(): method for name, method in methods.items()}

    def name(self, method: str) -> str:
        """Return a method's name as Telegram spells it; an unknown one as it was given."""
        return self._names.get(method.lower(), method)

    async def call(self, method: str, params: Params) -> Any:
        """Serve one call.

        Raises:
            BotApiError: as Telegram would refuse it; 404 for an unknown method.

        """
        name = method.lower()
        if name == "getupdates":
            return await self._get_updates(params)
        if name not in self._methods:
            raise not_found()
        return self._methods[name](params)

    async def _get_updates(self, params: Params) -> list[dict[str, Any]]:
        self._updates.allow(params.structure("allowed_updates"))
        return await self._updates.take(
            params.integer("offset"), params.integer("limit", 100), params.integer("timeout")
        )


def _sending(sending: Sending) -> dict[str, Method]:
    return {
        "sendMessage": sending.send_message,
        "sendDocument": sending.send_document,
        "sendPhoto": sending.send_photo,
        "sendChatAction": sending.send_chat_action,
    }


def _editing(editing: Editing) -> dict[str, Method]:
    return {
        "editMessageText": editing.edit_message_text,
        "editMessageCaption": editing.edit_message_caption,
        "editMessageMedia": editing.edit_message_media,
        "editMessageReplyMarkup": editing.edit_message_reply_markup,
        "deleteMessage": editing.delete_message,
        "deleteMessages": editing.delete_messages,
        "setMessageReaction": editing.set_message_reaction,
    }


def _profile(profile: Profile) -> dict[str, Method]:
    words = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}
    return {
        "getMe": profile.get_me,
        "setMyCommands": profile.set_my_commands,
        "getMyCommands": profile.get_my_commands,
        "deleteMyCommands": profile.delete_my_commands,
        "setChatMenuButton": profile.set_chat_menu_button,
        "getChatMenuButton": profile.get_chat_menu_button,
        **{f"setMy{end}": partial(profile.set_words, slot=slot) for end, slot in words.items()},
        **{f"getMy{end}": partial(profile.get_words, slot=slot) for end, slot in words.items()},
    }


def _little(little: Little) -> dict[str, Method]:
    return {
        "getChat": little.get_chat,
        "getFile": little.get_file,
        "answerCallbackQuery": little.answer_callback_query,
        "deleteWebhook": little.delete_webhook,
        "getWebhookInfo": little.get_webhook_info,
        "logOut": little.yes,
        "close": little.yes,
    }
