"""A made-up company of any size, written in bulk: for benchmarks, not to be mistaken for people's work."""

from guanxi.demo.bulk.load import fill

__all__ = ["fill"]
