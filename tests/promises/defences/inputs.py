"""What people and programs send: fields, files, forms sent twice; and what leaves as a file or a page."""

from tests.promises.defences.defence import Cut, Defence, defence

READING = "transfer/test_reading.py::TestFaults::"
REFUSED = "transfer/test_refused.py::"
SETTINGS = "config/test_middleware.py::"
WORKBOOK = "transfer/reading/workbook.py"

PACING = "system/test_pacing.py::"

LOAD: list[Defence] = [
    defence(
        "Nobody asks without end",
        "system/pacing.py",
        "    yield REQUESTS\n",
        "",
        PACING + "test_requests_are_counted_page_by_page",
    ),
    defence(
        "Nor changes without end",
        "system/pacing.py",
        "        yield CHANGES\n",
        "",
        PACING + "test_changes_are_counted_and_a_refused_one_writes_nothing",
    ),
    defence(
        "Nor searches",
        "system/pacing.py",
        "        yield SEARCHES\n",
        "        pass\n",
        PACING + "test_searches_and_reports_are_counted_together",
    ),
    defence(
        "Nor takes files",
        "system/pacing.py",
        "            yield FILES\n",
        "            pass\n",
        PACING + "test_files_are_counted_for_all_processes",
        PACING + "test_uploads_are_files",
    ),
    defence(
        "Files are counted for all processes",
        "system/pacing.py",
        "_files(user, most, now) if kind is FILES else ",
        "",
        PACING + "test_files_are_counted_for_all_processes",
    ),
    defence(
        "Programs have no count of their own",
        "api/bearer.py",
        "        held = hold_back(request)\n",
        "        held = None\n",
        PACING + "test_a_program_is_told_in_json_and_shares_the_count_of_its_person",
    ),
]
FIELDS: list[Defence] = [
    defence(
        "Forms take declared fields alone",
        "web/pages/forms.py",
        "change=change, seen=seen, **form.values())",
        "change=change, seen=seen, **({name: one for name, one in self.request.POST.items()"
        " if hasattr(record, name)} | form.values()))",
        "web/test_pages.py::test_only_declared_fields_are_taken",
    ),
    defence(
        "Programs write declared fields alone",
        "api/bodies.py",
        '            self._refuse(name, _("There is no such field to write."))\n',
        "            pass\n",
        "api/test_bodies.py::test_only_declared_fields_are_taken",
    ),
    defence(
        "Lists are sorted by declared columns",
        "web/resource.py",
        "if name in self.sorts and",
        "if name and",
        "web/test_pages.py::test_a_nonsensical_address_is_a_plain_list",
    ),
    defence(
        "Filters take values on offer",
        "web/filters.py",
        "self.chosen = [value for value in params.getlist(self.name) if value in valid]",
        "self.chosen = params.getlist(self.name)",
        "web/test_filters.py::test_choices_ignore_values_that_do_not_exist",
    ),
    defence(
        "Filters are declared",
        "web/pages/lists.py",
        "return [*self.resource.filters, *asked(self.resource.further_filters, self.request.GET)]",
        "return [*self.resource.filters, *(one for one in self.request.GET if '__' in one or one in ('password',))]",
        "web/test_pages.py::test_a_nonsensical_address_is_a_plain_list",
        "promises/test_injection.py::test_no_list_is_narrowed_by_what_it_does_not_declare",
    ),
    defence(
        "Programs are told what is not understood",
        "api/listing.py",
        '    if "sort" in params and params["sort"] != page.sort.text:\n',
        "    if False:\n",
        "api/test_records.py::TestLists::test_what_it_does_not_understand_is_refused_by_name",
    ),
    defence(
        "NUL is refused",
        "config/settings.py",
        '    "guanxi.config.middleware.NoNul",\n',
        "",
        SETTINGS + "test_the_character_nul_is_refused",
    ),
    defence(
        "Large bodies are refused unread",
        "config/middleware.py",
        " or int(length) > self._most(request, int(length)):",
        ":",
        SETTINGS + "test_a_body_that_is_too_large_or_of_no_length_is_refused",
    ),
    defence(
        "Large files come from people signed in",
        "config/middleware.py",
        "if SessionStore(key).is_signed_in() else settings.LARGEST_BODY)",
        "if True else settings.LARGEST_BODY)",
        SETTINGS + "test_only_people_signed_in_send_large_files_and_only_there",
    ),
    defence(
        "Links lead nowhere that is a script",
        "access/actions/tree.py",
        'if not typed.isprintable() or " " in typed or "\\\\" in typed or not _leads_somewhere(typed):',
        "if False:",
        "access/test_tree.py::TestAdding::test_what_a_browser_could_take_for_something_else_is_refused",
    ),
]

