"""Each kind of resource on the embedded AWS: made, read, changed, removed."""

import json
from dataclasses import replace
from typing import Any

import pytest

from local.resources.account import Account
from local.resources.clients import Clients
from local.resources.errors import Refused
from local.resources.table import KINDS
from tests.integration.local.resources.conftest import Deployed, state_of

ACCOUNT = "123456789012"


def test_the_project_has_a_resource_of_every_kind(deployed: Deployed) -> None:
    made = {resource.type for resource in deployed.deployment.resources}
    assert set(KINDS) <= made


def test_every_output_that_the_real_provider_computes_is_there(deployed: Deployed) -> None:
    missing = {
        f"{resource.name}.{key}"
        for resource in deployed.deployment.resources
        if resource.type in KINDS
        for key in KINDS[resource.type].computed
        if key not in resource.outputs
    }
    assert not missing


@pytest.mark.parametrize(
    ("name", "output", "value"),
    [
        ("queue", "arn", f"arn:aws:sqs:us-east-2:{ACCOUNT}:queue.fifo"),
        ("topic", "arn", f"arn:aws:sns:us-east-2:{ACCOUNT}:topic.fifo"),
        ("table", "arn", f"arn:aws:dynamodb:us-east-2:{ACCOUNT}:table/table"),
        ("role", "arn", f"arn:aws:iam::{ACCOUNT}:role/role"),
        ("function", "arn", f"arn:aws:lambda:us-east-2:{ACCOUNT}:function:function"),
        ("logs", "arn", f"arn:aws:logs:us-east-2:{ACCOUNT}:log-group:/aws/lambda/function"),
        ("alarm", "arn", f"arn:aws:cloudwatch:us-east-2:{ACCOUNT}:alarm:errors"),
        ("schedule", "arn", f"arn:aws:scheduler:us-east-2:{ACCOUNT}:schedule/everything/turn"),
        ("repository", "repositoryUrl", f"{ACCOUNT}.dkr.ecr.us-east-2.amazonaws.com/repository"),
        ("dashboard", "dashboardArn", f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/everything"),
    ],
)
def test_an_output_is_as_on_aws(deployed: Deployed, name: str, output: str, value: str) -> None:
    assert deployed.named(name).outputs[output] == value


def test_default_tags_and_own_tags_are_on_the_resource(deployed: Deployed) -> None:
    url = deployed.named("queue").id
    tags = deployed.clients.call("sqs", "ListQueueTags", QueueUrl=url)["Tags"]
    assert tags == {"Project": "every-kind", "Role": "work"}


def test_what_was_just_made_reads_back_the_same(deployed: Deployed) -> None:
    different = {}
    for resource in deployed.deployment.resources:
        if resource.type in KINDS:
            live = deployed.read(resource.name)
            if live is None or live.inputs != state_of(resource).inputs:
                different[resource.name] = live and live.inputs
    assert not different


def test_a_resource_whose_making_was_interrupted_is_found_again(deployed: Deployed) -> None:
    """With its id and what it was asked to be, all of its outputs are read from AWS."""
    missing = {}
    for resource in deployed.deployment.resources:
        if resource.type in KINDS:
            asked = replace(state_of(resource), outputs={})
            live = deployed.account.read(resource.type, resource.name, asked)
            found = live.outputs.keys() if live else set()
            missing[resource.name] = resource.outputs.keys() - found
    assert not {name: keys for name, keys in missing.items() if keys}


def test_the_image_that_the_function_runs_is_in_the_repository(deployed: Deployed) -> None:
    digest = deployed.deployment.outputs["digest"].partition("@")[2]
    image = {"imageDigest": digest}
    found = deployed.clients.call(
        "ecr", "DescribeImages", repositoryName="repository", imageIds=[image]
    )
    assert found["imageDetails"][0]["imageTags"] == ["1"]


@pytest.mark.parametrize(
    "name",
    [
        "role",
        "function",
        "logs",
        "table",
        "alias",
        "repository",
        "permission",
        "mapping",
        "schedules",
        "schedule",
        "secret",
        "issuer",
        "boundary",
    ],
)
def test_making_again_what_exists_fails_and_says_what(deployed: Deployed, name: str) -> None:
    resource = deployed.named(name)
    with pytest.raises(Refused, match=f"{resource.type} '{name}'"):
        deployed.account.create(resource.type, name, resource.inputs)


@pytest.mark.parametrize("name", ["queue", "topic", "subscription"])
def test_sqs_and_sns_answer_with_what_exists(deployed: Deployed, name: str) -> None:
    resource = deployed.named(name)
    assert deployed.account.create(resource.type, name, resource.inputs).id == resource.id


ALLOWED = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
RIGHTS = json.dumps({"Version": "2012-10-17", "Statement": [ALLOWED]})
LIFECYCLE = json.dumps(
    {
        "rules": [
            {
                "rulePriority": 1,
                "description": "Fewer",
                "selection": {
                    "tagStatus": "any",
                    "countType": "imageCountMoreThan",
                    "countNumber": 2,
                },
                "action": {"type": "expire"},
            }
        ]
    }
)

UPDATES: list[tuple[str, dict[str, Any]]] = [
    ("queue", {"visibilityTimeoutSeconds": 120}),
    ("queue-policy", {"policy": '{"Version": "2012-10-17", "Statement": []}'}),
    ("subscription", {"filterPolicy": '{"kind": ["other"]}'}),
    ("key", {"description": "another"}),
    ("role", {"description": "another", "maxSessionDuration": 7200}),
    ("rights", {"policy": RIGHTS}),
    ("boundary", {"policy": RIGHTS.replace("sqs:*", "sns:*")}),
    ("logs", {"retentionInDays": 7}),
    ("filter", {"pattern": "WARNING"}),
    ("function", {"timeout": 20, "memorySize": 512}),
    ("function", {"environment": {"variables": {"SERVICE": "two"}}}),
    ("function", {"architectures": ["arm64"]}),
    ("mapping", {"batchSize": 5}),
    ("mapping", {"scalingConfig": {"maximumConcurrency": 3}}),
    ("asynchronous", {"maximumRetryAttempts": 0}),
    ("single", {"threshold": 5}),
    ("composite", {"alarmRule": "ALARM(errors)"}),
    ("dashboard", {"dashboardBody": '{"widgets": [], "start": "-PT1H"}'}),
    ("schedule", {"scheduleExpression": "rate(2 minutes)"}),
    ("repository", {"imageTagMutability": "MUTABLE"}),
    ("lifecycle", {"policy": LIFECYCLE}),
    ("table", {"deletionProtectionEnabled": True}),
    ("table", {"pointInTimeRecovery": {"enabled": False}}),
    ("table", {"ttl": {"attributeName": "expires_at", "enabled": False}}),
    ("secret", {"description": "another"}),
    ("query", {"queryString": "fields @message"}),
]


@pytest.mark.parametrize(("name", "change"), UPDATES)
def test_a_change_reaches_the_resource_and_can_be_taken_back(
    deployed: Deployed, name: str, change: dict[str, Any]
) -> None:
    resource = deployed.named(name)
    before = state_of(resource)
    changed = {**before.inputs, **change}
    after = deployed.account.update(resource.type, name, before, changed)
    live = deployed.account.read(resource.type, name, after)
    deployed.account.update(resource.type, name, after, before.inputs)
    assert live is not None
    assert {key: live.inputs[key] for key in change} == change


def test_an_update_does_not_touch_what_it_does_not_change(deployed: Deployed) -> None:
    """An open circuit has disabled the mapping; a deploy changes its batch size only."""
    mapping = deployed.named("mapping")
    call = deployed.clients.call
    _wait_until(deployed, mapping.id, "Enabled")
    call("lambda", "UpdateEventSourceMapping", UUID=mapping.id, Enabled=False)
    _wait_until(deployed, mapping.id, "Disabled")
    changed = {**mapping.inputs, "batchSize": 7}
    deployed.account.update(mapping.type, mapping.name, state_of(mapping), changed)
    live = _wait_until(deployed, mapping.id, "Disabled")
    call("lambda", "UpdateEventSourceMapping", UUID=mapping.id, Enabled=True, BatchSize=10)
    assert live["BatchSize"] == 7


def test_a_tag_that_is_taken_away_goes(deployed: Deployed) -> None:
    role = deployed.named("role")
    bare = {key: value for key, value in role.inputs.items() if key != "tags"}
    after = deployed.account.update(role.type, role.name, state_of(role), bare)
    found = deployed.clients.call("iam", "ListRoleTags", RoleName=role.id)["Tags"]
    deployed.account.update(role.type, role.name, after, role.inputs)
    assert found == [{"Key": "Project", "Value": "every-kind"}]


def test_what_something_else_changed_is_seen(deployed: Deployed) -> None:
    queue = deployed.named("plain")
    call = deployed.clients.call
    call("sqs", "SetQueueAttributes", QueueUrl=queue.id, Attributes=_retention(900))
    live = deployed.read("plain")
    call("sqs", "SetQueueAttributes", QueueUrl=queue.id, Attributes=_retention(600))
    assert live is not None
    assert live.inputs["messageRetentionSeconds"] == 900


def test_what_is_gone_is_seen_and_removing_it_is_no_error(clients: Clients) -> None:
    account = Account(clients)
    made = account.create("aws:sqs/queue:Queue", "gone", {"name": "gone"})
    account.delete("aws:sqs/queue:Queue", "gone", made)
    assert account.read("aws:sqs/queue:Queue", "gone", made) is None
    account.delete("aws:sqs/queue:Queue", "gone", made)


def test_a_refusal_names_the_resource_the_call_and_awss_reason(clients: Clients) -> None:
    mapping = {"functionName": "nobody", "eventSourceArn": "arn:aws:sqs:us-east-2:1:nothing"}
    token = "aws:lambda/eventSourceMapping:EventSourceMapping"
    with pytest.raises(Refused) as refused:
        Account(clients).create(token, "feed", mapping)
    assert str(refused.value).startswith(f"{token} 'feed': lambda CreateEventSourceMapping: ")


def _retention(seconds: int) -> dict[str, str]:
    return {"MessageRetentionPeriod": str(seconds)}


def _wait_until(deployed: Deployed, id_: str, state: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(200):
        found = deployed.clients.call("lambda", "GetEventSourceMapping", UUID=id_)
        if found["State"] == state:
            return found
    raise AssertionError(f"the mapping did not become {state}: {found}")
