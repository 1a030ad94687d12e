"""Jobs of imports: the check, the import itself, and forgetting old files."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.jobs.registry import plan, task
from guanxi.jobs.run import Cancelled, Run, Stopped
from guanxi.kernel.rules import RuleBroken
from guanxi.transfer import actions, work
from guanxi.transfer.models import Import
from guanxi.transfer.parameters import FILE_DAYS


@task("transfer.check", label=gettext_lazy("Check an imported file"))
def check(run: Run) -> Any:
    """Count what an import would do; payload: `import`, its id."""
    return _carried_out(run, Import.State.CHECKING, work.check_import)


@task("transfer.import", label=gettext_lazy("Import a file"))
def carry_out(run: Run) -> Any:
    """Write an import, going on where an earlier attempt ended; payload: `import`, its id."""
    return _carried_out(run, Import.State.RUNNING, work.run_import)


def _carried_out(run: Run, state: str, do: Callable[..., None]) -> dict[str, int]:
    found = Import.objects.select_related("created_by", "change_set").get(pk=run.payload["import"])
    if found.state != state:
        return _result(found)
    with translation.override(found.language or translation.get_language()):
        try:
            do(found, at=run.at, report=run.progress)
        except RuleBroken as broken:
            work.stop_import(found, str(broken), at=run.at)
        except work.Overtaken:
            found.refresh_from_db()
        except Cancelled:
            work.stop_import(found, _("The job was cancelled."), at=run.at)
            raise
        except Stopped:
            raise
        except Exception:
            if run.last:
                work.stop_import(found, _("Something went wrong on the server."), at=run.at)
            raise
    return _result(found)


def _result(found: Import) -> dict[str, int]:
    return {name: getattr(found, name) for name in ("created", "updated", "skipped", "refused")}


@task("transfer.forget_files", label=gettext_lazy("Forget imported files"), unique=True)
def forget_files(run: Run) -> dict[str, int]:
    """Delete the files of old imports."""
    return {"forgotten": actions.forget_files(before=run.at - timedelta(days=FILE_DAYS.read()))}


plan("transfer.forget_files", forget_files, daily_at=time(3, 45))
