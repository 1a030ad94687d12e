import pytest

from tests.house import House

pytestmark = pytest.mark.once


def test_list_of_commands_is_short_and_in_the_users_language(tmp_path):
    house = House(tmp_path, variables={"GUANXI_LANGUAGE": "en"})
    done = house.command()
    assert done.returncode == 0
    assert "backup " in done.stdout
    assert "makemigrations" not in done.stdout
    assert len(done.stdout.splitlines()) < 20
    assert done.stdout == house.command("help").stdout


def test_unknown_command_is_one_sentence_with_a_guess(tmp_path):
    done = House(tmp_path).command("bakcup")
    assert done.returncode == 1
    assert done.stderr == "There is no command “bakcup”. Did you mean “backup”?\n"


def test_bad_setting_is_two_sentences_and_no_traceback(tmp_path):
    done = House(tmp_path, variables={"GUANXI_TIME_ZONE": "Mars"}).command("run")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 2
    assert "GUANXI_TIME_ZONE" in done.stderr


def test_database_that_does_not_answer_is_one_sentence(tmp_path):
    house = House(tmp_path, database_url="postgres://nobody@127.0.0.1:9/none")
    for command in ("run", "backup", "check"):
        done = house.command(command)
        assert done.returncode == 1
        assert "does not answer" in done.stderr
        assert "Traceback" not in done.stderr
