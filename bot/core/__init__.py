"""What we know: pure rules and records. The standard library only, no input and no output."""
