"""What we do: one verb per file, called by whoever asks (a chat, the clock, a terminal)."""
