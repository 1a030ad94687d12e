"""Measuring the promises of speed: `python -m bench`, run by `make bench`."""
