"""Announcements as SNS takes them."""

from typing import Any

from handlers.subscription_manager.notices import StatusNotice
from handlers.subscription_manager.sns_notifications import SnsNotifications


def test_a_long_subject_is_cut_to_what_sns_takes(stubbed: dict[str, Any]) -> None:
    client, stub = stubbed["sns"]
    topic = "arn:aws:sns:us-east-2:123456789012:notifications"
    told = '{"kind":"status","services":[]}'
    stub.add_response("publish", {}, {"TopicArn": topic, "Subject": "x" * 100, "Message": told})

    SnsNotifications(client, topic).publish("x" * 200, StatusNotice(services=()))
