"""What AWS asks of a KMS key on the way of other calls, and what only services of AWS may do."""

import json
import uuid
from typing import Any

import pytest

from tests.emulated_account import Account, Statement, allow, eventually, refusal


class Keyed:
    """A key under an alias, with a policy that leaves it to roles and to the services named."""

    def __init__(self, account: Account, *services: str) -> None:
        self.kms: Any = account.emulator.session().client("kms")
        self.alias = f"alias/{account.name('key')}"
        to_roles = allow("kms:*") | {
            "Principal": {"AWS": f"arn:aws:iam::{account.emulator.account_id}:root"}
        }
        to_services = [
            allow(["kms:Decrypt", "kms:GenerateDataKey"]) | {"Principal": {"Service": service}}
            for service in services
        ]
        policy = {"Version": "2012-10-17", "Statement": [to_roles, *to_services]}
        key = self.kms.create_key(Policy=json.dumps(policy))["KeyMetadata"]
        self.kms.create_alias(AliasName=self.alias, TargetKeyId=key["KeyId"])

    def grant(self, account: Account, *actions: str, via: str, alias: str = "") -> Statement:
        """The use of the key through one service only."""
        return allow(
            list(actions),
            account.arn("kms", "key/*"),
            StringEquals={"kms:ViaService": f"{via}.{account.emulator.region}.amazonaws.com"},
            **{"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias or self.alias}},
        )


def send(client: Any, queue: str) -> str:  # noqa: ANN401 - a client of botocore
    return refusal(client.send_message, QueueUrl=queue, MessageBody="x")


@pytest.mark.parametrize(
    ("actions", "via", "alias", "code"),
    [
        (("kms:Decrypt", "kms:GenerateDataKey"), "sqs", "", ""),
        (("kms:Decrypt",), "sqs", "", "AccessDenied"),
        (("kms:GenerateDataKey",), "sqs", "", "AccessDenied"),
        (("kms:Decrypt", "kms:GenerateDataKey"), "sns", "", "AccessDenied"),
        (("kms:Decrypt", "kms:GenerateDataKey"), "sqs", "alias/another", "AccessDenied"),
    ],
)
def test_to_send_to_an_encrypted_queue_takes_the_key_through_sqs(
    account: Account, actions: tuple[str, ...], via: str, alias: str, code: str
) -> None:
    key = Keyed(account)
    queue = account.queue(fifo=False, KmsMasterKeyId=key.alias)
    role = account.role(
        allow("sqs:SendMessage", account.queue_arn(queue)),
        key.grant(account, *actions, via=via, alias=alias),
    )

    assert send(account.assume(role, "sqs"), queue) == code


def test_to_receive_takes_less_of_the_key_than_to_send(account: Account) -> None:
    key = Keyed(account)
    queue = account.queue(fifo=False, KmsMasterKeyId=key.alias)
    both = allow(["sqs:ReceiveMessage", "sqs:SendMessage"], account.queue_arn(queue))
    client = account.assume(account.role(both, key.grant(account, "kms:Decrypt", via="sqs")), "sqs")

    assert refusal(client.receive_message, QueueUrl=queue) == ""
    assert send(client, queue) == "AccessDenied"


def test_a_role_cannot_use_the_key_of_a_service_by_itself(account: Account) -> None:
    key = Keyed(account)
    client = account.assume(
        account.role(key.grant(account, "kms:GenerateDataKey", via="sqs")), "kms"
    )
    arguments = {"KeyId": key.alias, "KeySpec": "AES_256"}

    assert refusal(client.generate_data_key, **arguments) == "AccessDeniedException"


@pytest.mark.parametrize("services", [("sns.amazonaws.com",), ()])
def test_a_topic_delivers_to_an_encrypted_queue_only_if_the_key_says_so(
    account: Account, services: tuple[str, ...]
) -> None:
    key = Keyed(account, *services)
    topic = account.topic(fifo=False)
    queue = account.queue(fifo=False, open_to=topic, KmsMasterKeyId=key.alias)
    lost = account.queue(fifo=False, open_to=topic)
    dead_letters = json.dumps({"deadLetterTargetArn": account.queue_arn(lost)})
    account.subscribe(topic, account.queue_arn(queue), RedrivePolicy=dead_letters)

    account.publish(topic, "x")

    reached = queue if services else lost
    assert eventually(lambda: account.receive(reached))


def heard_on(account: Account, topic: str) -> str:
    """A queue for what alarms say on a topic."""
    statement = allow("sns:Publish", topic) | {"Principal": {"Service": "cloudwatch.amazonaws.com"}}
    account.sns.set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    queue = account.queue(fifo=False, open_to=topic)
    account.subscribe(topic, account.queue_arn(queue))
    return queue


@pytest.mark.parametrize("services", [("cloudwatch.amazonaws.com", "sns.amazonaws.com"), ()])
def test_an_alarm_is_heard_on_an_encrypted_topic_only_if_the_key_says_so(
    account: Account, services: tuple[str, ...]
) -> None:
    key = Keyed(account, *services)
    encrypted, plain = (
        account.topic(fifo=False, KmsMasterKeyId=key.alias),
        account.topic(fifo=False),
    )
    queue, witness = (heard_on(account, topic) for topic in (encrypted, plain))
    alarm = account.name("alarm")
    account.metrics.put_metric_alarm(
        AlarmName=alarm,
        Namespace="Test",
        MetricName=uuid.uuid4().hex,
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[encrypted, plain],
    )

    account.metrics.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="x")

    assert eventually(lambda: account.receive(witness))
    assert bool(account.receive(queue)) is bool(services)