ACTS: list[Defence] = [
    defence(
        "A form that is sent twice acts once",
        "web/acts.py",
        "    if not key:\n        return None\n    try:",
        "    if True:\n        return None\n    try:",
        "web/test_pages.py::test_a_form_that_is_sent_twice_acts_once",
    ),
    defence(
        "An Idempotency-Key is a person's own",
        "api/acting.py",
        'return hashlib.sha256(f"{user.pk} {key}".encode())',
        'return hashlib.sha256(f"{key}".encode())',
        "api/test_bodies.py::TestOnce::test_a_key_belongs_to_its_person",
    ),
    defence(
        "A key is not used for something else",
        "api/acting.py",
        "    if told != mark:\n",
        "    if False:\n",
        "api/test_bodies.py::TestOnce::test_a_key_is_not_used_for_something_else",
    ),
    defence(
        "A change names the version that was seen",
        "api/operations.py",
        "    if not named:\n        raise Refused(428,",
        "    if not named:\n        return None\n    if False:\n        raise Refused(428,",
        "api/test_records.py::TestCustomers::test_a_change_names_the_version_that_was_seen",
    ),
    defence(
        "Nobody overwrites what they did not see",
        "history/writer.py",
        "        if moved:\n            raise Conflict(",
        "        if False:\n            raise Conflict(",
        "web/test_pages.py::test_editing_refuses_what_somebody_else_changed",
    ),
    defence(
        "Steps are taken in their order",
        "history/writer.py",
        "        if stands not in options:\n",
        "        if False:\n",
        "history/test_writer.py::test_a_step_is_refused_when_the_row_stands_elsewhere",
    ),
    defence(
        "Nothing is written but through the log",
        "kernel/records.py",
        "    if not _writing.get():\n",
        "    if False:\n",
        "history/test_writer.py::test_a_record_is_not_written_outside_a_change_set",
    ),
    defence(
        "The log keeps no secret",
        "history/writer.py",
        'return {name: "•••" if name in record.secret else getattr(',
        "return {name: getattr(",
        "accounts/test_user.py::TestCreating::test_the_log_does_not_keep_the_password",
    ),
]

PAGES: list[Defence] = [
    defence(
        "Text is escaped",
        "web/jinja.py",
        '    options.setdefault("undefined", StrictUndefined)\n',
        '    options.setdefault("undefined", StrictUndefined)\n    options["autoescape"] = False\n',
        "system/test_parameters.py::TestTheCompany::test_it_is_text_and_nothing_else",
    ),
    defence(
        "Text and markup that look alike are told apart",
        "web/kept.py",
        "lru_cache(maxsize=PIECES, typed=True)",
        "lru_cache(maxsize=PIECES, typed=False)",
        "web/test_kept.py::test_markup_does_not_open_the_door_to_text_that_looks_alike",
    ),
    defence(
        "No name breaks out of the data of a chart",
        "reports/templates/reports/chart.html",
        "{{ chart.data() | tojson }}",
        "{{ chart.data() | string | safe }}",
        "reports/test_charts.py::test_a_name_cannot_break_out_of_its_data_block",
    ),
    defence(
        "A log line stays one",
        "config/logs.py",
        '.replace("\\r", "\\\\r").replace("\\n", "\\\\n")',
        "",
        "config/test_logs.py::test_line_break_from_outside_stays_in_the_line",
    ),
    defence(
        "A demo company says so on every page",
        "web/context.py",
        '"demo": IS_DEMO.read(),',
        '"demo": False,',
        "demo/test_demo_command.py::test_a_demo_company_says_so_on_every_page",
    ),
    defence(
        "Demo accounts are put into no other database",
        "demo/management/commands/demo.py",
        "        if has_users():\n",
        "        if False:\n",
        "demo/test_demo_command.py",
    ),
]

