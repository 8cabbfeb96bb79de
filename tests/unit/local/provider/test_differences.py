import pytest

from local.provider.differences import difference
from local.provider.replacements import fixed_properties
from local.resources.table import KINDS

QUEUE = KINDS["aws:sqs/queue:Queue"]
MAPPING = KINDS["aws:lambda/eventSourceMapping:EventSourceMapping"]


@pytest.mark.parametrize(
    ("token", "properties"),
    [
        ("aws:sqs/queue:Queue", {"name", "fifoQueue"}),
        ("aws:sns/topic:Topic", {"name", "fifoTopic"}),
        ("aws:sns/topicSubscription:TopicSubscription", {"topic", "protocol", "endpoint"}),
        ("aws:lambda/function:Function", {"name", "packageType"}),
        ("aws:iam/role:Role", {"name", "path"}),
        ("aws:iam/rolePolicy:RolePolicy", {"name", "role"}),
        ("aws:dynamodb/table:Table", {"name", "hashKey", "rangeKey"}),
        ("aws:ecr/repository:Repository", {"name", "encryptionConfigurations"}),
        ("aws:kms/key:Key", {"keyUsage", "customerMasterKeySpec", "multiRegion"}),
        ("aws:kms/alias:Alias", {"name"}),
        ("aws:cloudwatch/logGroup:LogGroup", {"name", "logGroupClass"}),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"name"}),
        ("aws:scheduler/schedule:Schedule", {"name", "groupName"}),
        ("aws:secretsmanager/secret:Secret", {"name"}),
        ("aws:lambda/permission:Permission", {"function", "principal", "sourceArn", "action"}),
        ("aws:sqs/queuePolicy:QueuePolicy", {"queueUrl"}),
    ],
)
def test_aws_says_what_cannot_change(token: str, properties: set[str]) -> None:
    assert properties <= fixed_properties(KINDS[token])


@pytest.mark.parametrize(
    ("token", "changing"),
    [
        ("aws:lambda/function:Function", {"timeout", "imageUri", "environment", "architectures"}),
        ("aws:lambda/eventSourceMapping:EventSourceMapping", {"functionName", "batchSize"}),
        ("aws:sqs/queue:Queue", {"visibilityTimeoutSeconds", "redrivePolicy", "policy"}),
        ("aws:dynamodb/table:Table", {"globalSecondaryIndexes", "ttl", "billingMode"}),
        ("docker:index/image:Image", {"imageName", "build"}),
    ],
)
def test_what_aws_can_change_is_changed_in_place(token: str, changing: set[str]) -> None:
    assert not changing & fixed_properties(KINDS[token])


def test_a_changed_setting_is_an_update() -> None:
    found = difference(MAPPING, {"batchSize": 5}, {"batchSize": 10})
    assert (found.updated, found.replacing) == ({"batchSize"}, frozenset())


def test_another_name_is_another_queue() -> None:
    found = difference(QUEUE, {"name": "a"}, {"name": "b"})
    assert (found.replacing, found.delete_first) == ({"name"}, False)


def test_a_new_queue_under_the_old_name_comes_after_the_old_one_is_gone() -> None:
    old, new = {"name": "a", "fifoQueue": False}, {"name": "a", "fifoQueue": True}
    assert difference(QUEUE, old, new).delete_first


def test_other_white_space_in_a_document_is_no_change() -> None:
    old, new = {"policy": '{"Version": "2012-10-17"}'}, {"policy": '{"Version":"2012-10-17"}'}
    assert not difference(QUEUE, old, new).changed


def test_a_setting_added_and_one_removed_are_changes() -> None:
    found = difference(QUEUE, {"delaySeconds": 1}, {"policy": "{}"})
    assert (found.added, found.removed) == ({"policy"}, {"delaySeconds"})


def test_a_new_login_does_not_change_an_image() -> None:
    image = KINDS["docker:index/image:Image"]
    old, new = {"registry": {"password": "a"}}, {"registry": {"password": "b"}}
    assert not difference(image, old, new).changed


def test_every_schema_that_a_kind_names_exists() -> None:
    assert all(fixed_properties(kind) for kind in KINDS.values())
