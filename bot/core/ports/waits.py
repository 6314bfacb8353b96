"""How a step says that it cannot go on now."""

from typing import Any

from bot.core.errors import Code, Transient
from bot.core.products import Snapshot

AnySnapshot = Snapshot[Any]


class Unfinished(Transient):
    """A source needs a long wait; `so_far` is what it has brought already, if that is of use."""

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        retry_after_seconds: float | None = None,
        so_far: AnySnapshot | None = None,
    ) -> None:
        super().__init__(code, detail, retry_after_seconds=retry_after_seconds)
        self.so_far = so_far


class Superseded(Transient):
    """The shop's fence has moved on: whatever this step holds is worthless now."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(Code.SUPERSEDED, detail)


class ShopErased(Superseded):
    """The shop is gone with its account: nobody but this step knows what it has made."""
