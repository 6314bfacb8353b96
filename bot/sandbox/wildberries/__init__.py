"""Wildberries as a local server: worlds, keys, limits and misbehaviour to order.

twin = WildberriesTwin(clock, [make_shop(now=clock.now(), sid=sid)])
async with twin:
...  # point every Wildberries address at twin.url, call with make_key(sid=sid)
"""

from bot.sandbox.wildberries.behaviour import Behaviour
from bot.sandbox.wildberries.generate import make_shop
from bot.sandbox.wildberries.keys import KeyKind, make_key
from bot.sandbox.wildberries.limits import Host
from bot.sandbox.wildberries.places import Warehouse
from bot.sandbox.wildberries.twin import WildberriesTwin
from bot.sandbox.wildberries.world import Card, Oddities, OrderStatus, Shop

__all__ = [
    "Behaviour",
    "Card",
    "Host",
    "KeyKind",
    "Oddities",
    "OrderStatus",
    "Shop",
    "Warehouse",
    "WildberriesTwin",
    "make_key",
    "make_shop",
]
