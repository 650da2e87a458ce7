"""Drills and measurements, each a command: python -m bench.<name>. See bench/README.md."""
