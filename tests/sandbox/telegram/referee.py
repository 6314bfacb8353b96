"""aiogram's own models as judges of what the twin receives and sends."""

import json

from aiogram import methods
from aiogram.methods import Response
from aiogram.types import Update
from pydantic import BaseModel

BY_NAME = {
    method.__api_method__.lower(): method
    for method in vars(methods).values()
    if isinstance(getattr(method, "__api_method__", None), str)
}


def judge(calls, *, poisoned=()):
    """Hold every served call against aiogram's models: parameters, and the result."""
    for call in calls:
        method = BY_NAME[call.method.lower()]
        known = set(method.model_fields)
        assert set(call.params) <= known, f"{call.method} got {set(call.params) - known}"
        if call.status == 200:
            answer = call.answer
            if method is methods.GetUpdates:
                answer = [one for one in answer if one["update_id"] not in poisoned]
            parsed = Response[method.__returning__].model_validate({"ok": True, "result": answer})
            assert_no_strangers(parsed.result, call.method)


def assert_no_strangers(value, where):
    """No field may appear that aiogram's models do not know."""
    if isinstance(value, list):
        for item in value:
            assert_no_strangers(item, where)
    elif isinstance(value, BaseModel):
        assert not value.model_extra, f"{where}: unknown fields {value.model_extra}"
        for name in type(value).model_fields:
            assert_no_strangers(getattr(value, name), f"{where}.{name}")


def parse_update(update):
    """Return an update as aiogram's model."""
    return Update.model_validate(json.loads(json.dumps(update)))
