"""Invite people: an admin makes a link, and one person registers by it."""

import secrets
from datetime import timedelta

from bot.core.ports import Invites
from bot.kit.clock import Clock

LIFE = timedelta(days=7)
TOKEN_BYTES = 24  # 32 letters: fits a Telegram link, and nobody guesses it


class Invitations:
    """Tokens that let one person each register while registration is by invitation."""

    def __init__(self, invites: Invites, clock: Clock) -> None:
        self._invites = invites
        self._clock = clock

    async def make(self, admin_id: int) -> str:
        """Return a new token; the caller has checked that an admin asks."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock.now()
        await self._invites.add(token, admin_id, now=now, expires_at=now + LIFE)
        return token

    async def is_good(self, token: str | None, telegram_id: int) -> bool:
        """Say whether this person may register by the token; nothing is used up yet."""
        if not token:
            return False
        return await self._invites.is_good(token, telegram_id, now=self._clock.now())

    async def redeem(self, token: str | None, telegram_id: int) -> bool:
        """Use the token up for this person; say whether it is his."""
        if not token:
            return False
        return await self._invites.redeem(token, telegram_id, now=self._clock.now())
