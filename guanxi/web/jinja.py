"""The Jinja2 environment, and blocks rendered alone as fragments."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import i18n

from guanxi.kernel.text import listed
from guanxi.web import formats
from guanxi.web.cells import kept_cells
from guanxi.web.kept import Kept, kept_macro, kept_sentences

FILTERS = (
    formats.money,
    formats.short_money,
    formats.number,
    formats.price,
    formats.percent,
    formats.phone,
    formats.masked,
    formats.day,
    formats.full_day,
    formats.moment,
    formats.precise,
    formats.ago,
    formats.group_day,
    formats.weekday,
    listed,
)


def environment(**options: Any) -> Environment:
    """The environment that Django's Jinja2 backend asks for."""
    options.setdefault("undefined", StrictUndefined)
    env = Environment(**options, extensions=[i18n, Kept], trim_blocks=True, lstrip_blocks=True)  # nosec B701 - Django turns it on
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension i18n
        gettext, ngettext, newstyle=True, pgettext=pgettext
    )
    said: Any = env.globals["gettext"]
    sentence = kept_sentences(said)
    env.globals.update(_=sentence, gettext=sentence)
    # Names of static files stand still while a server runs, and a list asks for sixty of them.
    env.globals.update(static=static if env.auto_reload else cache(static), url=_url, money_sign=formats.money_sign)
    env.globals["cookie_prefix"] = settings.COOKIE_PREFIX  # scripts keep the looks under the names that we give them
    env.filters.update({show.__name__: show for show in FILTERS})
    if isinstance(env.loader, FileSystemLoader):
        env.globals["ui"] = LazyModule(env, "web/ui.html", dict.fromkeys(("icon", "tag", "avatar"), kept_macro))
        env.globals["cells"] = LazyModule(env, "web/cells.html", {"cell": kept_cells})
    return env


class LazyModule:
    """A template of macros as a global, so that a block rendered alone has them, too.

    `kept` names the small macros that a page calls by the hundred, and how their text is kept.
    """

    def __init__(self, env: Environment, name: str, kept: Mapping[str, Callable[[Any], Any]]) -> None:
        self._env = env
        self._name = name
        self._kept = kept

    def __getattr__(self, macro: str) -> Any:
        found = getattr(self._env.get_template(self._name).module, macro)
        if not self._env.auto_reload:
            keep = self._kept.get(macro)
            found = vars(self)[macro] = keep(found) if keep else found
        return found


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)


def render_page(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A whole page."""
    text = engines["jinja2"].get_template(template).render(dict(context), request)
    return _answer(text, status)


def render_block(
    request: HttpRequest,
    template: str,
    block: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """One block of a page, with the same context as the page would have."""
    found: Any = engines["jinja2"].get_template(template)
    whole = dict(context)
    whole.update(request=request)
    for processor in found.backend.template_context_processors:
        whole.update(processor(request))
    whole.update(context)
    return _answer(_block(found.template, block, whole), status)


def _block(source: Any, block: str, values: Mapping[str, Any]) -> str:
    """A block by its name, also one that only a parent of the template has: a page's beginning gathers them all."""
    context = source.new_context(values)
    next(source.root_render_func(context), "")
    return "".join(context.blocks[block][0](context))


def _answer(text: str, status: int) -> HttpResponse:
    """Never kept, and told apart by htmx's heads: else a back button shows a bare fragment."""
    answer = HttpResponse(text, status=status)
    answer["Cache-Control"] = "no-store"
    answer["Vary"] = "HX-Request, HX-Target, Cookie, Accept-Language"
    return answer
