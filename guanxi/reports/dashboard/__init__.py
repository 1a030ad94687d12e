"""The figures of the start page: what several apps together say of a period."""
