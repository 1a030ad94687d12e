"""What is done with users; the only place that changes them."""

from guanxi.accounts.actions.second_factor import unbind_user
from guanxi.accounts.actions.session import end_session_of
from guanxi.accounts.actions.user import (
    add_member,
    bin_user,
    create_user,
    disable_user,
    edit_user,
    enable_user,
    remove_member,
    reset_password,
    restore_user,
)

__all__ = [
    "add_member",
    "bin_user",
    "create_user",
    "disable_user",
    "edit_user",
    "enable_user",
    "end_session_of",
    "remove_member",
    "reset_password",
    "restore_user",
    "unbind_user",
]
