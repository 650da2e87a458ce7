"""Bodies as the providers send them, with invented people."""