FILES: list[Defence] = [
    defence(
        "No cell is a formula",
        "kernel/formulas.py",
        """return f"'{plain}" if begins_formula(plain) and not _NUMBER.fullmatch(half_width(plain)) else plain""",
        "return plain",
        "kernel/test_sheets.py::test_no_cell_and_no_heading_is_a_formula",
    ),
    defence(
        "Nor behind blanks and marks",
        "kernel/formulas.py",
        'if not sign.isspace() and unicodedata.category(sign)[0] != "C":',
        "if True:",
        REFUSED + "test_no_formula_hides_behind_blanks_marks_and_controls",
    ),
    defence(
        "Nor in the list of refused rows",
        "transfer/refused.py",
        "[*map(harmless, cells), row.number, harmless(row.reason)]",
        "[*cells, row.number, row.reason]",
        REFUSED + "test_headings_cells_and_reasons_are_all_harmless",
    ),
    defence(
        "Files leave as files",
        "web/exports.py",
        "content_disposition_header(as_attachment=True,",
        "content_disposition_header(as_attachment=False,",
        "web/test_exports.py::test_a_list_leaves_as_csv_with_its_columns_order_and_filters",
    ),
    defence(
        "What was uploaded is never shown inline",
        "transfer/pages.py",
        "    name = f\"{Path(found.filename).stem}-{_('refused')}.csv\"\n"
        '    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)\n',
        "",
        "transfer/test_uploads.py::test_what_was_uploaded_leaves_as_a_file_alone",
    ),
    defence(
        "Uploads lie under names of our own",
        "transfer/pages.py",
        "path, taken = files.keep(upload.chunks()), False",
        "path, taken = (lambda kept: kept.rename(kept.with_name(upload.name)))(files.keep(upload.chunks())), False",
        "transfer/test_pages.py::test_uploads_lie_under_random_names_that_only_the_server_reads",
    ),
    defence(
        "Nobody else on the machine reads them",
        "transfer/files.py",
        "    path.touch(mode=0o600)\n",
        "",
        "transfer/test_pages.py::test_uploads_lie_under_random_names_that_only_the_server_reads",
    ),
    defence(
        "No way leads out of the folder of uploads",
        "transfer/files.py",
        "if str(path) and found.parent == folder():",
        "if str(path):",
        "transfer/test_uploads.py::test_only_uploads_are_forgotten",
    ),
    defence(
        "No entity is opened",
        WORKBOOK,
        '        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:\n            raise FileFault("dtd")\n',
        "        assert start is not None\n",
        READING + "test_entities_are_never_opened",
        READING + "test_entities_behind_a_long_comment_are_never_opened",
        also=(
            Cut(
                f"guanxi/{WORKBOOK}",
                "\nimport openpyxl\n",
                '\nimport os\n\nos.environ["OPENPYXL_DEFUSEDXML"] = "False"\nimport openpyxl\n',
            ),
        ),
    ),
    defence(
        "No bomb is unpacked",
        WORKBOOK,
        "if part.file_size > limits.LARGE and part.file_size > limits.STEEPEST * max(part.compress_size, 1):",
        "if False:",
        READING + "test_a_bomb_is_refused_before_it_unpacks",
    ),
    defence(
        "No macro comes in",
        WORKBOOK,
        '            raise FileFault("macros")\n',
        "            pass\n",
        READING + "test_macros",
    ),
    defence(
        "A reader has limits",
        "transfer/reading/child.py",
        "    _limit()\n    try:",
        "    try:",
        "transfer/test_reading.py::TestLimits::test_memory_ends_with_a_fault",
    ),
    defence(
        "A file has a largest size",
        "transfer/forms.py",
        "if (file.size or 0) > limit << 20:",
        "if False:",
        "transfer/test_pages.py::TestFaults::test_a_file_beyond_the_limit",
    ),
    defence(
        "Nobody else on the machine reads the signing key",
        "config/environment.py",
        "os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)",
        "os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)",
        "config/test_environment.py::test_secret_key_is_made_once_and_only_its_owner_reads_it",
    ),
]

ALL: list[Defence] = [*LOAD, *FIELDS, *ACTS, *PAGES, *FILES]
