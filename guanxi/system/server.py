"""The web server and the jobs beside it, as one tree of processes."""

import gc
import logging
import os
import signal
import threading
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from guanxi.jobs.worker import Worker
from guanxi.system.processes import STOP_SECONDS, KeptProcess, die_with_parent, share_one_heap

THREADS = 16  # for each worker: a visitor who sends a form byte by byte holds one of them, and no more than that
POLL_SECONDS = 0.5  # jobs have a process of their own, where they do not slow pages, nor hear them enqueue
GARBAGE = 10_000  # a page makes some thousand objects, hardly one of them in a ring: Python's 700 collects at each
IDLE_SECONDS = 600  # a thread that ends takes its database connection along
PLAIN_LOG = {"incremental": True, "formatters": {}, "handlers": {}, "loggers": {"_granian": {"propagate": True}}}


def serve(*, address: str, port: int, job_threads: int) -> None:
    """Serve until SIGINT or SIGTERM; `job_threads` 0 leaves jobs to `guanxi worker`."""
    share_one_heap()
    server = Granian(
        target=settings.WSGI_APPLICATION,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=worker_count(),
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=IDLE_SECONDS,
        respawn_failed_workers=True,
        workers_kill_timeout=int(STOP_SECONDS),
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=PLAIN_LOG,
    )
    if job_threads:
        jobs = KeptProcess("guanxi-jobs", do_jobs, job_threads)
        server.on_startup(jobs.start)
        server.on_shutdown(jobs.stop)
    load_application(settings.WSGI_APPLICATION)  # before the fork: the workers share its memory
    connections.close_all()
    logging.getLogger("_granian").addFilter(_is_news)
    server.serve(target_loader=load_worker)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether an operator need read this: not at each start that so many threads are many for so few cores."""
    return not record.getMessage().startswith("Configuration allows spawning")


def worker_count() -> int:
    """Return one for SQLite, which is embedded, and one for each core for PostgreSQL."""
    return 1 if connection.vendor == "sqlite" else os.cpu_count() or 1


def load_application(target: str) -> Any:
    """Return the WSGI application, in a process that may have been spawned afresh."""
    if not apps.ready:
        django.setup()
    return import_string(target)


def load_worker(target: str) -> Any:
    """Return the WSGI application inside a worker, which must not outlive its parent."""
    die_with_parent()
    application = load_application(target)
    gc.freeze()  # what was loaded stays for good, so that no collection need walk it
    gc.set_threshold(GARBAGE)
    return application


def do_jobs(threads: int) -> None:
    """Do jobs in a child process of the server until SIGTERM; Ctrl-C is the server's to hear."""
    die_with_parent()
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if not apps.ready:
        django.setup()
    worker = Worker(threads, poll=POLL_SECONDS)
    worker.start()
    stop.wait()
    worker.stop(grace=STOP_SECONDS / 2)
