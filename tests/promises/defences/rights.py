"""Who may do what: rows, permissions, masks, undo, and nobody who gives more than they hold."""

from tests.promises.defences.defence import Cut, Defence, defence

ADDRESSES = "promises/test_every_address.py::TestMatrix::"
OWNED = "promises/test_every_resource.py::TestEveryResourceWhoseRowsAreSomebodys::"
PROGRAMS = "promises/test_every_operation.py::"
GRANTING = "access/test_role.py::TestGranting::"
USERS = "accounts/test_user.py::"
UNDO = "system/test_undo.py::"
IMPORTS = "transfer/test_pages.py::TestWho::"
STRANGER = ADDRESSES + "test_a_stranger_without_permission_is_refused"
COLLEAGUE = ADDRESSES + "test_a_colleague_does_not_find_what_lies_outside_their_scope"

ROWS: list[Defence] = [
    defence(
        "Rows outside the scope are not visible",
        "kernel/records.py",
        "return self.in_use().filter(type(self).whose(user, self.path))",
        "return self.in_use()",
        COLLEAGUE,
    ),
    defence(
        "Nor are they in the bin",
        "kernel/records.py",
        "return self.filter(type(self).whose(user, self.path), binned_in__isnull=False)",
        "return self.filter(binned_in__isnull=False)",
        "system/test_recycling.py::test_what_lies_out_of_reach_is_not_there",
    ),
    defence(
        "A page takes its record from the visible rows",
        "web/pages/base.py",
        "record = self.resource.model._default_manager.visible_to(self.request.user)",
        "record = self.resource.model._base_manager.all()",
        COLLEAGUE,
    ),
    defence(
        "A program takes its record from the visible rows",
        "api/operations.py",
        "return self.resource.model._default_manager.visible_to(request.user).filter(pk=pk).first()",
        "return self.resource.model._base_manager.filter(pk=pk).first()",
        PROGRAMS + "test_a_colleague_does_not_find_what_lies_outside_their_scope",
    ),
    defence(
        "Lists begin at the visible rows",
        "web/resource.py",
        "rows: models.QuerySet[Any] = self.model._default_manager.visible_to(user)",
        "rows: models.QuerySet[Any] = self.model._default_manager.all()",
        PROGRAMS + "test_a_colleague_lists_nothing_of_others",
        OWNED + "test_nothing_out_of_reach_leaves_as_a_file",
    ),
    defence(
        "So do selections",
        "web/pages/actions.py",
        "rows = self.resource.rows(self.request.user).filter(pk__in=ids[: MOST + 1])",
        "rows = self.resource.model._base_manager.filter(pk__in=ids[: MOST + 1])",
        OWNED + "test_a_selection_out_of_reach_changes_nothing",
    ),
    defence(
        "So do the choices of a form",
        "web/forms.py",
        "        visible = model._default_manager.visible_to(self.user)\n",
        "        visible = model._default_manager.in_use()\n",
        "api/test_records.py::TestChances::test_what_one_may_not_choose_oneself_stays_when_another_field_changes",
    ),
    defence(
        "Hidden and missing records answer alike",
        "web/pages/base.py",
        "        if found is None:\n            raise Http404\n",
        "        if found is None:\n            if self.resource.model._base_manager.filter(pk=pk).exists():\n"
        '                require(self.request, "hidden")\n            raise Http404\n',
        COLLEAGUE,
    ),
]

PERMISSIONS: list[Defence] = [
    defence(
        "Pages ask for their permission",
        "web/pages/base.py",
        "        require(request, self.permission())\n",
        "",
        STRANGER,
    ),
    defence(
        "Programs are asked for the permission of the page",
        "api/bearer.py",
        "        require(request, self.permission, way=Way.API, token=token.name)\n",
        "",
        PROGRAMS + "test_a_stranger_without_permission_is_refused_and_that_is_logged",
    ),
    defence(
        "A refusal is logged",
        "history/refusals.py",
        "    ChangeSet.objects.create(\n",
        "    ChangeSet(\n",
        PROGRAMS + "test_a_stranger_without_permission_is_refused_and_that_is_logged",
    ),
    defence(
        "Cards ask for their permission",
        "system/home.py",
        "    if not may_see(request.user, found):\n        require(request, found.permissions[0])\n",
        "",
        "promises/test_every_address.py::TestEveryCard::test_it_is_for_those_alone_who_hold_its_permission",
    ),
    defence(
        "Reports ask for their permission",
        "reports/pages.py",
        "    report = reports[name]\n    require(request, report.permission)\n",
        "    report = reports[name]\n",
        ADDRESSES + "test_a_stranger_is_refused_on_pages_beside_a_resource",
    ),
    defence(
        "Each kind of import asks for its own",
        "transfer/pages.py",
        "    require(request, KINDS[name].permission)\n",
        "",
        IMPORTS + "test_a_right_to_one_kind_is_none_to_another",
    ),
    defence(
        "Only its author goes on with an import",
        "transfer/pages.py",
        "    if found.created_by_id != request.user.pk:\n",
        "    if False:\n",
        IMPORTS + "test_only_the_author_goes_on_with_an_import",
    ),
    defence(
        "A right that is taken away is gone at the next request",
        "access/reach.py",
        '_reaches.read("access", user.pk,',
        '_reaches.read("nothing", user.pk,',
        "api/test_pages.py::test_a_right_that_is_taken_away_is_gone_at_the_next_request",
        GRANTING + "test_rights_hold_and_end_with_the_next_request",
    ),
    defence(
        "A disabled person holds no right",
        "access/reach.py",
        "if not user.is_authenticated or not user.is_active:",
        "if not user.is_authenticated:",
        "access/test_reach.py::test_who_is_disabled_holds_nothing",
    ),
    defence(
        "Tokens of others are not there",
        "api/pages.py",
        "token = Token.objects.of(request.user).filter(pk=pk).first()",
        "token = Token.objects.filter(pk=pk).first()",
        "api/test_pages.py::test_one_revokes_ones_own_and_never_anothers",
    ),
    defence(
        "Notices of others are not there",
        "system/notices.py",
        "notice = Notice.objects.visible_to(request.user).filter(pk=pk).first()",
        "notice = Notice.objects.filter(pk=pk).first()",
        "system/test_notices.py::test_another_persons_notice_does_not_exist",
    ),
    defence(
        "A counted report is its asker's alone",
        "reports/questions.py",
        "[self.user.pk, self.report.name, seen, asked,",
        "[self.report.name, asked,",
        "reports/test_pages.py::TestVeryManyRows::test_it_is_nobody_else_s_and_of_no_other_reach",
    ),
]

