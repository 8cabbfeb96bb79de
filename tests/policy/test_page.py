"""The examples of the pack's page, and the names that it tells writers of controls."""

import json
import re
from dataclasses import replace
from typing import Any

from policy import tokens
from policy.control import Context, Control, Judgement, Violation
from policy.controls import catalogue
from policy.graph import Graph
from policy.iam import build_database
from policy.judge import judge
from policy.readme import README
from policy.resource import Resource
from policy.settings import load
from tests.policy.sound.edits import unknown
from tests.policy.sound.program import sound
from tests.unit.docs.pages import fenced, prose


def example(language: str) -> str:
    (text,) = [text for found, text in fenced(README) if found == language]
    return text


def test_the_configuration_of_the_page_is_taken() -> None:
    settings = load(json.loads(example("json")), catalogue())
    (exemption,) = settings.controls["iam-trust"].exemptions
    assert exemption.owner == "platform"


def checked() -> Control:
    """A control whose check is the page's."""
    known: dict[str, Any] = {
        "Context": Context,
        "Judgement": Judgement,
        "Resource": Resource,
        "Violation": Violation,
        "tokens": tokens,
    }
    exec(example("python"), known)  # noqa: S102 - our own page
    (topic,) = [each for each in catalogue() if each.id == "sns-unmatched-messages"]
    return replace(topic, judges=(tokens.TOPIC,), check=known["_check"])


def test_the_check_of_the_page_finds_the_topic_to_which_nobody_listens() -> None:
    verdicts = judge(checked(), sound())
    assert [resource.name for resource, _ in verdicts.violations] == ["alerts"]


def test_it_is_undecided_by_itself_where_a_subscription_points_nobody_knows_where() -> None:
    verdicts = judge(checked(), sound(unknown("subscription", "topic")))
    assert verdicts.undecided
    assert not verdicts.violations


def test_the_list_of_actions_is_what_its_command_makes_of_the_installed_database() -> None:
    made = build_database.made()
    assert build_database.TARGET.read_text() == made, "python -m policy.iam.build_database"


def test_what_the_page_tells_writers_of_controls_is_there() -> None:
    told = prose(README).partition("## A control of your own\n")[2].partition("\n## ")[0]
    for owner, method in re.findall(r"`(resource|graph)\.(\w+)`", told):
        assert hasattr({"resource": Resource, "graph": Graph}[owner], method), method
    for method in ("flag", "number", "items", "document"):
        assert f"`{method}`" in told
        assert hasattr(Resource, method)
