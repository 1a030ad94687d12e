"""What every page of a resource shares: permission first, then rows within reach."""

import uuid
from collections.abc import Mapping
from functools import cache, partial
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.views import View

from guanxi.web.acts import is_fragment, require, require_proof
from guanxi.web.jinja import render_block, render_page
from guanxi.web.menu import crumbs_of
from guanxi.web.resource import Resource


class ResourcePage(View):
    """A page that checks its permission before anything else."""

    resource: Resource = cast("Resource", None)
    """Given by `as_view`, as Django asks for an attribute of the class."""
    verb = "view"

    def permission(self) -> str:
        """What this page needs."""
        return self.resource.verbs()[self.verb]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse without the permission, whatever the method; ask again who it is before the gravest verbs."""
        require(request, self.permission())
        if request.method == "POST" and self.done_verb() in self.resource.proved:
            require_proof(request)
        return super().dispatch(request, *args, **kwargs)

    def done_verb(self) -> str:
        """The verb that a form sent to this page carries out."""
        action = getattr(self, "action", None)
        return action.verb if action is not None else self.verb

    def record(self, pk: int) -> Any:
        """The record within reach; what lies outside does not exist."""
        record = self.resource.model._default_manager.visible_to(self.request.user)
        found = record.filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def base_context(self, record: Any = None) -> dict[str, Any]:
        """What every template of a resource may use."""
        user = self.request.user
        return {
            "resource": self.resource,
            "record": record,
            "may": cache(partial(self.resource.may, user)),
            "new_label": self.resource.new_label,
            "here": self.request.get_full_path(),
            "crumbs": crumbs_of(self.resource, record),
        }

    def show(self, template: str, context: Mapping[str, Any], *, block: str = "", status: int = 200) -> HttpResponse:
        """The whole page, or for htmx only the block it asked for."""
        if block and is_fragment(self.request):
            return render_block(self.request, template, block, context, status=status)
        return render_page(self.request, template, context, status=status)


def new_key() -> str:
    """A key that makes one form act once."""
    return uuid.uuid4().hex
