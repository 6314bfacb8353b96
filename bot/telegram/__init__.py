"""The bot, by conversation."""
