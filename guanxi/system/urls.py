"""The addresses of the administration; those of special pages come before the shared ones of the same name."""

from django.urls import path

from guanxi.system import pages, redacting, revealing
from guanxi.system.checking import access_check
from guanxi.system.resources import (
    ChangeSetResource,
    DepartmentResource,
    JobResource,
    MenuItemResource,
    ParameterResource,
    RoleResource,
    ScheduleResource,
    SessionResource,
    SignInResource,
    UserResource,
)
from guanxi.web.addresses import addresses

acts = ChangeSetResource.instance
users, roles = UserResource.instance, RoleResource.instance
reset = users.action("reset")

app_name = "system"
urlpatterns = [
    path("access-check/", access_check, name="access-check"),
    path("users/new/", pages.CreateUserPage.as_view(resource=users), name="user-create"),
    path("users/<int:pk>/reset/", pages.ResetPage.as_view(resource=users, action=reset), name="user-reset"),
    *addresses(UserResource),
    path(
        "departments/",
        pages.DepartmentTreePage.as_view(resource=DepartmentResource.instance),
        name="department-list",
    ),
    *addresses(DepartmentResource),
    path("roles/", pages.RoleListPage.as_view(resource=roles), name="role-list"),
    path("roles/<int:pk>/grant/", pages.GrantPage.as_view(resource=roles), name="role-grant"),
    *addresses(RoleResource),
    path("resources/", pages.MenuItemTreePage.as_view(resource=MenuItemResource.instance), name="menuitem-list"),
    *addresses(MenuItemResource),
    path("parameters/", pages.ParameterPage.as_view(resource=ParameterResource.instance), name="parameter-list"),
    *addresses(ParameterResource),
    path("log/redact/<str:name>/<int:pk>/", redacting.redaction, name="redaction"),
    path("reveal/<str:name>/<int:pk>/<str:field>/", revealing.reveal, name="reveal"),
    path(
        "log/<int:pk>/undo/", pages.UndoPage.as_view(resource=acts, action=acts.action("undo")), name="changeset-undo"
    ),
    *addresses(ChangeSetResource),
    *addresses(SignInResource),
    *addresses(SessionResource),
    *addresses(ScheduleResource),
    *addresses(JobResource),
]
