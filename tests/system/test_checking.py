"""权限检查: the verdict is what a request would get, the chain names the reason, and nothing is told beyond one's reach."""

import re
from itertools import product

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from guanxi.accounts.models import User
from guanxi.customers import actions as customers
from guanxi.customers.models import Customer
from guanxi.dictionary.actions import fill_dictionary
from guanxi.history.models import ChangeSet
from guanxi.service.resources import ServiceTicketResource
from guanxi.system.checking.chain import chain_of
from guanxi.system.checking.judging import BARRED, DOOR, HIDDEN, OPENS, REFUSED, judge, verbs_of
from guanxi.web.registry import all_resources, resource_of
from tests import cast
from tests.promises.records import FACTORIES, make_customer, make_ticket
from tests.system.company import client_of

pytestmark = [pytest.mark.once, pytest.mark.django_db]

VIEW, EDIT, CLAIM = "customers.view_customer", "customers.edit_customer", "customers.claim_customer"
CHECK = "accounts.check_user"
RESOURCES = list(all_resources)
BAR = "按记录目前的状态"
REASONS = {DOOR: "account", REFUSED: "right", HIDDEN: "scope", BARRED: "record"}


@pytest.fixture
def owner():
    with cast.change() as change:
        fill_dictionary(change=change)
    return cast.make_user("owner", holds_all=True)


def told(client, who, what, status=200, **more):
    answer = client.get("/system/access-check/", {"who": who.pk, "what": what, **more})
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def answered(user, resource, verb, pk):
    """What a request gets: by reading, or where a page only takes forms, by sending one that is taken back."""
    client, address = client_of(user), resource.url("record" if verb == "view" else verb, pk)
    answer = client.get(address)
    if answer.status_code == 405:
        with transaction.atomic():
            answer = client.post(address)
            transaction.set_rollback(True)
    to_the_door = answer.status_code in {302, 303} and not answer["Location"].startswith(resource.url("list"))
    if to_the_door:
        return DOOR
    text = answer.content.decode()
    asks = verb in {action.verb for action in resource.actions} and 'class="drw-f"' in text
    says_no = BAR in text or (asks and not re.search(r'<button class="btn btn-d?p">', text))
    return BARRED if says_no else answer.status_code if answer.status_code in {REFUSED, HIDDEN, BARRED} else OPENS


def bins(record, by):
    with cast.change("bin", by=by) as change:
        change.bin(record)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.key)
def test_the_verdict_is_what_a_request_of_that_user_gets(resource, owner):
    """Over every verb of every resource, for each of a cast that is let in, refused, out of reach, and shut out."""
    record = FACTORIES[resource.model](owner, 1)
    rights = sorted(set(resource.verbs().values()))
    people = [
        owner,
        cast.make_user("stranger"),
        cast.make_user("reader", resource.permission("view"), scope="all"),
        cast.make_user("colleague", *rights, scope="own"),
        cast.make_user("mate", *rights, scope="department", department=owner.department),
        cast.make_user("disabled", *rights, scope="all", is_active=False),
        cast.make_user("fresh", *rights, scope="all", must_change_password=True),
    ]
    seen = set()
    for user, verb in product(people, verbs_of(resource)):
        person = User.objects.get(pk=user.pk)
        verdict = judge(person, resource, verb, record.pk)
        assert verdict.status == answered(person, resource, verb, record.pk), (user.username, verb)
        steps = chain_of(person, resource, verb, record, verdict.permission)
        first = next((step.name for step in steps if not step.holds), None)
        assert first == REASONS.get(verdict.status), (user.username, verb)
        seen.add(verdict.status)
    shared = getattr(resource.model._default_manager.all(), "shared", False)
    assert seen >= {OPENS, DOOR, REFUSED} | (set() if shared else {HIDDEN}), "else the test could not fail"


