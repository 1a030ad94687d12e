"""The addresses of service."""

from guanxi.service.resources import (
    ArchiveResource,
    AssignmentResource,
    CalendarDayResource,
    FeedbackResource,
    HandlingResource,
    ServiceTicketResource,
    TargetResource,
)
from guanxi.web.addresses import addresses

app_name = "service"
urlpatterns = [
    *addresses(ServiceTicketResource),
    *addresses(AssignmentResource),
    *addresses(HandlingResource),
    *addresses(FeedbackResource),
    *addresses(ArchiveResource),
    *addresses(TargetResource),
    *addresses(CalendarDayResource),
]
