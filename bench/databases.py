"""The companies that are measured: made once by `guanxi demo --size`, kept in .cache/bench and used again."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "bench"
POSTGRES = "GUANXI_TEST_DATABASE_URL"
LOADED = 100_000
"""So many customers are made one by one; more, on SQLite, by copies of these."""

MAKERS = ["guanxi/demo/bulk/*.py", "guanxi/search/tokens.py"]
"""What decides about the contents: a database made by other sources is made anew; an older one is upgraded."""


@dataclass(frozen=True)
class Company:
    """A company of so many customers in one kind of database."""

    size: int
    kind: str
    cache: Path = CACHE

    @property
    def folder(self) -> Path:
        """Its data folder."""
        return self.cache / f"{self.kind}-{self.size}"

    @property
    def url(self) -> str:
        """The address of its database."""
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder / 'guanxi.sqlite3'}"
        return f"{os.environ[POSTGRES].rpartition('/')[0]}/bench_{self.size}"

    @property
    def environment(self) -> dict[str, str]:
        """What commands on it run with: the settings of a new installation, in Chinese."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DJANGO_"))}
        own = {"GUANXI_DATA": str(self.folder), "DATABASE_URL": self.url, "GUANXI_LANGUAGE": "zh-hans"}
        return {**kept, **own, "DJANGO_SETTINGS_MODULE": "guanxi.config.settings", "PYTHONPATH": str(ROOT)}

    def run(self, *words: str) -> None:
        """Run a command of Guanxi on it."""
        subprocess.run([sys.executable, "-m", "guanxi", *words], env=self.environment, cwd=ROOT, check=True)

    def make(self) -> None:
        """Make it, unless it is there as these sources would make it."""
        mark, wanted = self.folder / "made", _fingerprint()
        if mark.exists() and mark.read_text() == wanted and self._is_there():
            self.run("upgrade")
            self._settle()
            return
        print(f"→ Making a company of {self.size:,} customers on {self.kind}", flush=True)
        self._clear()
        if self.kind == "sqlite" and self.size > LOADED:
            self._enlarge()
        else:
            self.run("upgrade")
            self.run("demo", "--size", str(self.size))
        self._settle()
        mark.write_text(wanted)

    def _enlarge(self) -> None:
        """Copies of the largest company that is made customer by customer."""
        small = Company(LOADED, self.kind, self.cache)
        small.make()
        shutil.copytree(small.folder, self.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("made"))
        command = [sys.executable, "-m", "bench.enlarge", str(self.size // LOADED)]
        subprocess.run(command, env=self.environment, cwd=ROOT, check=True)

    def _is_there(self) -> bool:
        if self.kind == "sqlite":
            return (self.folder / "guanxi.sqlite3").exists()
        with psycopg.connect(os.environ[POSTGRES]) as connection:
            name = f"bench_{self.size}"
            return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())

    def _clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        if self.kind == "postgresql":
            with psycopg.connect(os.environ[POSTGRES], autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS bench_{self.size} WITH (FORCE)")
                connection.execute(f"CREATE DATABASE bench_{self.size}")

    def _settle(self) -> None:
        """What the databases do by themselves in the night after a load: statistics, and PostgreSQL's clean-up."""
        if self.kind == "postgresql":
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in MAKERS for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
