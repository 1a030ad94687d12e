"""`guanxi import customers FILE`: the import of the page, from the command line."""  # noqa: N999 - so it is called

import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guanxi.accounts.models import User
from guanxi.history.models import Way
from guanxi.history.writer import changing
from guanxi.kernel.rules import RuleBroken
from guanxi.kernel.text import read_id
from guanxi.transfer import actions, work
from guanxi.transfer.kinds import KINDS
from guanxi.transfer.models import Import
from guanxi.transfer.reading.limits import HEAD_ROWS
from guanxi.transfer.reading.table import read_first
from guanxi.transfer.refused import refused_lines


class Command(BaseCommand):
    """Read, import, report; ends with 1 if nothing could be read."""

    help = "Import customers, contacts or orders from an .xlsx or CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read what, from where, for whom, and what to do with duplicates."""
        parser.add_argument("kind", choices=[*KINDS, "resume"], help="what the rows are; or resume, with a number")
        parser.add_argument("file", help="the file; after resume, the number of the import that was interrupted")
        parser.add_argument("--as", dest="username", default="", help="import as this user, with their rights")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--duplicates", choices=Import.Duplicates.values, default="skip")
        parser.add_argument("--refused", default="", help="where to write the refused rows (FILE-refused.csv)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Carry out one import, or go on with an interrupted one."""
        try:
            found = self._resumed(options) if options["kind"] == "resume" else self._begun(options)
            self._carry_out(found, options)
        except RuleBroken as broken:
            raise CommandError(str(broken)) from None

    def _begun(self, options: dict[str, Any]) -> Import:
        path = Path(options["file"]).resolve()
        if not path.is_file():
            raise CommandError(_("There is no file “%(path)s”.") % {"path": options["file"]})
        user = self._user(options["username"])
        if user is not None and not user.has_perm(KINDS[options["kind"]].permission):
            raise CommandError(_("%(name)s may not import these.") % {"name": user})
        _table, rows = read_first(path, HEAD_ROWS)  # before the transaction: it may take a while
        with changing("import", by=user, at=timezone.now(), way=Way.COMMAND) as change:
            found = actions.begin_import(
                kind=options["kind"],
                path=path,
                filename=path.name,
                rows=rows,
                language=get_language() or "",
                change=change,
            )
            actions.refuse_mapping(found, found.mapping)
            change.update(found, duplicates=options["duplicates"], pooled=user is None)
            if options["duplicates"] == Import.Duplicates.UPDATE and not actions.may_update(found):
                raise RuleBroken(_("These cannot be updated by an import."))
        self._say_columns(found)
        return found

    def _say_columns(self, found: Import) -> None:
        known = {place: name for name, place in found.mapping.items()}
        labels = {field.name: str(field.label) for field in KINDS[found.kind].fields}
        for place, heading in enumerate(found.headings):
            self.stderr.write(f"  {heading} → {labels[known[place]] if place in known else _('not imported')}")

    def _resumed(self, options: dict[str, Any]) -> Import:
        number = read_id(options["file"])
        rows = Import.objects.select_related("created_by", "change_set")
        found: Import | None = rows.filter(pk=number, state=Import.State.RUNNING).first()
        if found is None:
            raise CommandError(_("There is no interrupted import of this number."))
        return found

    def _carry_out(self, found: Import, options: dict[str, Any]) -> None:
        begun = time.monotonic()
        try:
            if options["dry_run"]:
                work.check_import(found, at=timezone.now(), report=self._report)
                actions.let_go(found)
            else:
                if found.state != Import.State.RUNNING:
                    actions.open_import(found, at=timezone.now(), by=found.created_by)
                self.stderr.write(_("Import %(number)s") % {"number": found.pk})
                work.run_import(found, at=timezone.now(), report=self._report)
        except RuleBroken as broken:
            work.stop_import(found, str(broken), at=timezone.now())
            raise
        finally:
            self._end_line()
        self._say_result(found, time.monotonic() - begun, options)

    def _say_result(self, found: Import, seconds: float, options: dict[str, Any]) -> None:
        sentence = _(
            "%(created)s new, %(updated)s updated, %(skipped)s skipped, %(refused)s refused, in %(seconds)s seconds."
        )
        figures = {name: getattr(found, name) for name in ("created", "updated", "skipped", "refused")}
        self.stdout.write(sentence % {**figures, "seconds": f"{seconds:.1f}"})
        if found.refused:
            path = Path(options["refused"] or f"{Path(found.filename).stem}-refused.csv")
            with path.open("w", encoding="utf-8", newline="") as file:
                file.writelines(refused_lines(found))
            self.stdout.write(_("The refused rows, with reasons: %(path)s") % {"path": path})
        if options["dry_run"]:
            self.stdout.write(_("Nothing was written: this was a dry run."))

    def _report(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done:,}", ending="")
        elif done // 10_000 != (done - 500) // 10_000:
            self.stderr.write(f"{done:,}")

    def _end_line(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("")

    def _user(self, username: str) -> Any:
        if not username:
            return None
        user = User.objects.in_use().filter(username__iexact=username, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active user “%(name)s”.") % {"name": username})
        return user
