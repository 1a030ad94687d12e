"""Houses for the tests: one that is prepared and copied, one that nobody entered yet."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House, database


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose database and files are made, and never served: what others copy."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    with database("prepared") as url:
        house = House(folder, url)
        done = house.command("upgrade")
        assert done.returncode == 0, done.stderr
        yield house


@pytest.fixture
def house(tmp_path: Path, prepared: House) -> Iterator[House]:
    """A house of its own, ready to serve."""
    shutil.copytree(prepared.folder, tmp_path / "data")
    with database(tmp_path.name, template=prepared.database_url.rpartition("/")[2]) as url:
        yield House(tmp_path / "data", url)


@pytest.fixture
def new_house(tmp_path: Path) -> Iterator[House]:
    """A house that nobody entered yet."""
    with database(f"{tmp_path.name}-new") as url:
        yield House(tmp_path / "new", url)
