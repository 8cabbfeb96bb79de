import json
import shlex

import pytest

from local.commands import guide
from tests.unit.docs import aws_cli
from tests.unit.local.test_supervisor import STATE


def commands() -> list[list[str]]:
    return [shlex.split(line) for line in guide(STATE).splitlines() if "aws sns publish" in line]


def test_there_are_three_commands_each_for_its_topic() -> None:
    topics = [words[words.index("--topic-arn") + 1] for words in commands()]
    assert topics == ["arn:transactions", "arn:control", "arn:control"]


def test_each_is_one_that_the_aws_cli_takes() -> None:
    lines = [line.rpartition("; ")[2] for line in guide(STATE).splitlines()]
    given = [command for line in lines for command in aws_cli.commands(line)]
    assert len(given) == 3
    assert [aws_cli.refusal(command) for command in given] == ["", "", ""]


def test_a_profile_or_session_of_the_users_own_account_is_left_out() -> None:
    (line,) = [line for line in guide(STATE).splitlines() if "export" in line]
    assert line.startswith("unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION; export AWS_ENDPOINT")


def test_the_published_payment_is_a_payment_once_the_shell_has_put_the_id_in() -> None:
    message = json.loads(commands()[0][-1])
    assert (message["message_id"], message["transaction_type"]) == ("$ID", "payment")


@pytest.mark.parametrize(("place", "action"), [(1, "disable"), (2, "enable")])
def test_pause_and_resume_are_commands_of_the_control_topic(place: int, action: str) -> None:
    message = json.loads(commands()[place][-1])
    assert message == {"action": action, "service": "payment-processing"}
