"""The migrations make exactly what the models say, on the database under test."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_migrations_match_the_models() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "guanxi", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "guanxi.config.settings_test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
