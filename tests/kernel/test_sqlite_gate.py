import multiprocessing
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from guanxi.kernel.sqlite import gate as gates
from guanxi.kernel.sqlite.gate import Gate, Queue
from guanxi.parameters.models import Counter


def _soon() -> float:
    return time.monotonic() + 5


def test_queue_serves_in_the_order_of_asking():
    queue, served = Queue(), []
    assert queue.acquire(_soon())

    def ask(number: int) -> None:
        assert queue.acquire(_soon())
        served.append(number)
        queue.release()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for number, thread in enumerate(threads, start=1):
        thread.start()
        while len(queue._waiting) < number:
            pass
    queue.release()
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_queue_gives_up_and_leaves_no_trace():
    queue = Queue()
    assert queue.acquire(_soon())
    assert not queue.acquire(time.monotonic() - 1)
    queue.release()
    assert queue.acquire(_soon())


def test_two_gates_of_one_file_exclude_each_other_and_give_up_in_time(tmp_path):
    first, second = Gate(tmp_path / "db"), Gate(tmp_path / "db")
    assert first.acquire(1)
    assert not second.acquire(0.02)
    first.release()
    assert second.acquire(1)
    second.release()
    assert first.acquire(0)


def test_whoever_waits_at_the_door_comes_before_whoever_just_left(tmp_path):
    first, second = Gate(tmp_path / "db"), Gate(tmp_path / "db")
    assert first.acquire(1)
    entered = threading.Event()
    waiting = threading.Thread(target=lambda: second.acquire(5) and entered.set())
    waiting.start()
    porch = first._porch_and_door[0]
    while porch._try():  # until the other stands in the porch
        porch.release()
    first.release()
    assert not first.acquire(0)
    waiting.join()
    assert entered.is_set()


def _hold(path: Path, ready, go) -> None:
    gate = gates.gate_of(path)
    assert gate.acquire(5)
    ready.set()
    go.wait(5)


def test_gate_of_a_process_that_died_is_open(tmp_path):
    own = gates.gate_of(tmp_path / "db")
    assert own.acquire(1)
    own.release()
    context = multiprocessing.get_context("fork")
    ready, go = context.Event(), context.Event()
    child = context.Process(target=_hold, args=(tmp_path / "db", ready, go))
    child.start()
    assert ready.wait(5)
    assert not own.acquire(0.02)
    child.kill()
    child.join()
    assert own.acquire(5)
    own.release()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def _write(self, key: str) -> None:
        Counter.objects.create(prefix=key)

    def test_gate_is_left_after_commit_rollback_and_close(self):
        with transaction.atomic():
            assert connection._gate is not None
            self._write("a")
        assert connection._gate is None
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError
        assert connection._gate is None
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.close()
            self._write("b")
        assert connection._gate is None
        self._write("c")

    def test_nested_transactions_pass_the_gate_once(self):
        with transaction.atomic(), transaction.atomic():
            self._write("a")
        assert Counter.objects.count() == 1

    def test_writer_that_waits_too_long_is_told_that_the_database_is_locked(self, monkeypatch):
        gate = gates.gate_of(Path(connection.settings_dict["NAME"]))
        assert gate.acquire(1)
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.02)
        try:
            with pytest.raises(OperationalError, match="locked") as error, transaction.atomic():
                pass
            assert isinstance(error.value.__cause__, sqlite3.OperationalError)
        finally:
            gate.release()
        with transaction.atomic():
            self._write("a")

    def test_threads_that_write_at_once_lose_nothing(self):
        def work(number: int) -> None:
            for turn in range(20):
                with transaction.atomic():
                    self._write(f"{number}-{turn}")
            connection.close()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Counter.objects.count() == 160