MASKS: list[Defence] = [
    defence(
        "Masked in lists",
        "web/cells.py",
        "        if column.field_class in self.masked:\n",
        "        if False:\n",
        "promises/test_masked_records.py::test_what_is_masked_stands_nowhere",
    ),
    defence(
        "Masked in files",
        "system/exporting.py",
        "masked=self.masked, tones={})",
        "masked=(), tones={})",
        "promises/test_masked_records.py::test_what_is_masked_stands_nowhere",
    ),
    defence(
        "Masked in figures",
        "web/pages/records.py",
        "                if kpi.masked_by not in self.resource.masked(user)\n",
        "",
        "promises/test_masked_records.py::test_what_is_masked_stands_nowhere",
    ),
    defence(
        "Masked for programs",
        "api/shapes.py",
        "        if kind in masked:\n",
        "        if False:\n",
        "api/test_bodies.py::TestMasked::test_texts_read_as_on_pages_and_amounts_not_at_all",
    ),
    defence(
        "Masked in the history",
        "web/panels.py",
        "if class_of(field) in masked and REDACTED not in (old, new):",
        "if False:",
        "system/test_logs.py::TestTheOperationLog::test_what_the_readers_role_hides_stays_hidden",
    ),
    defence(
        "Masked in the timeline",
        "customers/queries/events.py",
        "return None if FieldClass.AMOUNT in reach_of(user).masked else amount",
        "return amount",
        "customers/test_queries.py::test_the_timeline_hides_what_the_reader_may_not_see",
    ),
    defence(
        "Not found by what is masked",
        "search/queries.py",
        "    guarded = not face.hides(masked)\n",
        "    guarded = True\n",
        "customers/test_search.py::test_nobody_finds_by_a_number_that_is_hidden",
    ),
    defence(
        "Not sorted by what is masked",
        "web/resource.py",
        "if name in self.sorts and self.column(name).field_class not in masked:",
        "if name in self.sorts:",
        "api/test_bodies.py::TestMasked::test_one_neither_sorts_nor_filters_by_them",
    ),
    defence(
        "Not filtered by what is masked",
        "web/filters.py",
        "shown = [(name, field) for name, field in fields if class_of(field) not in masked]",
        "shown = fields",
        "web/test_filters.py::test_masked_fields_cannot_be_asked_for",
    ),
    defence(
        "Not written by whom it is masked",
        "web/forms.py",
        "        self._drop_masked(user)\n",
        "",
        "customers/test_forms.py::test_a_masked_reader_is_not_asked_for_phones",
        "api/test_bodies.py::TestMasked::test_one_does_not_write_them",
    ),
    defence(
        "Masked in reports",
        "reports/report.py",
        "if one.name in answer.figures and one.masked not in question.masked]",
        "if one.name in answer.figures]",
        "reports/test_pages.py::test_who_may_not_see_amounts_finds_none_on_the_page",
        also=(
            Cut(
                "guanxi/reports/kinds/contribution.py",
                "return counted(source, wanted) if AMOUNT in question.masked else contribution(source, wanted)",
                "return contribution(source, wanted)",
            ),
        ),
    ),
    defence(
        "Not told by the order of a card",
        "reports/dashboard/team.py",
        "place = 2 if amounts else 1",
        "place = 2",
        "reports/dashboard/test_figures.py::TestPeople::test_the_order_of_salespeople_tells_no_amounts_to_whom_they_are_hidden",
    ),
    defence(
        "Masked in refused rows of an import",
        "transfer/pages.py",
        "    if not shows_rows(request.user, found):\n        raise Http404\n",
        "",
        IMPORTS + "test_rows_of_others_are_hidden_from_whom_anything_is_masked",
    ),
]

