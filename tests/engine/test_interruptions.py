"""Updates that end half-way, and the commands after which the stack is whole."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.emulator import Emulator
from tests.engine.project import ROOT, Project

REMOVAL = r"aws ecr batch-delete-image --repository-name (\S+) --image-ids imageTag=(\S+)"
RESOURCES = 90  # in the state when the engine is ended, of about 170
PATIENCE = 120.0


@pytest.fixture(scope="module")
def empty_project(
    source: Path, emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """A stack of its own, of which nothing has been made."""
    project = Project(
        source=source,
        folder=tmp_path_factory.mktemp("interrupted"),
        stack="local",
        environment=emulator.environment(),
    )
    project.init()
    return project


@pytest.fixture
def project(empty_project: Project) -> Iterator[Project]:
    """The same, emptied again after each test."""
    yield empty_project
    empty_project.destroy()


def test_a_resource_that_aws_refuses_is_named(project: Project, emulator: Emulator) -> None:
    """A role of that name exists, and nobody knows of it: AWS makes no second."""
    iam = emulator.session().client("iam")
    name = "utility-customer-system-local-payment-processing"
    trust = {"Version": "2012-10-17", "Statement": [STATEMENT]}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    said = project.refused_up("--skip-preview")
    iam.delete_role(RoleName=name)
    assert "aws:iam/role:Role 'payment-processing-role': iam CreateRole: Entity" in said
    assert f"Role with name {name} already exists" in said


def test_after_an_interrupt_another_up_makes_it_whole(project: Project) -> None:
    end_at(project, RESOURCES, signal.SIGINT)
    project.up()
    project.expect_no_changes()


def test_after_a_kill_the_documented_commands_make_it_whole(
    project: Project, emulator: Emulator
) -> None:
    end_at(project, RESOURCES, signal.SIGKILL)
    project.pulumi("cancel", "--stack", "local", "--yes")
    found = pending(project)
    for command in found.stderr.splitlines():
        run_as_aws_would(command, emulator)
    known = ("--stack", "local", "--yes", "--skip-preview", *found.stdout.split())
    project.pulumi("refresh", *known)
    project.up()
    project.expect_no_changes()


def test_destroy_leaves_nothing(source: Path, emulator: Emulator, tmp_path: Path) -> None:
    """Here the stack's own `aws:endpoints` lead to the embedded AWS, as with the real provider."""
    environment = emulator.environment()
    # Docker's provider is told nothing of AWS's configuration.
    environment["AWS_ENDPOINT_URL_ECR"] = environment.pop("AWS_ENDPOINT_URL")
    project = Project(
        source=source,
        folder=tmp_path,
        stack="local",
        environment=environment,
        settings={"aws:endpoints": [dict.fromkeys(ENDPOINTS, emulator.endpoint)]},
    )
    project.init()
    project.up()
    assert set(inventory(emulator)) == set(LISTS)
    project.destroy()
    assert not inventory(emulator)


STATEMENT = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"},
}

ENDPOINTS = (
    "cloudwatch", "cloudwatchlogs", "dynamodb", "ecr", "iam", "kms", "lambda", "scheduler",
    "secretsmanager", "sns", "sqs", "ssm", "sts",
)  # fmt: skip

# What each kind of thing is listed by, and in which member of the answer it stands.
LISTS = {
    "queues": ("sqs", "list_queues", "QueueUrls"),
    "topics": ("sns", "list_topics", "Topics"),
    "subscriptions": ("sns", "list_subscriptions", "Subscriptions"),
    "tables": ("dynamodb", "list_tables", "TableNames"),
    "functions": ("lambda", "list_functions", "Functions"),
    "mappings": ("lambda", "list_event_source_mappings", "EventSourceMappings"),
    "roles": ("iam", "list_roles", "Roles"),
    "log groups": ("logs", "describe_log_groups", "logGroups"),
    "alarms": ("cloudwatch", "describe_alarms", "MetricAlarms"),
    "dashboards": ("cloudwatch", "list_dashboards", "DashboardEntries"),
    "repositories": ("ecr", "describe_repositories", "repositories"),
    "secrets": ("secretsmanager", "list_secrets", "SecretList"),
    "schedules": ("scheduler", "list_schedules", "Schedules"),
    "schedule groups": ("scheduler", "list_schedule_groups", "ScheduleGroups"),
    "aliases": ("kms", "list_aliases", "Aliases"),
    "recorded": ("ssm", "describe_parameters", "Parameters"),
}
AWSS_OWN = ("alias/aws/", "schedule-group/default")


def inventory(emulator: Emulator) -> dict[str, int]:
    """How many of each kind there are; kinds of which there are none are left out.

    What every account has does not count, nor does a key, which is deleted after its window.
    """
    session = emulator.session()
    found: dict[str, int] = {}
    for kind, (service, operation, member) in LISTS.items():
        client = session.client(service)  # pyright: ignore[reportCallIssue, reportArgumentType] - the stubs take literals alone
        answer = getattr(client, operation)().get(member, [])
        own = [each for each in answer if not any(its in str(each) for its in AWSS_OWN)]
        if own:
            found[kind] = len(own)
    return found


def end_at(project: Project, resources: int, number: signal.Signals) -> None:
    """Start an update and send a signal to all of it once the state has so many resources."""
    process = subprocess.Popen(
        ["pulumi", "up", "--stack", "local", "--yes", "--skip-preview", "--non-interactive"],
        cwd=project.program,
        env=project.command_environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + PATIENCE
    while written(project) < resources:
        assert process.poll() is None, "the update ended before it could be interrupted"
        assert time.monotonic() < end, "the update makes nothing"
        time.sleep(0.02)
    if number == signal.SIGKILL:
        process.kill()  # the engine alone: its plugins have to notice
    else:
        os.killpg(process.pid, number)  # as Ctrl-C does
    assert process.wait(PATIENCE) != 0


def written(project: Project) -> int:
    """How many resources the state has that the running engine writes."""
    state = project.folder / "state/.pulumi/stacks/utility-customer-system/local.json"
    latest = json.loads(state.read_text())["checkpoint"]["latest"]
    return len(latest.get("resources", []))


def pending(project: Project) -> subprocess.CompletedProcess[str]:
    """What `python -m local.engine.pending` says of the state."""
    return subprocess.run(
        [sys.executable, "-m", "local.engine.pending"],
        input=json.dumps(project.state()),
        cwd=ROOT,
        env={**os.environ, **project.environment},
        check=True,
        capture_output=True,
        text=True,
    )


def run_as_aws_would(command: str, emulator: Emulator) -> None:
    """The one command of the AWS CLI that is ever said."""
    words = re.fullmatch(REMOVAL, command)
    assert words, command
    removed = (
        emulator.session()
        .client("ecr")
        .batch_delete_image(repositoryName=words[1], imageIds=[{"imageTag": words[2]}])
    )
    assert not removed["failures"]
