"""Where numbers go: one folder per output, each fed by the same report."""
