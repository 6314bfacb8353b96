"""One tree of errors with three recoveries; a failure is never turned into a value.

    StockTrackerError
    ├── SellerMustAct   the seller has to do something (replace a key, share a file)
    ├── Transient       wait and try again (`retry_after_seconds` when the vendor named a time)
    └── Defect          we or a vendor broke a promise; the operator has to look

Each error carries a stable `code`, the same in logs, in `docs/errors.md` and in the seller's
sentence, and never a secret.
"""

from collections.abc import Iterator
from enum import StrEnum

from bot.kit.scrubber import scrub


class Code(StrEnum):
    """Stable names of everything that can go wrong, grouped by who says it."""

    # A key, before and after Wildberries has seen it.
    KEY_MALFORMED = "key_malformed"
    KEY_EXPIRED = "key_expired"
    KEY_TEST = "key_test"
    KEY_FOREIGN_SERVICE = "key_foreign_service"
    KEY_LACKS_ANALYTICS = "key_lacks_analytics"
    KEY_LACKS_STATISTICS = "key_lacks_statistics"
    KEY_REJECTED = "key_rejected"
    KEY_MISSING = "key_missing"
    KEY_OF_ANOTHER_SELLER = "key_of_another_seller"

    # A marketplace's answer.
    METHOD_CLOSED_FOR_KEY = "method_closed_for_key"
    METHOD_BLOCKED = "method_blocked"
    METHOD_DISABLED = "method_disabled"
    PATH_NOT_FOUND = "path_not_found"
    SERVICE_BALANCE_EMPTY = "service_balance_empty"
    REQUEST_REFUSED = "request_refused"
    REQUEST_TOO_LARGE = "request_too_large"
    RATE_LIMITED = "rate_limited"
    BUDGET_SPENT = "budget_spent"
    VENDOR_FAILED = "vendor_failed"
    VENDOR_UNREACHABLE = "vendor_unreachable"
    ANSWER_CUT = "answer_cut"
    ANSWER_NOT_UNDERSTOOD = "answer_not_understood"
    STATUS_UNKNOWN = "status_unknown"
    REPORT_IN_THE_MAKING = "report_in_the_making"
    REPORT_GONE = "report_gone"
    SUSPICIOUSLY_EMPTY = "suspiciously_empty"

    # A seller's table.
    SHEET_NO_ACCESS = "sheet_no_access"
    SHEET_GONE = "sheet_gone"
    SHEET_TRASHED = "sheet_trashed"
    SHEET_PROTECTED = "sheet_protected"
    SHEET_BROKEN = "sheet_broken"
    SHEET_TOO_LARGE = "sheet_too_large"
    SHEET_REQUEST_REFUSED = "sheet_request_refused"
    SHEET_ADDRESS_UNKNOWN = "sheet_address_unknown"
    SHEET_LINK_INVALID = "sheet_link_invalid"
    SHEET_READ_ONLY = "sheet_read_only"
    SHEET_CODE_WRONG = "sheet_code_wrong"
    SHEET_CODE_EXPIRED = "sheet_code_expired"
    SHEET_TAKEN = "sheet_taken"
    GOOGLE_STORAGE_FULL = "google_storage_full"
    GOOGLE_DISABLED = "google_disabled"
    GOOGLE_TOKEN_DEAD = "google_token_dead"  # noqa: S105 - the name of an error, no secret
    GOOGLE_RATE_LIMITED = "google_rate_limited"
    GOOGLE_FAILED = "google_failed"
    GOOGLE_UNREACHABLE = "google_unreachable"

    # Ourselves.
    NAME_INVALID = "name_invalid"
    EMAIL_INVALID = "email_invalid"
    PHONE_INVALID = "phone_invalid"
    CONTACT_NOT_OWN = "contact_not_own"
    NOT_REGISTERED = "not_registered"
    NOT_ALLOWED = "not_allowed"
    SHOP_UNKNOWN = "shop_unknown"
    PAUSED = "paused"
    SUPERSEDED = "superseded"
    NO_DATA_YET = "no_data_yet"
    STORED_DATA_SEALED = "stored_data_sealed"
    STORAGE_UNREACHABLE = "storage_unreachable"
    TELEGRAM_FAILED = "telegram_failed"
    RESTARTING = "restarting"
    INTERNAL = "internal"


class StockTrackerError(Exception):
    """The root. `detail` is for the operator: short, and scrubbed, for a vendor's words are in it.

    What a vendor repeats of a request may be a key, an e-mail or a phone.
    """

    def __init__(self, code: Code, detail: str = "") -> None:
        detail = scrub(detail)
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail


class SellerMustAct(StockTrackerError):  # noqa: N818 - the recovery is the name
    """Nothing helps but an act of the seller; not retried until he has acted."""


class Transient(StockTrackerError):  # noqa: N818 - the recovery is the name
    """It may go through later: after `retry_after_seconds`, or by our own back-off if None."""

    def __init__(
        self, code: Code, detail: str = "", *, retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(code, detail)
        self.retry_after_seconds = retry_after_seconds


class Defect(StockTrackerError):  # noqa: N818 - the recovery is the name
    """A promise was broken, ours or a vendor's; last good data stay, the operator is told."""


def gravest(error: BaseException) -> BaseException:
    """Return the one error that decides what happens next, out of a group of any depth.

    Cancellation first, then what is outside the tree, `Defect`, `SellerMustAct`, `Transient`.
    """
    return min(_leaves(error), key=_rank)


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _rank(error: BaseException) -> int:
    if not isinstance(error, Exception):
        return 0
    ranks: dict[type[StockTrackerError], int] = {Defect: 2, SellerMustAct: 3, Transient: 4}
    return next((rank for kind, rank in ranks.items() if isinstance(error, kind)), 1)
