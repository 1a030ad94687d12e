"""Getting in and staying in: sign-in, second factor, sessions, proofs, tokens."""

from tests.promises.defences.defence import Cut, Defence, defence

SIGN_IN = "accounts/test_sign_in.py::"
SIGNING = "system/test_signing.py::"
CODES = "system/test_code_page.py::TestAttacks::"
DOOR = "promises/test_the_door.py::"
PROGRAMS = "promises/test_every_operation.py::"

SIGNING_IN: list[Defence] = [
    defence(
        "Nobody gets in without signing in",
        "config/settings.py",
        '    "guanxi.system.middleware.SignInRequired",\n',
        "",
        DOOR + "test_a_stranger_is_led_to_the_door",
    ),
    defence(
        "Who exists does not show in the answer",
        "accounts/sign_in.py",
        "    user = _check(attempt, in_vain=verdict.in_vain)\n    if user is None:\n        return Answer(left=verdict.left)",
        "    user = _check(attempt, in_vain=verdict.in_vain)\n    if user is None:\n"
        "        return Answer(left=verdict.left if found else 0)",
        SIGNING + "TestTheDoor::test_nobody_learns_who_exists",
    ),
    defence(
        "Nor in its status",
        "system/signing.py",
        "status = TOO_OFTEN if answer.wait else REFUSED",
        "status = TOO_OFTEN if answer.wait else (REFUSED if SignInRow.exists(form) else 404)",
        SIGNING + "TestTheDoor::test_nobody_learns_who_exists",
        also=(
            Cut(
                "guanxi/system/signing.py",
                "REFUSED = 422\n",
                "from guanxi.accounts.models import User\n\nREFUSED = 422\n\n\nclass SignInRow:\n    @staticmethod\n"
                "    def exists(form):\n        return User.objects.named(form.cleaned_data['username']).exists()\n",
            ),
        ),
    ),
    defence(
        "Nor in its time",
        "accounts/backends.py",
        "            make_password(password)\n",
        "",
        SIGN_IN + "test_wrong_name_wrong_password_and_disabled_user_answer_alike_and_hash_once_each",
    ),
    defence(
        "Ten tries an account",
        "accounts/limits.py",
        "if count.used >= limit.most]",
        "if False]",
        SIGN_IN + "test_at_most_ten_passwords_of_an_account_are_looked_at_in_a_window",
    ),
    defence(
        "A hundred tries an address",
        "accounts/sign_in.py",
        '        _address_limit(attempt.address),\n        Limit(f"name:',
        '        Limit(f"name:',
        SIGN_IN + "test_at_most_a_hundred_passwords_from_an_address_are_looked_at_in_a_window",
    ),
    defence(
        "Two names of one account give no more tries",
        "accounts/sign_in.py",
        '        Limit(f"user:{found.pk if found else typed}", most, quiet=True),\n',
        "",
        SIGN_IN + "test_two_names_of_one_account_give_no_more_tries_and_do_not_show_that_they_are_one",
    ),
    defence(
        "A hurried guesser waits",
        "accounts/limits.py",
        "if used >= FREE_TRIES else timedelta(0)",
        "if False else timedelta(0)",
        SIGN_IN + "test_a_hurried_guesser_has_to_wait",
    ),
    defence(
        "The owner gets in while strangers guess",
        "accounts/sign_in.py",
        "    if found is not None and attempt.device.knows(found.pk):\n",
        "    if False:\n",
        SIGN_IN + "test_the_owner_gets_in_on_a_known_device_while_strangers_are_stopped",
    ),
    defence(
        "Addresses are believed of trusted proxies alone",
        "config/wsgi.py",
        "if settings.TRUSTED_PROXIES:\n    application = wrap_wsgi_with_proxy_headers("
        "application, trusted_hosts=settings.TRUSTED_PROXIES)",
        'application = wrap_wsgi_with_proxy_headers(application, trusted_hosts="*")',
        "system/test_run.py::test_forwarded_scheme_of_a_stranger_is_not_believed",
    ),
    defence(
        "Weak passwords are refused",
        "accounts/passwords.py",
        "        validate_password(password, user)\n",
        "        pass\n",
        "accounts/test_passwords.py::test_a_weak_password_is_refused_with_its_reason",
    ),
    defence(
        "The old password before a new one",
        "accounts/passwords.py",
        "if not check_password(old, user.password):",
        "if False:",
        "accounts/test_passwords.py::test_a_choice_is_refused",
    ),
    defence(
        "An issued password is changed first",
        "system/duties.py",
        "if user.must_change_password:",
        "if False:",
        DOOR + "test_whoever_has_a_one_time_password_chooses_their_own_first",
    ),
]

