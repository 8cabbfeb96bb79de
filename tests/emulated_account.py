"""What tests make in the emulated account, under names of their own, so that they can share it."""

import contextlib
import json
import time
import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from local.emulator import Emulator

T = TypeVar("T")
Statement = dict[str, Any]
Client = Any  # plain dictionaries go in and out of tests' calls
Argument = Any  # of a call, handed on as it came

POLLING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
LOGGING = ("logs:CreateLogStream", "logs:PutLogEvents")


def allow(
    actions: str | Sequence[str], resources: str | Sequence[str] = "*", **conditions: Argument
) -> Statement:
    named = [actions] if isinstance(actions, str) else list(actions)
    statement: Statement = {"Effect": "Allow", "Action": named, "Resource": resources}
    return statement | ({"Condition": conditions} if conditions else {})


def eventually(look: Callable[[], T | None], *, seconds: float = 20.0) -> T:
    """What `look` gives as soon as it gives something, looked for again and again."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"waited {seconds} s in vain"
        time.sleep(0.02)
    return found


def refusal(call: Callable[..., Any], **arguments: Argument) -> str:
    """The code of the error that a call is refused with, or nothing."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response.get("Error", {}).get("Code", "")
    return ""


@contextlib.contextmanager
def throttled(client: Client, operation: str, code: str) -> Generator[list[str]]:
    """Every call of an operation is refused with this code; gives the refusals as they come."""
    refused: list[str] = []

    def refuse(**_: Argument) -> tuple[Any, dict[str, Any]]:
        refused.append(operation)
        answer = {"Error": {"Code": code, "Message": "slow down"}, "ResponseMetadata": {}}
        return SimpleNamespace(status_code=400), answer

    service = client.meta.service_model.service_id.hyphenize()
    event = f"before-call.{service}.{operation}"
    client.meta.events.register(event, refuse)
    try:
        yield refused
    finally:
        client.meta.events.unregister(event, refuse)


