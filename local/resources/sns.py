"""Topics, their policies and their subscriptions."""

from typing import TYPE_CHECKING

from local.resources.attributes import attributes, differences, live
from local.resources.kind import Kind, Properties, Request, absent_is_fine, changed
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients

GONE = ("NotFound", "NotFoundException")

PROTOCOLS = ("application", "firehose", "http", "lambda", "sqs")
CAPITALS = {"http": "HTTP", "lambda": "Lambda", "sqs": "SQS"}

TOPIC = {
    "archivePolicy": "ArchivePolicy",
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "fifoThroughputScope": "FifoThroughputScope",
    "fifoTopic": "FifoTopic",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
} | {
    f"{protocol}{what}": f"{CAPITALS.get(protocol, protocol.capitalize())}{what}"
    for protocol in PROTOCOLS
    for what in ("SuccessFeedbackRoleArn", "FailureFeedbackRoleArn", "SuccessFeedbackSampleRate")
}
TOPIC_DEFAULTS = {
    "contentBasedDeduplication": "false",
    "tracingConfig": "PassThrough",
    "signatureVersion": "1",
}

SUBSCRIPTION = {
    "deliveryPolicy": "DeliveryPolicy",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
    "replayPolicy": "ReplayPolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}
SUBSCRIPTION_DEFAULTS = {"rawMessageDelivery": "false", "filterPolicyScope": "MessageAttributes"}


class Topic(Kind):
    """A topic. CreateTopic answers with the existing one where the attributes are the same."""

    pulumi_type = "aws:sns/topic:Topic"
    schema = "AWS::SNS::Topic"
    schema_names = {"name": "TopicName"}
    computed = ("arn", "owner", "beginningArchiveTime")
    tagging = Tagging(service="sns")

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        unknown = self.own(inputs, "name", *TOPIC)
        return Request(
            service="sns",
            operation="CreateTopic",
            parameters={
                "Name": inputs["name"],
                "Attributes": attributes(inputs, TOPIC),
                **self.tags(inputs),
                **unknown,
            },
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        arn = aws.call("sns", "CreateTopic", **self.request(aws, inputs).parameters)["TopicArn"]
        return arn, self._outputs(aws, arn)

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(*GONE):
            found = aws.call("sns", "GetTopicAttributes", TopicArn=id_)["Attributes"]
            return {**live(state, found, TOPIC), **self._outputs(aws, id_)}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        for key, value in differences(old, new, TOPIC, TOPIC_DEFAULTS).items():
            aws.call(
                "sns", "SetTopicAttributes", TopicArn=id_, AttributeName=key, AttributeValue=value
            )

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(*GONE):
            aws.call("sns", "DeleteTopic", TopicArn=id_)

    def _outputs(self, aws: "Clients", arn: str) -> Properties:
        return {"arn": arn, "owner": aws.account, "beginningArchiveTime": ""}


class TopicPolicy(Kind):
    """Who may use a topic, set as a resource of its own."""

    pulumi_type = "aws:sns/topicPolicy:TopicPolicy"
    fixed = {"arn": "the topic that SetTopicAttributes sets it on"}
    computed = ("owner",)
    named = None

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        return Request(
            service="sns",
            operation="SetTopicAttributes",
            parameters={
                "TopicArn": inputs["arn"],
                "AttributeName": "Policy",
                "AttributeValue": inputs["policy"],
            },
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        aws.call("sns", "SetTopicAttributes", **self.request(aws, inputs).parameters)
        return inputs["arn"], {"owner": aws.account}

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(*GONE):
            found = aws.call("sns", "GetTopicAttributes", TopicArn=id_)["Attributes"]
            own = {"owner": aws.account}
            return {"policy": found["Policy"], **own} if found.get("Policy") else None
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        self.create(aws, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(*GONE):
            aws.call(
                "sns",
                "SetTopicAttributes",
                TopicArn=id_,
                AttributeName="Policy",
                AttributeValue=_owners_policy(id_, aws.account),
            )


class TopicSubscription(Kind):
    """A subscription of a queue, a function or an address to a topic."""

    pulumi_type = "aws:sns/topicSubscription:TopicSubscription"
    schema = "AWS::SNS::Subscription"
    schema_names = {"topic": "TopicArn"}
    computed = ("arn", "ownerId", "pendingConfirmation", "confirmationWasAuthenticated")
    named = None
    local = ("confirmationTimeoutInMinutes", "endpointAutoConfirms")

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        unknown = self.own(inputs, "topic", "protocol", "endpoint", *SUBSCRIPTION)
        return Request(
            service="sns",
            operation="Subscribe",
            parameters={
                "TopicArn": inputs["topic"],
                "Protocol": inputs["protocol"],
                "Endpoint": inputs["endpoint"],
                "Attributes": attributes(inputs, SUBSCRIPTION),
                "ReturnSubscriptionArn": True,
                **unknown,
            },
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        made = aws.call("sns", "Subscribe", **self.request(aws, inputs).parameters)
        return made["SubscriptionArn"], self._outputs(aws, made["SubscriptionArn"], inputs)

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(*GONE):
            found = aws.call("sns", "GetSubscriptionAttributes", SubscriptionArn=id_)
            properties = live(state, found["Attributes"], SUBSCRIPTION)
            return {**properties, **self._outputs(aws, id_, state)}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        for key in changed(old, new, *SUBSCRIPTION):
            change = differences(old, new, {key: SUBSCRIPTION[key]}, SUBSCRIPTION_DEFAULTS)
            aws.call(
                "sns",
                "SetSubscriptionAttributes",
                SubscriptionArn=id_,
                AttributeName=SUBSCRIPTION[key],
                AttributeValue=change[SUBSCRIPTION[key]],
            )

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(*GONE):
            aws.call("sns", "Unsubscribe", SubscriptionArn=id_)

    def _outputs(self, aws: "Clients", arn: str, inputs: Properties) -> Properties:
        return {
            "arn": arn,
            "ownerId": aws.account,
            "pendingConfirmation": inputs["protocol"] in ("email", "email-json", "http", "https"),
            "confirmationWasAuthenticated": True,
        }


def _owners_policy(topic: str, account: str) -> str:
    """What a topic has before any policy is set: the owner's account alone may use it.

    docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
    """
    return (
        '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},'
        f'"Action":["SNS:Publish","SNS:Subscribe"],"Resource":"{topic}",'
        f'"Condition":{{"StringEquals":{{"AWS:SourceOwner":"{account}"}}}}}}]}}'
    )


KINDS: tuple[Kind, ...] = (Topic(), TopicPolicy(), TopicSubscription())