SECOND_STEP: list[Defence] = [
    defence(
        "The second step is not skipped",
        "system/signing.py",
        "        if answer.code_due:\n",
        "        if False:\n",
        CODES + "test_between_the_steps_nothing_opens",
    ),
    defence(
        "A role that requires codes",
        "system/duties.py",
        "if user.second_factor_since is None and reach_of(user).second_factor:",
        "if False:",
        DOOR + "test_whose_role_requires_codes_sets_them_up_first",
    ),
    defence(
        "A code is good once",
        "accounts/codes.py",
        "return next((step for step in steps if step > after), None)",
        "return next(iter(steps), None)",
        "accounts/test_second_factor.py::TestTaking::test_a_code_is_taken_once",
    ),
    defence(
        "A recovery code is good once",
        "accounts/second_factor.py",
        "unused = RecoveryCode.objects.filter(user=user, used_at=None)",
        "unused = RecoveryCode.objects.filter(user=user)",
        "accounts/test_second_factor.py::TestTaking::test_a_recovery_code_is_taken_once",
    ),
    defence(
        "Codes are guessed ten times, no more",
        "accounts/sign_in.py",
        'return [_address_limit(attempt.address), Limit(f"code:{pk}", most)]',
        "return [_address_limit(attempt.address)]",
        "accounts/test_enter_code.py::test_ten_codes_are_looked_at_in_a_window_wherever_they_come_from",
    ),
    defence(
        "Waiting for a code ends with the password",
        "system/second_step.py",
        'if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):',
        "if user is None:",
        CODES + "test_what_happens_meanwhile_ends_the_waiting",
    ),
    defence(
        "Secrets of codes are sealed",
        "accounts/codes.py",
        'return _box(settings.SECRET_KEY).encrypt_at_time(f"{user.pk}:{secret}".encode(), int(at.timestamp())).decode()',
        "return secret",
        "accounts/test_codes.py::test_a_sealed_secret_is_unreadable_and_opens_for_its_user_only",
    ),
]

SESSIONS: list[Defence] = [
    defence(
        "A planted session is worth nothing",
        "accounts/sessions.py",
        "    @classmethod\n    def clear_expired(cls) -> None:",
        "    def cycle_key(self) -> None:\n        pass\n\n    @classmethod\n    def clear_expired(cls) -> None:",
        SIGNING + "TestSessions::test_the_key_of_a_strangers_session_changes_when_they_sign_in",
    ),
    defence(
        "A key of one's own making is not taken",
        "accounts/sessions.py",
        "        if found is None:\n            self._session_key = None\n",
        "        if found is None:\n",
        "accounts/test_sessions.py::test_a_key_that_nobody_was_given_is_not_kept",
    ),
    defence(
        "Signing out ends the session on the server",
        "system/signing.py",
        "    logout(request)\n    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL, status=303)",
        "    answer = HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL, status=303)\n"
        "    answer.delete_cookie(settings.SESSION_COOKIE_NAME)\n    return answer",
        SIGNING + "TestSessions::test_signing_out_ends_it_on_the_server",
    ),
    defence(
        "A session ends by itself",
        "accounts/sessions.py",
        "mine = Session.objects.live(timezone.now()).filter(",
        "mine = Session.objects.filter(",
        "accounts/test_sessions.py::test_what_is_over_is_not_loaded_and_is_cleared",
    ),
    defence(
        "It ends however much it is used",
        "accounts/sessions.py",
        "return min(end, began + timedelta(hours=SESSION_HOURS.read()))",
        "return end",
        "accounts/test_sessions.py::test_use_prolongs_no_session_beyond_its_hours",
        SIGNING + "TestSessions::test_a_day_ends_it_however_much_it_is_used",
    ),
    defence(
        "A changed password ends the other sessions",
        "accounts/actions/password.py",
        "    return end_sessions_of(user, apart_from=session)",
        "    return 0",
        "system/test_account.py::TestPassword::test_it_changes_and_ends_the_other_sessions",
    ),
    defence(
        "A reset password ends all of them",
        "accounts/actions/user.py",
        "must_change_password=True)\n    end_sessions_of(user)",
        "must_change_password=True)",
        "accounts/test_user.py::TestPasswords::test_resetting_issues_another_and_ends_the_sessions",
    ),
    defence(
        "Disabling ends all of them",
        "accounts/actions/user.py",
        "        change.update(user, is_active=False)\n    end_sessions_of(user)",
        "        change.update(user, is_active=False)",
        "accounts/test_user.py::TestShuttingOut::test_a_disabled_user_is_out_at_once",
    ),
    defence(
        "A disabled person is out at the next request",
        "accounts/backends.py",
        "users = User.objects.in_use().filter(pk=user_id, is_active=True)",
        "users = User.objects.in_use().filter(pk=user_id)",
        DOOR + "test_a_disabled_user_is_led_to_the_door",
    ),
    defence(
        "An ended session does not come back",
        "accounts/sessions.py",
        "            raise UpdateError\n",
        "            self._insert(key_hash, row)\n",
        "accounts/test_sessions.py::test_a_session_that_was_ended_does_not_come_back_with_a_late_save",
    ),
    defence(
        "The database does not hold the keys of sessions",
        "accounts/sessions.py",
        "return hashlib.sha256(key.encode()).hexdigest()",
        "return key",
        "accounts/test_sessions.py::test_the_database_does_not_hold_the_key",
    ),
    defence(
        "Nobody ends the session of somebody else",
        "accounts/sessions.py",
        "ended, _models = Session.objects.of(user).filter(key_hash=key_hash).delete()",
        "ended, _models = Session.objects.filter(key_hash=key_hash).delete()",
        "system/test_account.py::TestSessions::test_a_strangers_session_does_not_exist",
    ),
    defence(
        "Another session of one's own is ended after a proof",
        "system/account.py",
        "    if not here:\n        require_proof(request)\n",
        "",
        "system/test_account.py::TestSessions::test_whoever_came_upon_an_open_one_proves_who_they_are_before",
    ),
    defence(
        "So are all of them",
        "system/account.py",
        "    require_proof(request)\n    ended = end_sessions_of(",
        "    ended = end_sessions_of(",
        "system/test_account.py::TestSessions::test_whoever_came_upon_an_open_one_proves_who_they_are_before",
    ),
    defence(
        "The gravest verbs ask for a proof",
        "web/pages/base.py",
        "            require_proof(request)\n",
        "            pass\n",
        "system/test_proving.py::TestGraveSteps::test_nothing_happens_before_the_proof_and_all_of_it_after",
    ),
    defence(
        "Exports ask for a proof",
        "system/exporting.py",
        '        """The file, or the list again with the reason why not."""\n        require_proof(request)\n',
        '        """The file, or the list again with the reason why not."""\n',
        "web/test_exports.py::test_whoever_was_away_proves_again_who_they_are",
    ),
    defence(
        "A proof lasts a quarter of an hour",
        "accounts/proofs.py",
        "return proved_at is not None and at - proved_at <= LASTS",
        "return proved_at is not None",
        "accounts/test_proofs.py::test_signing_in_is_a_proof_for_a_quarter_of_an_hour",
    ),
    defence(
        "A proof cannot be guessed",
        "accounts/proofs.py",
        "    if not verdict.allowed:\n        return Judgement(wait=verdict.wait)\n",
        "",
        "accounts/test_proofs.py::test_guessing_is_slowed_and_stopped",
    ),
]

