"""Steering a twin that runs in another process: `/__control/…`, no key needed.

- `POST faults` with `{"harm": "server_error", "with": {"status": 502}, "path": "/api/v1/…",
  "method": "GET", "sid": null, "after": 0, "count": 2, "probability": 1}` plants one of
  `harms.HARMS`; `count` null is for ever. `DELETE faults` takes all away, `GET faults` lists.
- `GET calls` lists the calls, `DELETE calls` forgets them; `GET state` tells `too_many` and the
  shops.
- `POST behaviour` with fields of `Behaviour` turns its switches.
- `POST shops` with arguments of `make_shop` lets a seller in; `POST shops/{sid}` with
  `{"warehouses_hidden": false}` changes one.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from bot.kit.clock import Clock
from bot.sandbox.wildberries.generate import make_shop
from bot.sandbox.wildberries.harms import HARMS
from bot.sandbox.wildberries.limits import Limit
from bot.sandbox.wildberries.world import Oddities

if TYPE_CHECKING:
    from bot.sandbox.wildberries.twin import WildberriesTwin

_PLANT_FIELDS = frozenset({"path", "method", "sid", "after", "count", "probability"})
_SHOP_FIELDS = frozenset({"warehouses_hidden", "name", "trade_mark", "oddities"})


class Control:
    """The control paths of one twin."""

    def __init__(self, twin: "WildberriesTwin", clock: Clock) -> None:
        self._twin = twin
        self._clock = clock

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add the paths to a server."""
        router.add_get("/__control/faults", self._list_faults)
        router.add_post("/__control/faults", self._plant)
        router.add_delete("/__control/faults", self._clear_faults)
        router.add_get("/__control/calls", self._list_calls)
        router.add_delete("/__control/calls", self._forget_calls)
        router.add_get("/__control/state", self._state)
        router.add_post("/__control/behaviour", self._behave)
        router.add_post("/__control/shops", self._add_shop)
        router.add_post("/__control/shops/{sid}", self._change_shop)

    async def _plant(self, request: web.Request) -> web.Response:
        wish = await _object(request)
        harm = HARMS.get(str(wish.get("harm")))
        if harm is None:
            raise web.HTTPBadRequest(text=f"harm must be one of {', '.join(HARMS)}")
        where = {name: value for name, value in wish.items() if name in _PLANT_FIELDS}
        fault = _made(harm, wish.get("with", {}))
        self._twin.faults.plant(fault, where.pop("path", "/"), **where)
        return _json({"planted": len(self._twin.faults.planted)})

    async def _list_faults(self, _request: web.Request) -> web.Response:
        return _json(
            [
                {
                    "harm": one.fault.harm.value,
                    "path": one.path,
                    "method": one.method,
                    "sid": one.sid,
                    "count": one.count,
                    "hits": one.hits,
                }
                for one in self._twin.faults.planted
            ]
        )

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self._twin.faults.clear()
        return web.Response(status=204)

    async def _list_calls(self, _request: web.Request) -> web.Response:
        return _json([call.plain() for call in self._twin.calls])

    async def _forget_calls(self, _request: web.Request) -> web.Response:
        self._twin.calls.clear()
        return web.Response(status=204)

    async def _state(self, _request: web.Request) -> web.Response:
        shops = {
            shop.sid: {"name": shop.name, "cards": len(shop.cards), "orders": len(shop.orders)}
            for shop in self._twin.world.shops.values()
        }
        return _json({"too_many": self._twin.too_many, "shops": shops})

    async def _behave(self, request: web.Request) -> web.Response:
        wish = await _object(request)
        if wish.get("global_limit"):
            wish["global_limit"] = _made(Limit, wish["global_limit"])
        _made(replace, wish, self._twin.behaviour)
        for name, value in wish.items():
            setattr(self._twin.behaviour, name, value)
        return _json({"changed": sorted(wish)})

    async def _add_shop(self, request: web.Request) -> web.Response:
        wish = await _object(request)
        shop = self._twin.world.add(_made(make_shop, {**wish, "now": self._clock.now()}))
        return _json({"sid": shop.sid, "name": shop.name})

    async def _change_shop(self, request: web.Request) -> web.Response:
        wish = await _object(request)
        shop = self._twin.world.shops.get(request.match_info["sid"])
        if shop is None:
            raise web.HTTPNotFound(text="no such shop")
        if not set(wish) <= _SHOP_FIELDS:
            raise web.HTTPBadRequest(text=f"fields must be of {', '.join(sorted(_SHOP_FIELDS))}")
        if "oddities" in wish:
            wish["oddities"] = _made(Oddities, wish["oddities"])
        for name, value in wish.items():
            setattr(shop, name, value)
        return _json({"changed": sorted(wish)})


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        value = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise web.HTTPBadRequest(text="the body must be a JSON object")
    return value


def _made(make: Callable[..., Any], arguments: Any, *first: Any) -> Any:
    try:
        return make(*first, **arguments)
    except (TypeError, KeyError) as error:
        raise web.HTTPBadRequest(text=f"wrong arguments: {error}") from None


def _json(value: Any) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")
