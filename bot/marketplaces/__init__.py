"""Where numbers come from: one folder per marketplace."""
