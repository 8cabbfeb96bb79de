"""Real calls beyond each role's bounds: every service, under the role's own credentials."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from components.services import SERVICES
from local.access import Access
from local.privilege.account import Account
from local.project import PREFIX

Client = Any  # operations are called by their names
WORKERS = tuple(service.name for service in SERVICES)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call: a client's operation with its arguments."""

    service: str
    operation: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Overstep:
    """A call that a role made and must not, and the error code that it got; none if it passed."""

    role: str
    call: Call
    code: str

    @property
    def denied(self) -> bool:
        """Whether it was refused for want of permission, not for another reason."""
        return self.code in {"AccessDenied", "AccessDeniedException", "AuthorizationError"}


def overstep(access: Access, account: Account) -> list[Overstep]:
    """Try the calls under every role, but for those that a role may do."""
    sts = access.emulator.session().client("sts")
    found: list[Overstep] = []
    for role in account.roles:
        core = access.emulator.anonymous_session()
        # The schedule's role trusts Scheduler for one group only.
        group = f"arn:aws:scheduler:{account.region}:{role.split(':')[4]}:schedule-group/{PREFIX}"
        on_behalf: Any = {"ExternalId": group} if role.endswith("-reconcile") else {}
        given = sts.assume_role(RoleArn=role, RoleSessionName="overstep", **on_behalf)
        keys = given["Credentials"]
        core.set_credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        clients: dict[str, Client] = {}
        for call in _calls(account, role):
            if call.service not in clients:
                clients[call.service] = core.create_client(call.service)
            client = clients[call.service]
            found.append(Overstep(role=role, call=call, code=_refusal(client, call)))
    return found


def _refusal(client: Client, call: Call) -> str:
    try:
        getattr(client, call.operation)(**call.arguments)
    except ClientError as error:
        return error.response.get("Error", {}).get("Code", "")
    return ""


def _calls(account: Account, role: str) -> Iterator[Call]:
    own = role.rpartition("-local-")[2]
    for service, operations in _BEYOND_ALL.items():
        for operation, arguments in operations.items():
            yield Call(service=service, operation=operation, arguments=arguments)
    yield from _with_keys(account.keys, derives=own in WORKERS)
    if own != "subscription-manager":
        for mapping in account.mappings:
            arguments = {"UUID": mapping.rsplit(":", 1)[-1], "Enabled": False}
            yield Call(
                service="lambda", operation="update_event_source_mapping", arguments=arguments
            )
    for other in WORKERS:
        if own not in {other, "subscription-manager"}:
            yield from _of_another(other, reads=own != "operator")


def _with_keys(keys: Mapping[str, str], *, derives: bool) -> Iterator[Call]:
    """What a role may do with a key through services only, or not at all."""
    mac: Mapping[str, Any] = {"Message": b"x", "MacAlgorithm": "HMAC_SHA_256"}
    for key, alias in keys.items():
        yield Call(service="kms", operation="describe_key", arguments={"KeyId": key})
        if not alias.endswith("-fingerprints"):
            given = {"KeyId": key, "Plaintext": b"x"}
            yield Call(service="kms", operation="encrypt", arguments=given)
            continue
        given = {"KeyId": key, "Mac": b"x", **mac}
        yield Call(service="kms", operation="verify_mac", arguments=given)
        if not derives:
            given = {"KeyId": key, **mac}
            yield Call(service="kms", operation="generate_mac", arguments=given)


def _of_another(other: str, *, reads: bool) -> Iterator[Call]:
    """What belongs to another service, and looks as one's own does."""
    key = {"id": {"S": f"{other}#m-1"}}
    yield Call(
        service="dynamodb",
        operation="update_item",
        arguments={
            "TableName": f"{PREFIX}-ledger",
            "Key": key,
            "UpdateExpression": "SET attempt = :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        },
    )
    yield Call(
        service="logs",
        operation="create_log_stream",
        arguments={"logGroupName": f"/aws/lambda/{PREFIX}-{other}", "logStreamName": "x"},
    )
    if reads:
        circuit = {"service": {"S": other}, "record": {"S": "state"}}
        yield Call(
            service="dynamodb",
            operation="get_item",
            arguments={"TableName": f"{PREFIX}-circuit", "Key": circuit},
        )


_TRUST = '{"Version": "2012-10-17", "Statement": []}'
_QUEUE = f"{PREFIX}-unrouted.fifo"
_TOPIC = f"arn:aws:sns:us-east-2:123456789012:{PREFIX}"
_URL = f"https://sqs.us-east-2.amazonaws.com/123456789012/{_QUEUE}"
_BEYOND_ALL: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "sqs": {
        "send_message": {
            "QueueUrl": _URL,
            "MessageBody": "x",
            "MessageGroupId": "x",
            "MessageDeduplicationId": "x",
        },
        "receive_message": {"QueueUrl": _URL},
        "purge_queue": {"QueueUrl": _URL},
        "delete_queue": {"QueueUrl": _URL},
        "list_queues": {},
    },
    "sns": {
        "publish": {
            "TopicArn": f"{_TOPIC}-transaction-processing.fifo",
            "Message": "x",
            "MessageGroupId": "x",
            "MessageDeduplicationId": "x",
        },
        "delete_topic": {"TopicArn": f"{_TOPIC}-subscription-control"},
        "list_topics": {},
    },
    "dynamodb": {
        "scan": {"TableName": f"{PREFIX}-ledger"},
        "delete_item": {
            "TableName": f"{PREFIX}-ledger",
            "Key": {"id": {"S": "payment-processing#m-1"}},
        },
        "delete_table": {"TableName": f"{PREFIX}-circuit"},
        "list_tables": {},
    },
    "lambda": {
        "delete_function": {"FunctionName": f"{PREFIX}-payment-processing"},
        "list_functions": {},
        "get_policy": {"FunctionName": f"{PREFIX}-subscription-manager"},
        "invoke": {"FunctionName": f"{PREFIX}-nobody", "Payload": b"{}"},
    },
    "secretsmanager": {
        "put_secret_value": {"SecretId": f"{PREFIX}-bank-api-key", "SecretString": "x"},
        "delete_secret": {"SecretId": f"{PREFIX}-bank-api-key"},
        "list_secrets": {},
    },
    "logs": {
        "delete_log_group": {"logGroupName": f"/aws/lambda/{PREFIX}-payment-processing"},
        "describe_log_groups": {},
    },
    "cloudwatch": {
        "delete_alarms": {"AlarmNames": [f"{PREFIX}-payment-processing-errors"]},
        "set_alarm_state": {
            "AlarmName": f"{PREFIX}-payment-processing-errors",
            "StateValue": "OK",
            "StateReason": "x",
        },
    },
    "scheduler": {
        "delete_schedule": {"Name": f"{PREFIX}-reconcile", "GroupName": PREFIX},
        "list_schedules": {},
    },
    "iam": {
        "put_role_policy": {
            "RoleName": f"{PREFIX}-payment-processing",
            "PolicyName": "more",
            "PolicyDocument": _TRUST,
        },
        "create_role": {"RoleName": "more", "AssumeRolePolicyDocument": _TRUST},
        "list_roles": {},
    },
    "ecr": {
        "delete_repository": {"repositoryName": f"{PREFIX}-payment-processing", "force": True},
        "describe_repositories": {},
    },
    "sts": {
        "assume_role": {
            "RoleArn": f"arn:aws:iam::123456789012:role/{PREFIX}-subscription-manager",
            "RoleSessionName": "more",
        },
    },
}