def test_a_deny_for_all_but_one_role_holds_against_other_roles_and_spares_services(
    account: Account,
) -> None:
    topic = account.topic(fifo=False)
    queue = account.queue(fifo=False)
    arn = account.queue_arn(queue)
    own = account.role(allow("sqs:SendMessage", arn))
    other = account.role(allow("sqs:SendMessage", arn))
    policy = [
        allow("sqs:SendMessage", arn, ArnEquals={"aws:SourceArn": topic})
        | {"Principal": {"Service": "sns.amazonaws.com"}},
        allow(
            "sqs:SendMessage",
            arn,
            ArnNotEquals={"aws:PrincipalArn": [own]},
            Bool={"aws:PrincipalIsAWSService": "false"},
        )
        | {"Effect": "Deny", "Principal": "*"},
    ]
    account.sqs.set_queue_attributes(
        QueueUrl=queue,
        Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": policy})},
    )
    account.subscribe(topic, arn)

    assert send(account.assume(own, "sqs"), queue) == ""
    assert send(account.assume(other, "sqs"), queue) == "AccessDenied"
    account.publish(topic, "x")
    assert eventually(lambda: len(account.receive(queue)) > 1 or account.depth(queue)[1] > 1)


def test_a_condition_that_nobody_here_knows_lets_nothing_pass(account: Account) -> None:
    queue = account.queue(fifo=False)
    unknown = allow(
        "sqs:SendMessage",
        account.queue_arn(queue),
        StringNotEquals={"aws:SourceVpc": "vpc-1"},
    )

    assert send(account.assume(account.role(unknown), "sqs"), queue) == "AccessDenied"


def test_alarms_are_read_by_name_where_only_that_name_is_granted(account: Account) -> None:
    mine, other = account.name("alarm"), account.name("alarm")
    grant = allow("cloudwatch:DescribeAlarms", account.arn("cloudwatch", f"alarm:{mine}"))
    client = account.assume(account.role(grant), "cloudwatch")

    assert refusal(client.describe_alarms, AlarmNames=[mine]) == ""
    assert refusal(client.describe_alarms, AlarmNames=[other]) == "AccessDeniedException"
    assert refusal(client.describe_alarms) == "AccessDeniedException"


@pytest.mark.parametrize("granted", ["", "alias/another"])
def test_a_key_that_is_called_by_its_alias_is_judged_as_the_key_that_has_it(
    account: Account, granted: str
) -> None:
    keys: Any = account.emulator.session().client("kms")
    alias = f"alias/{account.name('macs')}"
    key = keys.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]
    keys.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    grant = allow(
        "kms:GenerateMac",
        account.arn("kms", "key/*"),
        **{"ForAnyValue:StringEquals": {"kms:ResourceAliases": granted or alias}},
    )
    client = account.assume(account.role(grant), "kms")
    arguments = {"KeyId": alias, "Message": b"text", "MacAlgorithm": "HMAC_SHA_256"}

    code = refusal(client.generate_mac, **arguments)

    assert code == ("AccessDeniedException" if granted else "")


def test_one_text_has_one_mac_as_long_as_the_key_lives(account: Account) -> None:
    keys: Any = account.emulator.session().client("kms")
    made = [
        keys.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
        for _ in range(2)
    ]

    macs = [
        keys.generate_mac(KeyId=key, Message=b"text", MacAlgorithm="HMAC_SHA_256")["Mac"]
        for key in (made[0], made[0], made[1])
    ]

    assert macs[0] == macs[1] != macs[2]
