"""权限检查: why somebody may or may not see, or change, a record."""

from guanxi.system.checking.page import access_check

__all__ = ["access_check"]
