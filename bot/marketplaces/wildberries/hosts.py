"""The vendor's hosts. A path asked of the wrong one gives 404 "path not found", no redirect.

Source: https://dev.wildberries.ru/openapi/api-information (read 2026-11-20)
"""

from dataclasses import dataclass
from enum import StrEnum


class Host(StrEnum):
    """Every method lives on exactly one of these."""

    ANALYTICS = "analytics"
    STATISTICS = "statistics"
    MARKETPLACE = "marketplace"
    CONTENT = "content"
    COMMON = "common"


@dataclass(frozen=True, slots=True)
class WildberriesUrls:
    """The address of each host: scheme, name, port, no path."""

    analytics: str = "https://seller-analytics-api.wildberries.ru"
    statistics: str = "https://statistics-api.wildberries.ru"
    marketplace: str = "https://marketplace-api.wildberries.ru"
    content: str = "https://content-api.wildberries.ru"
    common: str = "https://common-api.wildberries.ru"

    def of(self, host: Host) -> str:
        """Return the address of `host`, without a slash at its end."""
        address: str = getattr(self, host.value)
        return address.rstrip("/")