GIVING: list[Defence] = [
    defence(
        "Nobody grants what they do not hold",
        "access/actions/handing.py",
        "lacking = [str(node) for node in nodes if node.permission and not reach.may(node.permission)]",
        "lacking: list[str] = []",
        GRANTING + "test_nobody_grants_what_they_do_not_hold",
    ),
    defence(
        "Nor shows everything",
        "access/actions/handing.py",
        "if by is not None and not reach_of(by).everything:",
        "if False:",
        GRANTING + "test_nobody_shows_everything_who_does_not_see_it",
    ),
    defence(
        "Nor departments that they do not see",
        "access/actions/handing.py",
        "if by is not None and not _sees(reach_of(by), departments):",
        "if False:",
        GRANTING + "test_nobody_shows_departments_that_they_do_not_see",
    ),
    defence(
        "Nor what is masked for them",
        "access/actions/handing.py",
        "if by is not None and reach_of(by).masked - set(masks):",
        "if False:",
        GRANTING + "test_nobody_unmasks_what_is_hidden_from_themselves",
    ),
    defence(
        "Nor hands out a role that holds more",
        "access/actions/handing.py",
        "if held.permissions - reach_of(by).permissions:",
        "if False:",
        USERS + "TestCreating::test_nobody_hands_out_a_role_that_holds_more_than_they",
    ),
    defence(
        "Nor copies one",
        "access/actions/role.py",
        '    refuse_handing(change.by, role, departments=[one.pk for one in departments], field="")\n',
        "",
        "access/test_role.py::TestCopying::test_nobody_copies_a_role_that_holds_more_than_they",
    ),
    defence(
        "Nobody takes over who holds more",
        "accounts/actions/user.py",
        "if theirs.holds_all or theirs.permissions - mine.permissions or not seen or not shown:",
        "if False:",
        USERS + "TestPasswords::test_nobody_takes_over_whoever_holds_more",
    ),
    defence(
        "Nobody fetches a colleague for their rows",
        "accounts/actions/user.py",
        "        _refuse_moving(user, change.by)\n",
        "        pass\n",
        USERS + "TestEditing::test_nobody_fetches_a_colleague_to_see_their_rows",
    ),
    defence(
        "People change of themselves what is theirs",
        "accounts/actions/profile.py",
        "    if strangers:\n",
        "    if False:\n",
        "accounts/test_actions.py::TestProfile::test_nobody_edits_their_rights",
    ),
    defence(
        "The last administrator stays",
        "accounts/actions/user.py",
        "if had_one and not _administrators().exists():",
        "if False:",
        USERS + "TestShuttingOut::test_the_last_administrator_stays",
        USERS + "TestMembers::test_the_last_administrator_is_not_removed",
    ),
    defence(
        "Nobody shuts out themselves",
        "accounts/actions/user.py",
        '    if by is not None and by.pk == user.pk:\n        raise RuleBroken(_("Nobody can shut out',
        '    if False:\n        raise RuleBroken(_("Nobody can shut out',
        USERS + "TestShuttingOut::test_nobody_shuts_out_themselves",
    ),
]

UNDOING: list[Defence] = [
    defence(
        "An undo reaches no further than its person",
        "system/undoing.py",
        "    if ids - seen:\n",
        "    if False:\n",
        UNDO + "TestWhoMay::test_records_out_of_reach_keep_the_whole_act_as_it_is",
    ),
    defence(
        "It needs a right to change",
        "system/undoing.py",
        "if rights and not any(user.has_perm(right) for right in rights):",
        "if False:",
        UNDO + "TestWhoMay::test_seeing_a_record_is_not_enough_to_take_its_acts_back",
    ),
    defence(
        "It touches nothing that is masked",
        "system/undoing.py",
        "if any(class_of(model._meta.get_field(name)) in masked for name in names):",
        "if False:",
        UNDO + "TestWhoMay::test_hidden_fields_are_not_put_back_blindly",
    ),
    defence(
        "It gives no rights back",
        "system/undoing.py",
        'if label in MANAGED or label.startswith("accounts."):',
        "if False:",
        UNDO + "TestWhatStandsInTheWay::test_users_and_roles_are_managed_elsewhere",
    ),
    defence(
        "It revives no token",
        "system/undoing.py",
        "    if model.secret:\n",
        "    if False:\n",
        UNDO + "TestWhoMay::test_a_revoked_token_stays_so_for_its_owner_and_for_administrators",
    ),
    defence(
        "It ends with the right, also half way",
        "system/undoing.py",
        "        refuse_undo(act, by=undoing)\n        refuse_beyond(act, undoing.by)\n",
        "        refuse_undo(act, by=undoing)\n",
        "system/test_undo_large.py::TestALargeOne::test_who_lost_the_right_meanwhile_undoes_nothing",
    ),
]

ALL: list[Defence] = [*ROWS, *PERMISSIONS, *MASKS, *GIVING, *UNDOING]
