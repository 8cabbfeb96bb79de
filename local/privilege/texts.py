"""Whatever a running system has written where others can read it, as text."""

import contextlib
import json
import ssl
import urllib.request
from collections.abc import Callable, Generator
from typing import Any

from local.access import Access
from local.project import PREFIX
from local.queues import Received, receive_all


def local_page(access: Access, path: str) -> bytes:
    """A page of the emulator's own."""
    emulator = access.emulator
    trust = ssl.create_default_context(cafile=str(emulator.ca_bundle))
    with urllib.request.urlopen(emulator.endpoint + path, context=trust) as answer:  # noqa: S310 - the emulator's own address
        return answer.read()


def written(access: Access) -> dict[str, str]:
    """What tables, queues, metrics, settings and logs hold, by its place."""
    outputs = access.outputs
    texts = {
        table: repr(access.dynamodb.scan(TableName=table)["Items"])
        for table in (outputs.ledger_table, outputs.circuit_table)
    }
    texts["queues"] = queued(access)
    status = access.functions.invoke(
        FunctionName=outputs.function_names["subscription-manager"],
        Payload=json.dumps({"action": "status"}).encode(),
    )
    texts["status"] = status["Payload"].read().decode()
    pages = access.metrics.get_paginator("list_metrics").paginate()
    texts["metrics"] = repr([metric for page in pages for metric in page["Metrics"]])
    texts["functions"] = repr(access.functions.list_functions()["Functions"])
    logs = access.emulator.session().client("logs")
    for service in outputs.function_names:
        found = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{PREFIX}-{service}"
        )
        texts[f"log of {service}"] = "\n".join(
            event.get("message", "") for page in found for event in page["events"]
        )
    return texts


def queued(access: Access) -> str:
    """Every message of every queue without its body: the emulator has a window on them."""
    accounts: dict[str, Any] = json.loads(local_page(access, "/_ministack/sqs/messages"))
    queues = [
        queue
        for regions in accounts["messages"].values()
        for region in regions.values()
        for queue in region.values()
    ]
    return repr(
        [
            {name: value for name, value in message.items() if name != "Body"}
            for messages in queues
            for message in messages
        ]
    )


@contextlib.contextmanager
def notifications(access: Access) -> Generator[Callable[[], list[Received]]]:
    """A queue on the topic for people, as a reader there would see it."""
    sqs, sns = access.sqs, access.sns
    topic = access.outputs.control_topic_arn.replace("subscription-control", "notifications")
    name = f"{PREFIX}-play-news"
    arn = topic.replace(":sns:", ":sqs:").rpartition(":")[0] + f":{name}"
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    url = sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
    subscription = sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True
    )["SubscriptionArn"]
    try:
        yield lambda: receive_all(sqs, url)
    finally:
        sns.unsubscribe(SubscriptionArn=subscription)
        sqs.delete_queue(QueueUrl=url)
