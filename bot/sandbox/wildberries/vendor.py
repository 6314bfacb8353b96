"""What the vendor would answer, before HTTP and harm: gate first, then the method."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta, timezone

from bot.sandbox.wildberries import problems, stocks
from bot.sandbox.wildberries.answers import Answer, Ask, BadRequestError, as_json
from bot.sandbox.wildberries.behaviour import Behaviour
from bot.sandbox.wildberries.feed import OrderFeed
from bot.sandbox.wildberries.funnel import Funnel
from bot.sandbox.wildberries.gate import Gate
from bot.sandbox.wildberries.limits import DISABLED, Host, find_rule
from bot.sandbox.wildberries.orders import orders
from bot.sandbox.wildberries.remains import Remains
from bot.sandbox.wildberries.world import Shop

_MOSCOW = timezone(timedelta(hours=3))

Method = Callable[[Shop, Ask], Answer]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A refusal at the gate, or a call that was let in (and debited) and can be answered."""

    sid: str | None
    refusal: Answer | None = None
    reply: Callable[[], Answer] | None = None
    rate_headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> Answer:
        """Return the true answer."""
        if self.refusal is not None:
            return self.refusal
        return self.labelled(self.reply() if self.reply else Answer(204))

    def labelled(self, answer: Answer) -> Answer:
        """Return the answer with the rate header that every status but 429 carries."""
        if answer.status == 429:  # noqa: PLR2004 - has its own three headers, or none
            return answer
        return replace(answer, headers={**self.rate_headers, **answer.headers})


class Vendor:
    """Every method of the table in `limits`, behind the gate."""

    def __init__(self, gate: Gate, behaviour: Behaviour, remains: Remains) -> None:
        self._gate = gate
        self._methods: Mapping[str, Method] = {
            "ping": _ping,
            "seller_info": _seller_info,
            "funnel": Funnel(behaviour).products,
            "remains_create": remains.create,
            "remains_status": remains.status,
            "remains_download": remains.download,
            "orders": lambda shop, ask: orders(shop, ask, behaviour),
            "order_feed": OrderFeed(behaviour).page,
            "wb_warehouses": stocks.wb_warehouses,
            "seller_warehouses": stocks.seller_warehouses,
        }

    def judge(self, ask: Ask, headers: Mapping[str, str], host: Host | None) -> Verdict:
        """Let a call in, debiting its bucket, or refuse it."""
        rule = find_rule(ask.method, ask.path, host)
        if rule is None:
            return Verdict(None, reply=lambda: _no_method(ask))
        caller = self._gate.identify(headers, rule, host, ask.now)
        untouched = {"X-Ratelimit-Remaining": str(rule.full.burst)}
        if isinstance(caller, Answer):
            return Verdict(None, replace(caller, headers=untouched))
        sid, method = caller.key.sid, self._methods[rule.name]
        closed = self._gate.closed(caller, rule, ask.now)
        if closed is not None:
            return Verdict(sid, replace(closed, headers=untouched))
        admitted = self._gate.admit(caller, rule, ask.now)
        if isinstance(admitted, Answer):
            return Verdict(sid, admitted)
        return Verdict(sid, None, lambda: _reply(method, caller.shop, ask), admitted)


def _reply(method: Method, shop: Shop, ask: Ask) -> Answer:
    try:
        return method(shop, ask)
    except BadRequestError as error:
        return problems.bad_request(str(error))


def _no_method(ask: Ask) -> Answer:
    if (ask.method, ask.path) in DISABLED:
        return problems.disabled(ask.now)
    return problems.path_not_found(ask.now)


def _ping(_shop: Shop, ask: Ask) -> Answer:
    stamp = ask.now.astimezone(_MOSCOW).isoformat(timespec="seconds")
    return as_json({"TS": stamp, "Status": "OK"})


def _seller_info(shop: Shop, _ask: Ask) -> Answer:
    facts = {
        "name": shop.name,
        "sid": shop.sid,
        "tin": shop.tin,
        "tradeMark": shop.trade_mark,
        "country": "Россия",
    }
    return as_json({name: value for name, value in facts.items() if value})
