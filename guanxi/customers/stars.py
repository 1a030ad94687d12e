"""Lists narrowed by stars: the credit of customers, how content they are with a ticket."""

from django.utils.translation import gettext as _

from guanxi.web.filters import ChoiceFilter


class StarsFilter(ChoiceFilter):
    """Any number of stars, or none given."""

    def options(self) -> list[tuple[str, str, str]]:
        """Five stars first."""
        return [*((str(stars), f"{stars} ★", "") for stars in range(5, 0, -1)), ("none", _("None"), "")]
