"""The addresses of sale chances and development plans."""

from guanxi.marketing.resources import DevelopmentResource, PlanResource, SaleChanceResource
from guanxi.web.addresses import addresses

app_name = "marketing"
urlpatterns = [
    *addresses(SaleChanceResource),
    *addresses(DevelopmentResource),
    *addresses(PlanResource),
]
