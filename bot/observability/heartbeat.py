"""The outside watchman that expects a word each night (Healthchecks, Sentry Crons, cronitor)."""

import httpx
import structlog

SECONDS = 10.0
SUFFIXES = {"start": "/start", "done": "", "fail": "/fail"}

log = structlog.get_logger(__name__)


class Heartbeat:
    """Pings `url`, with `/start` and `/fail` at its end for those; without a url it is mute.

    The address may hold a secret: it is neither logged nor part of an error.
    """

    def __init__(self, url: str | None) -> None:
        self._url = url.rstrip("/") if url else None

    async def ping(self, what: str, words: str = "") -> bool:
        """Say "start", "done" or "fail"; return whether it was heard. Never raises.

        `words` go with it by POST; a watchman that takes none still hears the call.
        """
        if self._url is None:
            return True
        url = self._url + SUFFIXES[what]
        try:
            async with httpx.AsyncClient(timeout=SECONDS) as http:
                answer = await (http.post(url, content=words) if words else http.get(url))
                if words and not answer.is_success:
                    answer = await http.get(url)
        except Exception as error:  # noqa: BLE001 - the night's watch must outlive everything
            log.warning("heartbeat.not_heard", what=what, error=type(error).__name__)
            return False
        if answer.is_success:
            return True
        log.warning("heartbeat.not_heard", what=what, status=answer.status_code)
        return False
