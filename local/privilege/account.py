"""The deployed system as its documents have it: roles, resources and every policy, in one value."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from local.access import Access
from local.emulator.judge import Decision, Policies, Request, Statement, judge, statements
from local.project import PREFIX

Documents = tuple[Statement, ...]


@dataclass(frozen=True, kw_only=True)
class Account:
    """All that a decision needs.

    Attributes:
        roles: The statements of each role, by ARN.
        resources: Everything that belongs to the system, by ARN, with its own policy if it has one.
        mappings: The function of each event source mapping, by the mapping's ARN.
        keys: The alias of each of the stack's keys, by ARN.
    """

    roles: Mapping[str, Documents]
    resources: Mapping[str, Documents | None]
    mappings: Mapping[str, str]
    keys: Mapping[str, str]
    region: str = field(default="us-east-2")

    def decide(self, request: Request) -> Decision:
        """What the judge says of a request by a role or by a service of AWS."""
        resource = self.resources.get(request.resource)
        return judge(
            request,
            Policies(
                identity=self.roles.get(request.principal, ()),
                resource=resource,
                key=request.resource.split(":")[2:3] == ["kms"],
            ),
        )

    def without(self, principal: str, statement: Statement) -> "Account":
        """The same system where a statement was taken away from a role or a resource."""
        if principal in self.roles:
            left = tuple(x for x in self.roles[principal] if x != statement)
            return replace(self, roles={**self.roles, principal: left})
        own = self.resources[principal] or ()
        left = tuple(x for x in own if x != statement)
        return replace(self, resources={**self.resources, principal: left})


def read(access: Access) -> Account:
    """The account of a running local system, read from its APIs as they answer anyone."""
    session = access.emulator.session()
    of = _Reader(session.client, access)
    keys = dict(of.keys())
    return Account(
        roles=dict(of.roles()),
        resources={**dict(of.resources()), **{key: of.key_policy(key) for key in keys}},
        mappings=dict(of.mappings()),
        keys=keys,
        region=access.emulator.region,
    )


class _Reader:
    def __init__(self, client: Any, access: Access) -> None:  # noqa: ANN401 - boto3's factory has an overload a service
        self._client = client
        self._arn = f"{access.emulator.region}:{access.emulator.account_id}"

    def roles(self) -> Iterator[tuple[str, Documents]]:
        iam = self._client("iam")
        for role in iam.list_roles(MaxItems=1000)["Roles"]:
            if not role["RoleName"].startswith(PREFIX):
                continue
            found: list[Statement] = []
            for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
                policy = iam.get_role_policy(RoleName=role["RoleName"], PolicyName=name)
                found += statements(policy["PolicyDocument"])
            yield role["Arn"], tuple(found)

    def keys(self) -> Iterator[tuple[str, str]]:
        kms = self._client("kms")
        for alias in kms.list_aliases()["Aliases"]:
            if alias["AliasName"].startswith(f"alias/{PREFIX}"):
                found = kms.describe_key(KeyId=alias["TargetKeyId"])["KeyMetadata"]
                yield found["Arn"], alias["AliasName"]

    def key_policy(self, key: str) -> Documents:
        found = self._client("kms").get_key_policy(KeyId=key, PolicyName="default")
        return statements(found["Policy"])

    def mappings(self) -> Iterator[tuple[str, str]]:
        functions = self._client("lambda")
        for found in functions.list_event_source_mappings()["EventSourceMappings"]:
            yield (
                f"arn:aws:lambda:{self._arn}:event-source-mapping:{found['UUID']}",
                found["FunctionArn"],
            )

    def resources(self) -> Iterator[tuple[str, Documents | None]]:
        yield from self._queues()
        yield from self._topics()
        yield from self._functions()
        for arn in (*self._data(), *self._seen(), *self._scheduled()):
            yield arn, None

    def _data(self) -> Iterator[str]:
        tables = self._client("dynamodb")
        for name in tables.list_tables()["TableNames"]:
            table = tables.describe_table(TableName=name)["Table"]
            yield table["TableArn"]
            for index in table.get("GlobalSecondaryIndexes", ()):
                yield f"{table['TableArn']}/index/{index['IndexName']}"
        for secret in self._client("secretsmanager").list_secrets()["SecretList"]:
            yield secret["ARN"]
        for repository in self._client("ecr").describe_repositories()["repositories"]:
            yield repository["repositoryArn"]

    def _seen(self) -> Iterator[str]:
        for group in self._client("logs").describe_log_groups()["logGroups"]:
            name = f"arn:aws:logs:{self._arn}:log-group:{group['logGroupName']}"
            yield from (name, f"{name}:log-stream:a-stream")
        for alarm in self._client("cloudwatch").describe_alarms(MaxRecords=100)["MetricAlarms"]:
            yield alarm["AlarmArn"]
        yield f"arn:aws:cloudwatch::{self._arn.split(':')[1]}:dashboard/{PREFIX}"

    def _scheduled(self) -> Iterator[str]:
        yield from (mapping for mapping, _ in self.mappings())
        yield from (role for role, _ in self.roles())
        scheduler = self._client("scheduler")
        yield from (found["Arn"] for found in scheduler.list_schedules()["Schedules"])
        yield from (found["Arn"] for found in scheduler.list_schedule_groups()["ScheduleGroups"])

    def _queues(self) -> Iterator[tuple[str, Documents | None]]:
        sqs = self._client("sqs")
        for url in sqs.list_queues(QueueNamePrefix=PREFIX)["QueueUrls"]:
            names = ["QueueArn", "Policy"]
            found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
            yield found["QueueArn"], statements(found["Policy"]) if "Policy" in found else None

    def _topics(self) -> Iterator[tuple[str, Documents | None]]:
        sns = self._client("sns")
        for topic in sns.list_topics()["Topics"]:
            found = sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"]
            yield topic["TopicArn"], statements(found["Policy"])

    def _functions(self) -> Iterator[tuple[str, Documents | None]]:
        functions = self._client("lambda")
        for found in functions.list_functions()["Functions"]:
            try:
                policy = functions.get_policy(FunctionName=found["FunctionName"])["Policy"]
            except functions.exceptions.ResourceNotFoundException:
                policy = json.dumps({"Statement": []})
            yield found["FunctionArn"], statements(policy)
