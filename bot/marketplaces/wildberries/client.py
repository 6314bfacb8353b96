"""One way to the vendor: every call is debited, bounded, timed out, translated and retried here.

Keys go into the header of a request and nowhere else: into no log, no error, no address.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from bot.core.errors import Code, Defect, StockTrackerError, Transient
from bot.core.events import DependencyChanged, Event, VendorTrouble
from bot.core.ports import CallBudget, Observe, Unfinished
from bot.core.sellers import Access
from bot.kit.breaker import REST_SECONDS, Breaker
from bot.kit.clock import Clock
from bot.kit.pacing import Slots, Spacing
from bot.kit.retry import Backoff, RetryBudget
from bot.marketplaces.wildberries.hosts import Host, WildberriesUrls
from bot.marketplaces.wildberries.limits import METHODS, Limits, Method
from bot.marketplaces.wildberries.statuses import (
    WAIT_WITHOUT_A_NAME_SECONDS,
    Refusal,
    error_of,
    refusal,
)

T = TypeVar("T")
Read = Callable[[AsyncIterator[bytes]], Awaitable[T]]

VENDOR = "wildberries"
IN_FLIGHT_PER_SELLER = 3
IN_FLIGHT = 32
SPACING_SECONDS = 0.5
PATIENCE_SECONDS = 22.0
LARGEST_BODY_BYTES = 512 * 1024**2
_LARGEST_ERROR_BYTES = 64 * 1024
_MARGIN_SECONDS = 0.25
_MARGIN_SHARE = 0.05
_WAITS = 3
_RETRIED = frozenset({Code.VENDOR_FAILED, Code.VENDOR_UNREACHABLE, Code.ANSWER_CUT})


def _nobody(_event: Event) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Call:
    """One thing to ask. Not `is_patient`: asked once and only if the budget allows it now."""

    method: Method
    access: Access
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    report_id: str = ""
    is_patient: bool = True


class Client:
    """Asks, within the shop's budget.

    A short wait (up to 20 s, divided by the scale of time) is slept here and holds no slot; a
    longer one is `Unfinished`, to be written down by the caller.
    """

    def __init__(  # noqa: PLR0913 - each is a dependency of its own
        self,
        http: httpx.AsyncClient,
        urls: WildberriesUrls,
        *,
        budget: CallBudget,
        limits: Limits,
        clock: Clock,
        backoff: Backoff,
        client_secret: str | None = None,
        largest_body_bytes: int = LARGEST_BODY_BYTES,
        observe: Observe = _nobody,
    ) -> None:
        self._http = http
        self._urls = urls
        self._budget = budget
        self._limits = limits
        self._clock = clock
        self._backoff = backoff
        self._client_secret = client_secret
        self._largest_body_bytes = largest_body_bytes
        self._scale = limits.time_scale
        self._slots = Slots(per_key=IN_FLIGHT_PER_SELLER, in_all=IN_FLIGHT)
        self._spacing = Spacing(
            clock, interval_seconds=SPACING_SECONDS / self._scale, burst=IN_FLIGHT_PER_SELLER
        )
        self._observe = observe
        self._retries = RetryBudget()
        self.breakers = {host: self._breaker(host) for host in Host}

    async def ask(self, call: Call, read: Read[T]) -> T | None:
        """Return what `read` makes of the answer's body; `None` for 204, which has none.

        `read` is called anew for every try.

        Raises:
            SellerMustAct: the key was refused.
            Unfinished: a long wait is due, by our budget or by the vendor's word.
            Transient: the vendor failed or was not reached, short tries are spent.
            Defect: the method is closed or refused, or the answer is not understood.
        """
        failed: Transient | None = None
        for failures in range(1, self._backoff.attempts + 1 if call.is_patient else 2):
            try:
                return await self._within_limits(call, read)
            except Unfinished as waiting:
                if failed is None or waiting.code is not Code.BUDGET_SPENT:
                    raise
                failed.retry_after_seconds = waiting.retry_after_seconds
                break
            except Transient as error:
                if error.code not in _RETRIED:
                    raise
                failed = error
                if failures == self._backoff.attempts or not self._may_retry(call, error):
                    break
                await self._clock.sleep(self._backoff.seconds(failures) / self._scale)
        if failed is None:
            raise RuntimeError("a call was made without a single try")
        raise failed

    def _may_retry(self, call: Call, error: Transient) -> bool:
        """Say whether to try again at once; when much fails, that would only add to it."""
        is_away = self.breakers[call.method.host].is_open
        may = call.is_patient and not is_away and self._retries.spend()
        self._observe(VendorTrouble(VENDOR, error.code, is_retried=may))
        return may

    async def _within_limits(self, call: Call, read: Read[T]) -> T | None:
        """Debit the call and make it; short waits are slept, holding no slot.

        A seller's calls are spaced: the vendor has a limiter before all methods, of unknown size.
        """
        wait = 0.0
        self._knock(call)
        sid = call.access.facts.sid
        for turn in range(_WAITS):
            await self._clock.sleep(self._spacing.take(sid))
            try:
                async with self._slots.held(sid):
                    wait = await self._debit(call)
                    if not wait:
                        return await self._watched(call, read)
            except Unfinished as limited:
                wait = limited.retry_after_seconds or 0.0
                if turn or wait > PATIENCE_SECONDS or not call.is_patient:
                    raise
            else:
                if wait > PATIENCE_SECONDS / self._scale or not call.is_patient:
                    break
            await self._clock.sleep(wait)
        raise Unfinished(Code.BUDGET_SPENT, call.method.name, retry_after_seconds=wait)

    async def _debit(self, call: Call) -> float:
        """Return 0.0 when the call may be made now, else the seconds until it may.

        A little is added to a wait, for a call can take longer to arrive than the next one.
        """
        facts = call.access.facts
        bucket = self._limits.bucket(call.method, facts)
        allowance = self._limits.allowance(call.method, facts)
        wait = await self._budget.take(bucket, allowance)
        return wait + min(_MARGIN_SECONDS, wait * _MARGIN_SHARE) if wait > 0 else 0.0

    def _knock(self, call: Call) -> None:
        """Leave a host in peace that has failed several shops for a while."""
        wait = self.breakers[call.method.host].wait_seconds(call.access.facts.sid)
        if wait:
            told = f"{call.method.name}: the host is left in peace"
            spread = wait + self._backoff.dice.uniform(0.0, REST_SECONDS) / self._scale
            raise Unfinished(Code.VENDOR_UNREACHABLE, told, retry_after_seconds=spread)

    async def _watched(self, call: Call, read: Read[T]) -> T | None:
        """Make one call, and let the host's breaker know what became of it."""
        breaker = self.breakers[call.method.host]
        try:
            answer = await self._try(call, read)
        except StockTrackerError as error:
            if error.code in _RETRIED:
                breaker.failed(call.access.facts.sid)
                raise
            breaker.succeeded()
            if error.code is Code.RATE_LIMITED:
                self._observe(VendorTrouble(VENDOR, error.code, is_retried=False))
            raise
        breaker.succeeded()
        self._retries.earn()
        return answer

    def _breaker(self, host: Host) -> Breaker:
        def changed(name: str, is_open: bool) -> None:  # noqa: FBT001 - what a breaker says
            self._observe(DependencyChanged(name, Code.VENDOR_UNREACHABLE, is_open))

        rest_seconds = REST_SECONDS / self._scale
        return Breaker(f"{VENDOR}.{host}", self._clock, changed, rest_seconds=rest_seconds)

    async def _try(self, call: Call, read: Read[T]) -> T | None:
        """Make one call; what the network does to it becomes one of our errors."""
        failure, began = Code.VENDOR_UNREACHABLE, False
        try:
            async with (
                asyncio.timeout(call.method.total_seconds),
                self._http.stream(**self._request(call)) as response,
            ):
                began = True
                return await self._answer(call, response, read)
        except (httpx.TimeoutException, TimeoutError):
            told = "no answer in time"
        except (httpx.DecodingError, httpx.ReadError, httpx.RemoteProtocolError) as error:
            failure = Code.ANSWER_CUT if began else failure
            told = type(error).__name__
        except httpx.TransportError as error:
            told = type(error).__name__
        raise Transient(failure, f"{call.method.name}: {told}")

    async def _answer(self, call: Call, response: httpx.Response, read: Read[T]) -> T | None:
        if response.status_code == httpx.codes.OK:
            return await read(self._bounded(response, call.method))
        if response.status_code == httpx.codes.NO_CONTENT:
            return None
        refused = refusal(
            response.status_code,
            call.method,
            response.headers,
            await _beginning(response),
            default_wait_seconds=WAIT_WITHOUT_A_NAME_SECONDS / self._scale,
        )
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            await self._remember_limit(call, refused)
        raise error_of(refused)

    async def _bounded(self, response: httpx.Response, method: Method) -> AsyncIterator[bytes]:
        arrived = 0
        async for chunk in response.aiter_bytes():
            arrived += len(chunk)
            if arrived > self._largest_body_bytes:
                raise Defect(Code.ANSWER_NOT_UNDERSTOOD, f"{method.name}: a body without an end")
            yield chunk

    async def _remember_limit(self, call: Call, refused: Refusal) -> None:
        """Let nobody call before the vendor's wait is over, in no process and after a restart.

        The limiter that stands before all methods stops them all.
        """
        stopped = METHODS if refused.is_global else (call.method,)
        for method in stopped:
            bucket = self._limits.bucket(method, call.access.facts)
            await self._budget.block(bucket, refused.wait_seconds)

    def _request(self, call: Call) -> dict[str, Any]:
        method = call.method
        path = method.path.replace("{id}", quote(call.report_id, safe=""))
        headers = {
            "Authorization": call.access.key.reveal(),
            "Accept": "application/json",
            "User-Agent": "stock-tracker",
        }
        if self._client_secret and method.host is not Host.MARKETPLACE:
            headers["X-Client-Secret"] = self._client_secret
        request: dict[str, Any] = {
            "method": method.verb,
            "url": self._urls.of(method.host) + path,
            "params": call.query,
            "headers": headers,
        }
        if call.body is not None:
            headers["Content-Type"] = "application/json"
            request["content"] = msgspec.json.encode(call.body)
        return request


async def _beginning(response: httpx.Response) -> bytes:
    """Return the first words of an error; one that is cut has fewer, its status stands."""
    body = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > _LARGEST_ERROR_BYTES:
                break
    except httpx.RequestError:
        return bytes(body)
    return bytes(body)
