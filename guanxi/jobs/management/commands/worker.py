"""`guanxi worker`: do jobs in a process of their own, on this or another machine."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from guanxi.jobs.worker import Worker


class Command(BaseCommand):
    """Work until told to stop by SIGTERM or Ctrl+C."""

    help = "Do queued jobs until stopped; running jobs are ended or given back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Read how many threads, which queues and how patient."""
        parser.add_argument("--threads", type=int, default=2, help="jobs done at once (2)")
        parser.add_argument("--queue", action="append", default=[], help="only this queue; may be repeated")
        parser.add_argument("--grace", type=float, default=20.0, help="seconds a running job may take to end (20)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, wait for a signal, stop."""
        told = threading.Event()

        def tell(_number: int, _frame: FrameType | None) -> None:
            told.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, tell)
        worker = Worker(options["threads"], queues=options["queue"])
        worker.start()
        self.stdout.write(f"Worker {worker.name} is ready.")
        told.wait()
        worker.stop(options["grace"])
        self.stdout.write("Stopped.")
