"""A resource of the test's own, over departments: the kit is tested without any app above it."""

from django.urls import include, path

from guanxi.access.models import Department
from guanxi.kernel.rules import RuleBroken
from guanxi.web.addresses import addresses
from guanxi.web.declarations import Action, ListView
from guanxi.web.forms import ActionForm, RecordForm
from guanxi.web.resource import Resource


def create_department(*, change, **fields):
    if fields["name"] == "Forbidden":
        raise RuleBroken("Choose another name.", field="name")
    return change.create(Department, **fields)


def edit_department(record, *, change, seen=None, **fields):
    return change.update(record, seen=seen, **fields)


def bin_department(record, *, change):
    change.bin(record)


def restore_department(record, *, change):
    change.restore(record)


def move_department(record, *, change, parent):
    if parent == record:
        raise RuleBroken("A department is not below itself.")
    return change.update(record, parent=parent)


class DepartmentForm(RecordForm):
    class Meta:
        model = Department
        fields = ["name", "parent", "position"]


class MoveForm(ActionForm):
    def __init__(self, *args, **kwargs):
        self.base_fields["parent"] = Department._meta.get_field("parent").formfield(required=True)
        super().__init__(*args, **kwargs)


class KitResource(Resource):
    model = Department
    columns = ["name", "parent", "position", "created_at"]
    more_columns = ["updated_at", "created_by"]
    sorts = ["created_at", "name", "position"]
    filters = ["parent", "position", "created_at"]
    views = [ListView("top", "Top", lambda rows, user: rows.filter(parent=None))]
    exports = True
    form = DepartmentForm
    create = create_department
    edit = edit_department
    bin = bin_department
    restore = restore_department
    actions = [
        Action("move", move_department, "Move", form=MoveForm, bulk=True),
        Action("top", lambda record, *, change: change.update(record, parent=None), "To the top", primary=True),
    ]
    head = ["parent"]
    meta = ["position"]
    details = [("Basics", ["name", "parent", "position", "created_by"])]

    @property
    def app(self):
        return "kit"


KitResource.instance = KitResource()

app_name = "kit"
kit = ([*addresses(KitResource)], "kit")
urlpatterns = [path("kit/", include(kit)), path("", include("guanxi.config.urls"))]
