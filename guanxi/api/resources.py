"""访问令牌: everybody's tokens for whoever may see them, and the right to make one."""

from django.utils.translation import gettext_lazy as _

from guanxi.api import actions
from guanxi.api.models import CREATE, REVOKE, Token
from guanxi.system.account import account_tab
from guanxi.system.tree import right
from guanxi.web.declarations import Action
from guanxi.web.registry import register
from guanxi.web.resource import Resource


@register
class TokenResource(Resource):
    """The tokens of everybody; one may be revoked."""

    model = Token
    directory = "system"
    code = "6130"
    icon = "lock"
    place = 75
    path = "system/tokens"
    columns = ["name", "user", "prefix", "scope", "expires_at", "last_used_at", "revoked_at", "created_at"]
    kinds = {"prefix": "code"}
    tones = {"scope": {"read": "info", "write": "warn"}}
    sorts = ["created_at"]
    filters = ["user", "scope", "expires_at", "last_used_at", "revoked_at"]
    actions = [
        Action(
            "revoke",
            actions.revoke_token,
            _("Revoke"),
            icon="circle-x",
            danger=True,
            primary=True,
            when=lambda token: token.revoked_at is None,
            permission=REVOKE,
            confirm=_("Programs that use this token are refused from the next request on, for ever."),
            done=_("The token is revoked."),
        )
    ]
    head = ["scope"]
    meta = ["user", "prefix", "expires_at"]
    details = [(_("Access token"), columns)]
    empty_text = _("Tokens that people make for their programs appear here.")


right(CREATE, _("Make access tokens"), under=TokenResource.instance.key)
account_tab(_("Access tokens"), "api:own", "lock", CREATE)
