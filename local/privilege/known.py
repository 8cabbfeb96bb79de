"""The two short tables of exceptions: what AWS uses in a role's name, and where a name is unknown.

Whatever is in neither must be used by the system itself, under its full name.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ByAws:
    """A grant that AWS uses on the role's behalf, where no run on one machine shows it.

    Attributes:
        roles: Whose, by the ends of their names; none for every function's.
        action: The action.
        ends: What the resource ends with.
        why: When AWS uses it.
        source: The page that says so.
    """

    action: str
    ends: str
    why: str
    source: str
    roles: tuple[str, ...] = ()

    def explains(self, role: str, action: str, resource: str) -> bool:
        """Whether it is this grant that AWS uses."""
        return (
            action == self.action
            and resource.endswith(self.ends)
            and (not self.roles or role.endswith(self.roles))
        )


BY_AWS = (
    ByAws(
        action="xray:PutTraceSegments",
        ends="*",
        why="Lambda sends the traces of a function",
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
    ),
    ByAws(
        action="xray:PutTelemetryRecords",
        ends="*",
        why="Lambda sends the traces of a function",
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
    ),
    ByAws(
        action="sqs:SendMessage",
        ends="-subscription-manager-dlq",
        why="Lambda keeps an event that the manager could not process",
        source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
        roles=("-subscription-manager",),
    ),
    ByAws(
        action="sqs:SendMessage",
        ends="-subscription-manager-dlq",
        why="Scheduler keeps an event that it could not deliver",
        source="https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html",
        roles=("-reconcile",),
    ),
    *(
        ByAws(
            action=action,
            ends=":key/*",
            why="Scheduler keeps it in an encrypted queue",
            source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
            roles=("-reconcile",),
        )
        for action in ("kms:Decrypt", "kms:GenerateDataKey")
    ),
)


@dataclass(frozen=True, kw_only=True)
class Wildcard:
    """A pattern where a name could stand.

    Attributes:
        resource: How it ends.
        narrowed_by: The condition key that does what the name would; none where the pattern
            stands for the unknown end of one name.
        all_of_account: Whether it is meant so: the action reads lists, which AWS judges on all.
    """

    resource: str
    source: str
    narrowed_by: str = ""
    all_of_account: bool = False


WILDCARDS = (
    Wildcard(
        resource=":alarm:*",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html",
        all_of_account=True,
    ),
    Wildcard(
        resource=":event-source-mapping:*",
        narrowed_by="lambda:FunctionArn",
        source="https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html",
    ),
    Wildcard(
        resource=":key/*",
        narrowed_by="kms:ResourceAliases",
        source="https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html",
    ),
    Wildcard(
        resource=":secret:{prefix}-bank-api-key-??????",
        source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html",
    ),
    Wildcard(
        resource=":log-group:/aws/lambda/{prefix}-{function}:*",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html",
    ),
)