TOKENS: list[Defence] = [
    defence(
        "A session is no token",
        "api/bearer.py",
        "    if found is None:\n        raise Refused(401,",
        "    if found is None and request.user.is_authenticated:\n"
        "        found = Token(user=request.user, scope='write', last_used_at=now)\n"
        "    if found is None:\n        raise Refused(401,",
        DOOR + "test_no_session_opens_the_door_of_programs",
    ),
    defence(
        "Tokens expire",
        "api/models.py",
        "revoked_at=None, expires_at__gt=at)",
        "revoked_at=None)",
        PROGRAMS + "test_who_has_no_token_that_opens_is_refused_everywhere",
    ),
    defence(
        "Tokens are revoked",
        "api/models.py",
        "revoked_at=None, expires_at__gt=at)",
        "expires_at__gt=at)",
        PROGRAMS + "test_who_has_no_token_that_opens_is_refused_everywhere",
    ),
    defence(
        "A disabled person's token opens nothing",
        "api/models.py",
        "return found.filter(user__is_active=True, user__binned_in=None)",
        "return found",
        PROGRAMS + "test_who_has_no_token_that_opens_is_refused_everywhere",
    ),
    defence(
        "A reading token does not write",
        "api/bearer.py",
        "if self.writes and token.scope != Token.Scope.WRITE:",
        "if False:",
        PROGRAMS + "test_a_token_that_reads_changes_nothing",
    ),
    defence(
        "Tokens are kept as digests",
        "api/secrets.py",
        "return hashlib.sha256(secret.encode()).hexdigest()",
        "return secret",
        "api/test_actions.py::test_a_token_is_kept_without_its_secret_and_logged_without_its_digest",
    ),
    defence(
        "A token ends within a year",
        "api/actions.py",
        "if not change.at < expires_at <= change.at + LONGEST:",
        "if False:",
        "api/test_actions.py::test_a_token_ends_within_a_year",
    ),
    defence(
        "Duties come first for programs, too",
        "api/bearer.py",
        "        _refuse_unready(request)\n",
        "",
        PROGRAMS + "test_who_must_choose_a_password_does_that_first",
    ),
]

ALL: list[Defence] = [*SIGNING_IN, *SECOND_STEP, *SESSIONS, *TOKENS]
