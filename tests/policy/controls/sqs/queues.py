"""A queue's own settings."""

from policy.values import UNKNOWN
from tests.policy.cases import Case
from tests.policy.sound.edits import given, option, unknown
from tests.policy.sound.program import resources

CASES = (
    Case(
        "sqs-fifo-settings",
        (
            given("pay", fifoQueue=None),
            given("pay", name="shop-dev-pay"),
            given("lost", deduplicationScope="queue"),
            given("pay", deduplicationScope="queue"),
        ),
        (unknown("pay", "name"), unknown("pay", "deduplicationScope")),
    ),
    Case(
        "sqs-high-throughput",
        (given("pay", fifoThroughputLimit="perQueue"),),
        (unknown("pay", "fifoThroughputLimit"),),
    ),
    Case(
        "sqs-encrypted",
        (given("pay", kmsMasterKeyId=None), given("pay", kmsMasterKeyId="")),
        (option("pay", inputs={"sqsManagedSseEnabled": UNKNOWN}),),
        (
            given("pay", kmsMasterKeyId=None, sqsManagedSseEnabled=True),
            unknown("pay", "kmsMasterKeyId"),
        ),
    ),
    Case(
        "sqs-customer-key",
        (given("pay", kmsMasterKeyId="alias/aws/sqs"), given("pay", kmsMasterKeyId=None)),
        (unknown("pay", "kmsMasterKeyId"),),
        (
            option(
                "pay",
                inputs={**resources()["pay"].inputs, "kmsMasterKeyId": UNKNOWN},
                edges={"kmsMasterKeyId": (resources()["key"].urn,)},
            ),
        ),
    ),
    Case(
        "sqs-tagged",
        (given("pay", tags=None), given("pay", tags={"Other": "x"})),
        (unknown("pay", "tags"),),
        (
            given("pay", tags={"Project": "x", "More": "y"}),
            option("pay", inputs={"tags": {}}, default_tags={"Project": "x"}),
        ),
        parameters={"tags": ["Project"]},
    ),
    Case(
        "sqs-visibility-timeout",
        (
            given("pay", visibilityTimeoutSeconds=30),
            given("pay", visibilityTimeoutSeconds=None),
            given("pay-function", timeout=60),
            given("pay", visibilityTimeoutSeconds=50_000),
        ),
        (
            unknown("pay", "visibilityTimeoutSeconds"),
            unknown("pay-function", "timeout"),
            unknown("mapping", "eventSourceArn"),
        ),
        (given("pay-function", timeout=None),),
    ),
    Case(
        "sqs-retention",
        (
            given("pay", messageRetentionSeconds=None),
            given("pay", messageRetentionSeconds=9_999_999),
        ),
        (unknown("pay", "messageRetentionSeconds"),),
        parameters={"days": 14},
    ),
    Case(
        "sqs-mapping-batch",
        (
            given("mapping", batchSize=100),
            given("mapping", maximumBatchingWindowInSeconds=5),
            given("mapping", startingPosition="LATEST"),
            given("mapping", batchSize=0),
        ),
        (unknown("mapping", "batchSize"), unknown("mapping", "eventSourceArn")),
    ),
)
