"""The methods about the bot itself: its name card, its commands, its menu button.

Source: https://core.telegram.org/bots/api#setmycommands and the methods after it
(read 2026-11-20).
"""

import json
import re
from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.world import World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_COMMANDS_LIMIT = 100
_DESCRIPTION_LIMIT = 256
_WORDS = {"description": 512, "short_description": 120, "name": 64}


class Profile:
    """What the user sees of the bot before he writes; kept in `World.profile` by slot."""

    def __init__(self, world: World) -> None:
        self._world = world

    def get_me(self, _params: Params) -> dict[str, Any]:
        """Return the bot."""
        return {
            **self._world.bot.to_api(),
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def set_my_commands(self, params: Params) -> bool:
        """Keep the commands of one scope and language."""
        commands = params.structure("commands")
        if not isinstance(commands, list) or len(commands) > _COMMANDS_LIMIT:
            raise bad_request("expected an Array of at most 100 BotCommand")
        for command in commands:
            _check_command(command)
        self._world.profile[self._commands_slot(params)] = commands
        return True

    def get_my_commands(self, params: Params) -> list[dict[str, str]]:
        """Return the commands of one scope and language, none when none were set."""
        commands: list[dict[str, str]] = self._world.profile.get(self._commands_slot(params), [])
        return commands

    def delete_my_commands(self, params: Params) -> bool:
        """Forget the commands of one scope and language."""
        self._world.profile.pop(self._commands_slot(params), None)
        return True

    def set_words(self, params: Params, slot: str) -> bool:
        """Keep the name or a description, per language."""
        words = params.text(slot)
        if len(words) > _WORDS[slot]:
            raise bad_request(f"{slot.upper()}_TOO_LONG")
        self._world.profile[f"{slot}:{params.text('language_code')}"] = words
        return True

    def get_words(self, params: Params, slot: str) -> dict[str, str]:
        """Return the name or a description, per language; else the one without a language."""
        profile = self._world.profile
        default = self._world.bot.first_name if slot == "name" else ""
        words = profile.get(f"{slot}:{params.text('language_code')}") or profile.get(f"{slot}:")
        return {slot: words or default}

    def set_chat_menu_button(self, params: Params) -> bool:
        """Keep the menu button, of one chat or of all."""
        button = params.structure("menu_button") or {"type": "default"}
        if button.get("type") not in {"commands", "default", "web_app"}:
            raise bad_request("menu button has an unknown type")
        self._world.profile[f"menu:{params.text('chat_id')}"] = button
        return True

    def get_chat_menu_button(self, params: Params) -> dict[str, Any]:
        """Return the menu button."""
        profile = self._world.profile
        button: dict[str, Any] = profile.get(f"menu:{params.text('chat_id')}") or profile.get(
            "menu:", {"type": "default"}
        )
        return button

    def _commands_slot(self, params: Params) -> str:
        scope = params.structure("scope") or {"type": "default"}
        if scope.get("type") in {"chat", "chat_member"}:
            self._world.chat(str(scope.get("chat_id", "")))
        return f"commands:{json.dumps(scope, sort_keys=True)}:{params.text('language_code')}"


def _check_command(command: Any) -> None:
    if not isinstance(command, dict) or not _COMMAND.fullmatch(str(command.get("command", ""))):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(str(command.get("description", ""))) <= _DESCRIPTION_LIMIT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
