"""The administration in a real Chromium: from department to role to user, and what that user then sees."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from guanxi.access.models import Department, Role
from guanxi.accounts.models import User
from tests import cast
from tests.chromium import axe_faults, look
from tests.customers.company import make_customer
from tests.system.company import prepare

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admin(transactional_db):
    return prepare()


def save(page: Page) -> None:
    page.locator("#drawer .drw-f .btn-p").click()


def menu_of(page: Page, menu: str) -> Locator:
    """The node of a menu in the tree."""
    return page.locator("li", has=page.locator(".tn", has_text=re.compile(rf"^\s*{menu}\s*$"))).last


def box(page: Page, label: str, menu: str) -> Locator:
    """The box of a right below a menu."""
    return menu_of(page, menu).locator("> .leafs label", has_text=re.compile(f"^{label}$"))


def create_department(page: Page, name: str) -> None:
    page.goto("/system/departments/")
    page.click("#create")
    page.fill("#drawer [name=name]", name)
    save(page)
    expect(page.locator("h1")).to_have_text(name)


def create_role(page: Page, name: str) -> None:
    page.goto("/system/roles/")
    page.click("#create")
    page.fill("#drawer [name=name]", name)
    save(page)
    expect(page.locator("#role-name")).to_have_text(name)
    box(page, "查看", "客户").locator("input").check()
    expect(page.locator("[data-changes]")).to_have_text("已改动 1 项")
    page.select_option("[name=scope]", "department")
    expect(page.locator("[data-changes]")).to_have_text("已改动 2 项")
    page.get_by_role("button", name="保存权限").click()
    expect(page.locator("#summary")).to_contain_text("客户 · 查看")
    expect(page.locator("#summary")).to_contain_text("本部门")
    page.click("#confirm-grants")
    expect(page.locator("#toasts")).to_contain_text("已保存")


def create_user(page: Page, username: str, role: str, department: str) -> str:
    page.goto("/system/users/")
    page.click("#create")
    page.fill("#drawer [name=username]", username)
    page.fill("#drawer [name=real_name]", "李明")
    page.locator("#drawer label", has_text=role).locator("input").check()
    page.locator("#drawer [role=combobox]").fill(department)
    page.locator("[role=option]", has_text=department).click()
    save(page)
    password = page.locator("#one-time").inner_text()
    page.locator("#issued .btn-p").click()
    expect(page.locator("h1")).to_have_text("李明")
    return password


def test_from_department_to_role_to_user_who_sees_only_what_was_granted(admin, open_page, watch):
    page = open_page(admin)
    create_department(page, "华东")
    create_role(page, "客户查看员")
    password = create_user(page, "li.ming", "客户查看员", "华东")

    user = User.objects.get(username="li.ming")
    assert user.check_password(password)
    assert (user.department.name, [role.name for role in user.roles.all()]) == ("华东", ["客户查看员"])
    colleague = cast.make_user("colleague", "customers.view_customer", department=Department.objects.get())
    make_customer("华东客户", manager=colleague)
    make_customer("别处客户", manager=cast.make_user("stranger", "customers.view_customer"))
    with cast.change() as change:
        change.update(user, must_change_password=False)

    theirs = open_page(user)
    theirs.goto("/customers/")
    expect(theirs.locator("tbody .nm")).to_have_text(["华东客户"])
    expect(theirs.locator("#side .nav a")).to_have_text(["工作台", "客户"])
    expect(theirs.locator("#create")).to_have_count(0)
    watch.expected.add(403)
    assert theirs.goto("/system/roles/").status == 403


def test_boxes_of_three_states_stand_for_what_is_below_them(admin, open_page):
    role = cast.make_role("customers.view_customer")
    page = open_page(admin)
    page.goto(f"/system/roles/{role.pk}/")
    menu = menu_of(page, "客户").locator("> .tn input")
    assert menu.evaluate("box => box.indeterminate")
    menu.check()
    assert not menu.evaluate("box => box.indeterminate")
    leafs = menu_of(page, "客户").locator("> .leafs input")
    assert leafs.count() > 3
    for number in range(leafs.count()):
        expect(leafs.nth(number)).to_be_checked()
    leafs.first.uncheck()
    assert menu.evaluate("box => box.indeterminate")


def test_rights_are_saved_without_script(admin, open_page):
    role = cast.make_role("customers.view_customer")
    page = open_page(admin, script=False)
    page.goto(f"/system/roles/{role.pk}/")
    box(page, "编辑", "客户").locator("input").check()
    page.get_by_role("button", name="保存权限").click()
    expect(page.locator("#summary")).to_contain_text("客户 · 编辑")
    page.click("#confirm-grants")
    granted = set(Role.objects.get(pk=role.pk).grants.values_list("permission", flat=True))
    assert granted == {"customers.view_customer", "customers.edit_customer"}


PAGES = {
    "users": "/system/users/",
    "user": "/system/users/{user}/",
    "user-new": "/system/users/new/",
    "departments": "/system/departments/",
    "department": "/system/departments/{department}/",
    "role": "/system/roles/{role}/",
    "role-members": "/system/roles/{role}/tab/members/",
    "role-history": "/system/roles/{role}/tab/history/",
    "role-fixed": "/system/roles/{fixed}/",
}


def fill(admin: User) -> dict[str, int]:
    company = cast.make_department("云杉科技")
    sales = cast.make_department("销售中心", company)
    east, north = cast.make_department("华东区", sales), cast.make_department("华北区", sales)
    cast.make_department("客户服务部", company)
    seller = cast.make_role("marketing.view_salechance", "marketing.create_salechance", "customers.view_customer")
    with cast.change("edit", by=admin) as change:
        change.update(seller, name="销售主管", remark="带领一个销售小组", scope="branch")
    for number, name in enumerate(["李思远", "王建国", "陈晓雨", "赵云飞"]):
        place = {"real_name": name, "phone": f"1380571223{number}", "email": f"u{number}@example.com"}
        user = cast.make_user(f"user{number}", department=[east, north][number % 2], is_active=number != 3, **place)
        with cast.change("edit", by=admin) as change:
            change.relate(user, "roles", [seller])
    cast.lead(user, sales)
    return {"user": user.pk, "department": east.pk, "role": seller.pk, "fixed": admin.roles.get().pk}


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_the_pages_are_clean(admin, open_page, width, dark):
    numbers = fill(admin)
    page = open_page(admin, width=width, dark=dark)
    faults = {}
    for name, address in PAGES.items():
        page.goto(address.format(**numbers))
        look(page, f"system-{name}-{width}-{'dark' if dark else 'light'}")
        faults[name] = axe_faults(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            faults[name].append(f"{wide} px too wide")
    assert not {name: found for name, found in faults.items() if found}
