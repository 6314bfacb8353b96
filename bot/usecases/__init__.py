"""What we do: one verb per file. Whoever asks (Telegram, the scheduler, a terminal) calls these."""
