"""A marketplace, and what it needs: a notebook and a call budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.core.period import Period
from bot.core.ports.waits import AnySnapshot
from bot.core.products import Source
from bot.core.sellers import Access, KeyFacts

# A day is the longest interval that a vendor has between two calls; a wait that is named longer
# than twice that is a mistake, the vendor's or a clock's.
LONGEST_WAIT_SECONDS = 48 * 3600.0


@dataclass(frozen=True, slots=True)
class Memory:
    """What one source of one run has kept: its cursor, and the answers so far in their order."""

    cursor: Mapping[str, str | int] = field(default_factory=dict)
    pages: Sequence[bytes] = ()


class Memo(Protocol):
    """The notebook of one source in one run; it survives a restart."""

    async def recall(self) -> Memory:
        """Return what was kept."""
        ...

    async def keep(self, cursor: Mapping[str, str | int], page: bytes | None = None) -> None:
        """Replace the cursor and append `page` in one step. Raises: Superseded."""
        ...

    async def forget(self) -> None:
        """Drop cursor and pages (a report is gone and is made anew). Raises: Superseded."""
        ...


@dataclass(frozen=True, slots=True)
class Bucket:
    """Whose calls of which method are counted together."""

    sid: str
    method: str
    kind: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """A token bucket: `burst` calls at once, one back every `interval_seconds`."""

    interval_seconds: float
    burst: int


class CallBudget(Protocol):
    """The calls that a marketplace allows; survives a restart and is shared by processes."""

    async def take(self, bucket: Bucket, allowance: Allowance) -> float:
        """Debit one call and return 0.0, or debit nothing and return the seconds to wait."""
        ...

    async def block(self, bucket: Bucket, seconds: float) -> None:
        """Allow no call of this bucket for that long: the marketplace said so."""
        ...


class Marketplace(Protocol):
    """A marketplace, seen from the use cases."""

    def read_key(self, text: str) -> Access:
        """Return what a pasted text says of itself, without asking anybody.

        Raises:
            SellerMustAct: malformed, expired, a test key, another service's, or lacking a right.
        """
        ...

    async def verify(self, access: Access) -> None:
        """Ask the marketplace by its cheapest calls whether the key lives.

        Raises:
            SellerMustAct: the marketplace refuses the key.
            Transient: it could not be asked; the key is neither good nor bad.
        """
        ...

    async def shop_name(self, access: Access) -> str | None:
        """Return the shop's name, `None` when the marketplace has none or will not tell now."""
        ...

    def sources(self, facts: KeyFacts) -> Sequence[Source]:
        """Return the sources that a key of this kind and rights may be asked for."""
        ...

    async def collect(
        self, source: Source, access: Access, period: Period, memo: Memo
    ) -> AnySnapshot:
        """Bring one source whole; answers are kept in `memo` as they come.

        Raises:
            SellerMustAct: the key was refused.
            Unfinished: a long wait is due; call again with the same memo afterwards.
            Transient: it did not answer; short retries are spent.
            Defect: the answer no longer has the shape that we know, or the method is closed.
        """
        ...
