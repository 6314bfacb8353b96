"""Wildberries: `open_wildberries` gives the marketplace port."""

from bot.marketplaces.wildberries.hosts import WildberriesUrls
from bot.marketplaces.wildberries.marketplace import Wildberries, open_wildberries

__all__ = ["Wildberries", "WildberriesUrls", "open_wildberries"]
