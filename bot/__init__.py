"""Stock Tracker: a Telegram bot that keeps a Wildberries seller's table of stock and orders."""
