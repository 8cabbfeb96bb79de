"""Queues, a topic, and what leads from one to the other."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from tests.integration.local.resources.project.documents import Place, document


@dataclass(frozen=True, kw_only=True)
class Queues:
    """The queue that is worked off, its dead letters', and one for what no function took."""

    queue: aws.sqs.Queue
    dead: aws.sqs.Queue
    plain_dead: aws.sqs.Queue


def make_queues(place: Place, parent: pulumi.Resource, alias: aws.kms.Alias) -> Queues:
    child = pulumi.ResourceOptions(parent=parent)
    dead = aws.sqs.Queue("dead", name="dead.fifo", fifo_queue=True, opts=child)
    queue = aws.sqs.Queue(
        "queue",
        name="queue.fifo",
        fifo_queue=True,
        visibility_timeout_seconds=60,
        kms_master_key_id="alias/everything",
        redrive_policy=json.dumps(
            {"deadLetterTargetArn": place.arn("sqs", "dead.fifo"), "maxReceiveCount": 10}
        ),
        tags={"Role": "work"},
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[dead, alias]),
    )
    aws.sqs.QueuePolicy(
        "queue-policy",
        queue_url=queue.url,
        policy=document("sqs:SendMessage", place.arn("sqs", "queue.fifo"), "sns.amazonaws.com"),
    )
    plain = aws.sqs.Queue("plain", name="plain", message_retention_seconds=600)
    plain_dead = aws.sqs.Queue("plain-dead", name="plain-dead")
    aws.sqs.RedrivePolicy(
        "redrive",
        queue_url=plain.url,
        redrive_policy=plain_dead.arn.apply(
            lambda target: json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": 5})
        ),
    )
    aws.sqs.RedriveAllowPolicy(
        "redrive-allow",
        queue_url=plain_dead.url,
        redrive_allow_policy=plain.arn.apply(
            lambda source: json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [source]})
        ),
    )
    return Queues(queue=queue, dead=dead, plain_dead=plain_dead)


def make_topic(place: Place, alias: aws.kms.Alias, queue: aws.sqs.Queue) -> aws.sns.Topic:
    topic = aws.sns.Topic(
        "topic",
        name="topic.fifo",
        fifo_topic=True,
        content_based_deduplication=True,
        kms_master_key_id="alias/everything",
        opts=pulumi.ResourceOptions(depends_on=[alias]),
    )
    aws.sns.TopicPolicy(
        "topic-policy",
        arn=topic.arn,
        policy=document("sns:Publish", place.arn("sns", "topic.fifo"), "cloudwatch.amazonaws.com"),
    )
    aws.sns.TopicSubscription(
        "subscription",
        topic=topic.arn,
        protocol="sqs",
        endpoint=queue.arn,
        raw_message_delivery=True,
        filter_policy=json.dumps({"kind": ["payment"]}),
        redrive_policy=json.dumps({"deadLetterTargetArn": place.arn("sqs", "dead.fifo")}),
    )
    return topic
