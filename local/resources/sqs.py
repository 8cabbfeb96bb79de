"""Queues and the policies that are set on them apart."""

from typing import TYPE_CHECKING, ClassVar

from local.resources.attributes import attributes, differences, live
from local.resources.kind import Kind, Properties, Request, absent_is_fine
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients

GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")

NAMES = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deduplicationScope": "DeduplicationScope",
    "delaySeconds": "DelaySeconds",
    "fifoQueue": "FifoQueue",
    "fifoThroughputLimit": "FifoThroughputLimit",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "policy": "Policy",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "redrivePolicy": "RedrivePolicy",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}

# docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
DEFAULTS = {
    "contentBasedDeduplication": "false",
    "delaySeconds": "0",
    "kmsDataKeyReusePeriodSeconds": "300",
    "maxMessageSize": "1048576",
    "messageRetentionSeconds": "345600",
    "receiveWaitTimeSeconds": "0",
    "visibilityTimeoutSeconds": "30",
}


class Queue(Kind):
    """A queue. CreateQueue answers with the existing one where name and attributes are the same."""

    pulumi_type = "aws:sqs/queue:Queue"
    schema = "AWS::SQS::Queue"
    schema_names = {"name": "QueueName"}
    computed = ("arn", "url")
    tagging = Tagging(
        service="sqs",
        created_by="tags",
        style="map",
        target="QueueUrl",
        tag="TagQueue",
        untag="UntagQueue",
    )

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        unknown = self.own(inputs, "name", *NAMES)
        return Request(
            service="sqs",
            operation="CreateQueue",
            parameters={
                "QueueName": inputs["name"],
                "Attributes": attributes(inputs, NAMES),
                **self.tags(inputs),
                **unknown,
            },
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        url = aws.call("sqs", "CreateQueue", **self.request(aws, inputs).parameters)["QueueUrl"]
        return url, self._outputs(aws, url)

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(*GONE):
            found = aws.call("sqs", "GetQueueAttributes", QueueUrl=id_, AttributeNames=["All"])
            return {**live(state, found["Attributes"], NAMES), **self._outputs(aws, id_)}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        changes = differences(old, new, NAMES, DEFAULTS)
        if changes:
            aws.call("sqs", "SetQueueAttributes", QueueUrl=id_, Attributes=changes)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(*GONE):
            aws.call("sqs", "DeleteQueue", QueueUrl=id_)

    def tag_target(self, id_: str, state: Properties) -> str:
        del state
        return id_

    def _outputs(self, aws: "Clients", url: str) -> Properties:
        name = url.rpartition("/")[2]
        return {"arn": f"arn:aws:sqs:{aws.region}:{aws.account}:{name}", "url": url}


class QueueAttribute(Kind):
    """One attribute of a queue, set as a resource of its own."""

    named = None
    fixed = {"queueUrl": "the queue that SetQueueAttributes sets it on"}
    attribute: ClassVar[str]

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        value = {NAMES[self.attribute]: inputs[self.attribute]}
        return Request(
            service="sqs",
            operation="SetQueueAttributes",
            parameters={"QueueUrl": inputs["queueUrl"], "Attributes": value},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        aws.call("sqs", "SetQueueAttributes", **self.request(aws, inputs).parameters)
        return inputs["queueUrl"], {}

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        wanted = NAMES[self.attribute]
        with absent_is_fine(*GONE):
            found = aws.call("sqs", "GetQueueAttributes", QueueUrl=id_, AttributeNames=[wanted])
            value = found.get("Attributes", {}).get(wanted)
            return {self.attribute: value} if value else None
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        self.create(aws, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        nothing = {NAMES[self.attribute]: ""}
        with absent_is_fine(*GONE):
            aws.call("sqs", "SetQueueAttributes", QueueUrl=id_, Attributes=nothing)


class QueuePolicy(QueueAttribute):
    """Who may use a queue."""

    pulumi_type = "aws:sqs/queuePolicy:QueuePolicy"
    attribute = "policy"


class RedrivePolicy(QueueAttribute):
    """Where a queue's dead letters go."""

    pulumi_type = "aws:sqs/redrivePolicy:RedrivePolicy"
    attribute = "redrivePolicy"


class RedriveAllowPolicy(QueueAttribute):
    """Which queues may send their dead letters to a queue."""

    pulumi_type = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
    attribute = "redriveAllowPolicy"


KINDS: tuple[Kind, ...] = (Queue(), QueuePolicy(), RedrivePolicy(), RedriveAllowPolicy())