class TestThePage:
    @pytest.fixture
    def company(self, owner):
        """A customer of 李明 in 华东, and a checker who sees everything."""
        east, west = cast.make_department("华东"), cast.make_department("华西")
        keeper = cast.make_user("li.ming", VIEW, department=east, real_name="李明")
        with cast.change(by=owner) as change:
            customer = customers.create_customer(name="海星软件", manager=owner, phone="13805718888", change=change)
            change.update(customer, manager=keeper)
        checker = cast.make_user("checker", CHECK, VIEW, EDIT, "accounts.view_user", scope="all")
        return {"east": east, "west": west, "keeper": keeper, "customer": customer, "client": client_of(checker)}

    def test_it_names_every_link_of_the_chain(self, company):
        mate = cast.make_user("mate", VIEW, scope="department", department=company["east"], real_name="王芳")
        page = told(company["client"], mate, f"https://crm.example.com/customers/{company['customer'].pk}/")
        assert "可以：王芳" in page
        assert "王芳可以登录。" in page
        assert "本部门 (华东)" in page
        assert "李明 (华东)" in page

    def test_the_reason_of_a_refusal_names_the_roles_that_would_do(self, company):
        stranger = cast.make_user("stranger", "service.view_serviceticket", real_name="赵六")
        page = told(company["client"], stranger, company["customer"].number)
        assert "不可以：赵六" in page
        granting = [str(role) for role in company["keeper"].roles.all()]
        assert all(name in page for name in granting)

    def test_who_is_out_of_reach_reads_whose_it_is(self, company):
        other = cast.make_user("other", VIEW, scope="branch", department=company["west"], real_name="钱七")
        page = told(company["client"], other, "海星软件")
        assert "超出该用户的范围" in page
        assert "李明 (华东)" in page

    def test_a_right_that_shows_the_pool_is_named(self, company, owner):
        with cast.change(by=owner) as change:
            pooled = customers.create_customer(name="公海客户", manager=None, change=change)
        claimer = cast.make_user("claimer", VIEW, CLAIM)
        page = told(company["client"], claimer, f"/customers/{pooled.pk}/")
        assert "可以：claimer" in page
        assert "已拥有：无人负责的这类记录也能看到" in page
        assert "未拥有，也不需要：另一项权限已能看到无人负责的记录" in page, "claiming or assigning: either is enough"
        nobody = cast.make_user("nobody", VIEW)
        page = told(company["client"], nobody, f"/customers/{pooled.pk}/")
        assert page.count("未拥有：拥有后，无人负责的这类记录也能看到") == 2
        all_seeing = cast.make_user("all-seeing", VIEW, scope="all")
        page = told(company["client"], all_seeing, f"/customers/{pooled.pk}/")
        assert page.count("不起作用：数据权限已能看到全部记录") == 2
        assert "拥有后" not in page

    def test_what_is_hidden_from_them_is_named_and_never_shown(self, company):
        clerk = cast.make_user("clerk", VIEW, scope="all", masks=["phone"])
        page = told(company["client"], clerk, f"/customers/{company['customer'].pk}/")
        assert "电话号码" in page
        assert "5718888" not in page.replace(" ", "")

    def test_who_asks_learns_nothing_of_records_outside_their_own_reach(self, company, owner):
        """Neither that it exists nor its name: not by address, number or name, in use or in the bin."""
        narrow = client_of(cast.make_user("narrow", CHECK, VIEW, scope="own"))
        customer = company["customer"]
        for text in (f"/customers/{customer.pk}/", customer.number, customer.name, f"/customers/{customer.pk + 99}/"):
            page = told(narrow, owner, text, 422)
            assert "您的范围内没有这条记录" in page
            assert "李明" not in page.replace('value="', "").split("<form")[-1].split("<footer")[-1]
        bins(customer, owner)
        assert "您的范围内没有这条记录" in told(narrow, owner, f"/customers/{customer.pk}/", 422)
        blind = client_of(cast.make_user("blind", CHECK, scope="all"))
        assert "您的范围内没有这条记录" in told(blind, owner, f"/customers/{customer.pk}/", 422)

    def test_nobody_finds_by_a_number_that_is_hidden_from_them(self, company, owner):
        masked = client_of(cast.make_user("masked", CHECK, VIEW, scope="all", masks=["phone"]))
        assert "您的范围内没有这条记录" in told(masked, owner, "13805718888", 422)
        assert "海星软件" in told(company["client"], owner, "13805718888")

    def test_a_record_in_the_bin_says_so(self, company, owner):
        bins(company["customer"], owner)
        address = f"/customers/{company['customer'].pk}/"
        keeper_of_the_bin = cast.make_user("binner", CHECK, VIEW, "customers.bin_customer", scope="all")
        assert "回收站" in told(client_of(keeper_of_the_bin), owner, address)
        assert "您的范围内没有这条记录" in told(company["client"], owner, address, 422), "who may not see the bin"
        assert judge(owner, resource_of(Customer), "view", company["customer"].pk).status == HIDDEN
        assert judge(owner, resource_of(Customer), "restore", company["customer"].pk).status == OPENS

    def test_several_that_fit_are_offered(self, company, owner):
        with cast.change(by=owner) as change:
            customers.create_customer(name="海星贸易", manager=owner, change=change)
        page = told(company["client"], owner, "海星")
        assert "是哪一条" in page
        assert "海星软件" in page
        assert "海星贸易" in page

    def test_a_verb_in_the_address_is_the_one_that_is_asked_for(self, company):
        page = told(company["client"], company["keeper"], f"/customers/{company['customer'].pk}/edit/")
        assert "不可以：李明" in page
        assert "编辑" in page

    def test_a_step_that_the_record_does_not_allow_is_said(self, owner):
        ticket = make_ticket(owner, 1)
        assert not ServiceTicketResource.instance.action("archive").offered_for(ticket)
        page = told(client_of(owner), owner, f"/service/tickets/{ticket.pk}/archive/")
        assert "不可以：" in page
        assert BAR in page

    def test_who_may_claim_and_restore_is_told_what_the_pages_would_answer(self, company, owner):
        """A customer with a manager is not claimed, one that is in use is not restored; in the pool, in the bin they are."""
        customer, resource, client = company["customer"], resource_of(Customer), client_of(owner)
        question = client.get(resource.url("claim", customer.pk)).content.decode()
        assert BAR in question
        assert ">领取</button>" not in question, "no button that could only be refused"
        for verb in ("claim", "restore"):
            assert judge(owner, resource, verb, customer.pk).status == BARRED
            assert client.post(resource.url(verb, customer.pk)).status_code == 422
            page = told(client, owner, f"/customers/{customer.pk}/", verb=verb)
            assert "不可以：" in page
            assert re.search(rf'id="verb-{verb}"[^>]*><span[^>]*>[^<]*</span><span class="tag bad">', page)
        with cast.change(by=owner) as change:
            change.update(customer, manager=None)
        assert judge(owner, resource, "claim", customer.pk).opens
        assert client.post(resource.url("claim", customer.pk)).status_code == 303
        with cast.change(by=owner) as change:
            change.bin(customer)
        assert judge(owner, resource, "restore", customer.pk).opens
        assert client.post(resource.url("restore", customer.pk)).status_code == 303

    def test_a_step_that_is_offered_to_another_is_said_of_this_user(self, owner):
        """Handling is offered to the one whom the ticket is assigned to: the other one opens its page in vain."""
        resource, ticket = ServiceTicketResource.instance, make_ticket(owner, 1)
        process = resource.action("process")
        rights = (resource.permission("view"), resource.permission_of(process))
        other = cast.make_user("other", *rights, scope="all", real_name="王芳")
        assert ticket.assigned_to_id == owner.pk
        assert process.offered_for(ticket)
        address = f"/service/tickets/{ticket.pk}/process/"
        assert "王芳不能执行这一步" in told(client_of(owner), other, address)
        assert "不能执行这一步" not in told(client_of(owner), owner, address)

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({}, 200),
            ({"who": "x", "what": "1"}, 422),
            ({"who": "9" * 30, "what": "/"}, 422),
            ({"what": "/customers/1/"}, 422),
            ({"who": "1", "what": "//["}, 422),
            ({"who": "1", "what": "x" * 400}, 422),
            ({"who": "1", "what": "/system/access-check/"}, 422),
            ({"who": "1", "what": "/customers/new/"}, 422),
            ({"who": "1", "what": "a\x00b"}, 400),
            ({"who": "1", "what": "q", "kind": "nothing"}, 422),
        ],
    )
    def test_odd_questions_get_a_sentence(self, owner, sent, status):
        answer = client_of(owner).get("/system/access-check/", sent)
        assert answer.status_code == status

    def test_only_who_holds_the_right_may_ask_and_a_refusal_is_logged(self, company, owner):
        answer = client_of(company["keeper"]).get("/system/access-check/", {"who": owner.pk, "what": "海星"})
        assert answer.status_code == 403
        assert ChangeSet.objects.get(state="refused").verb == CHECK

    def test_it_asks_as_much_for_many_customers_as_for_one(self, company, owner):
        client, address = company["client"], f"/customers/{company['customer'].pk}/"
        told(client, owner, address)
        with CaptureQueriesContext(connection) as one:
            told(client, owner, address)
        for number in range(30):
            make_customer(owner, 100 + number)
        with CaptureQueriesContext(connection) as many:
            told(client, owner, address)
        assert len(many) == len(one)

    def test_each_further_role_and_verb_is_asked_for_within_its_limit(self, company, owner):
        """The figures that the chain and the page name; the reach of all the roles together is resolved once."""
        reader = cast.make_user("reader", VIEW, scope="branch", department=company["east"])
        address = f"/customers/{company['customer'].pk}/"

        def questions():
            told(company["client"], reader, address)
            with CaptureQueriesContext(connection) as ran:
                told(company["client"], reader, address)
            return len(ran)

        one = questions()
        roles = [*reader.roles.all(), *(cast.make_role(VIEW, scope=scope) for scope in ("branch", "reports", "own"))]
        with cast.change(by=owner) as change:
            change.relate(reader, "roles", roles)
        many = questions()
        assert one < many <= one + 5 * 3
        verbs = verbs_of(resource_of(Customer))
        with cast.change(by=owner) as change:
            change.relate(reader, "roles", [*roles, cast.make_role(*verbs.values())])
        assert questions() <= many + 5 + len(verbs)