class Account:
    """Root's clients and what tests make with them."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._functions: list[str] = []
        self._mappings: list[str] = []
        session = emulator.session()
        self.sqs: Client = session.client("sqs")
        self.sns: Client = session.client("sns")
        self.iam: Client = session.client("iam")
        self.sts: Client = session.client("sts")
        self.functions: Client = session.client("lambda")
        self.tables: Client = session.client("dynamodb")
        self.logs: Client = session.client("logs")
        self.metrics: Client = session.client("cloudwatch")
        self.schedules: Client = session.client("scheduler")

    @staticmethod
    def name(prefix: str) -> str:
        return f"{prefix}-{uuid.uuid4().hex[:10]}"

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.emulator.region}:{self.emulator.account_id}:{resource}"

    # Queues

    def queue(self, *, fifo: bool = True, open_to: str | None = None, **attributes: str) -> str:
        """A queue's URL. `open_to` is the ARN of a topic that may send to it."""
        name = self.name("queue") + (".fifo" if fifo else "")
        given = {"VisibilityTimeout": "30"} | attributes | ({"FifoQueue": "true"} if fifo else {})
        url = self.sqs.create_queue(QueueName=name, Attributes=given)["QueueUrl"]
        if open_to:
            self.open(url, open_to)
        return url

    def open(self, queue: str, topic: str) -> None:
        statement = allow("sqs:SendMessage", self.queue_arn(queue)) | {
            "Principal": {"Service": "sns.amazonaws.com"},
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})

    def queue_arn(self, url: str) -> str:
        return self.arn("sqs", url.rsplit("/", 1)[-1])

    def send(self, queue: str, *bodies: str, group: str = "group") -> None:
        for body in bodies:
            self.sqs.send_message(
                QueueUrl=queue,
                MessageBody=body,
                MessageGroupId=group,
                MessageDeduplicationId=uuid.uuid4().hex,
            )

    def receive(self, queue: str, most: int = 10, wait: int = 0) -> list[Any]:
        answer = self.sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=most,
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return list(answer.get("Messages", []))

    def bodies(self, queue: str, most: int = 10, wait: int = 0) -> list[str]:
        return [message["Body"] for message in self.receive(queue, most, wait)]

    def depth(self, queue: str) -> tuple[int, int]:
        """Visible and hidden messages."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
        return int(found[names[0]]), int(found[names[1]])

    # Topics

    def topic(self, *, fifo: bool = True, **attributes: str) -> str:
        name = self.name("topic") + (".fifo" if fifo else "")
        given = attributes | ({"FifoTopic": "true"} if fifo else {})
        return self.sns.create_topic(Name=name, Attributes=given)["TopicArn"]

    def subscribe(self, topic: str, endpoint: str, **attributes: str) -> str:
        protocol = endpoint.split(":")[2]
        return self.sns.subscribe(
            TopicArn=topic,
            Protocol=protocol,
            Endpoint=endpoint,
            Attributes=attributes,
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]

    def publish(self, topic: str, message: str, **attributes: str) -> None:
        fifo: Any = (
            {"MessageGroupId": "group", "MessageDeduplicationId": uuid.uuid4().hex}
            if topic.endswith(".fifo")
            else {}
        )
        self.sns.publish(
            TopicArn=topic,
            Message=message,
            MessageAttributes={
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes.items()
            },
            **fifo,
        )

    # Roles and functions

    def role(self, *statements: Statement, service: str = "lambda.amazonaws.com") -> str:
        name = self.name("role")
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        arn = self.iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )["Role"]["Arn"]
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            self.iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=document)
        return arn

    def assume(self, role: str, service: str) -> Client:
        """A client under a role."""
        given = self.sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        core = self.emulator.anonymous_session()
        core.set_credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        return core.create_client(service)

    def function(
        self,
        handler: str = "",
        *,
        role: str | None = None,
        timeout: int = 5,
        environment: Mapping[str, str] | None = None,
        logged: bool = False,
    ) -> str:
        """A function's name. Its handler is `module.attribute` among the tests' handlers."""
        name = self.name("function")
        if logged:
            self.logs.create_log_group(logGroupName=f"/aws/lambda/{name}")
        self.functions.create_function(
            FunctionName=name,
            PackageType="Image",
            Code={"ImageUri": f"{self.emulator.account_id}.dkr.ecr.us-east-2.amazonaws.com/i:1"},
            Role=role or self.role(allow([*POLLING, *LOGGING])),
            Timeout=timeout,
            Environment={"Variables": {"HANDLER": handler, **(environment or {})}},
        )
        self._functions.append(name)
        return name

    def invoke(self, function: str, event: object = None) -> tuple[Any, str | None]:
        """What the function answered, and `X-Amz-Function-Error`."""
        answer = self.functions.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        return json.loads(answer["Payload"].read()), answer.get("FunctionError")

    def map(self, queue: str, function: str, **settings: Argument) -> str:
        """An event source mapping's id."""
        mapping = self.functions.create_event_source_mapping(
            EventSourceArn=self.queue_arn(queue), FunctionName=function, **settings
        )["UUID"]
        self._mappings.append(mapping)
        return mapping

    def state(self, mapping: str) -> str:
        return self.functions.get_event_source_mapping(UUID=mapping)["State"]

    def clean(self) -> None:
        """Delete what would go on working after its test."""
        for mapping in self._mappings:
            with contextlib.suppress(self.functions.exceptions.ResourceNotFoundException):
                self.settle(mapping)
                self.functions.delete_event_source_mapping(UUID=mapping)
        for function in self._functions:
            self.functions.delete_function(FunctionName=function)
        self._mappings.clear()
        self._functions.clear()

    def settle(self, mapping: str) -> None:
        """Wait until a mapping takes changes again."""
        eventually(lambda: self.state(mapping) in {"Enabled", "Disabled"})
