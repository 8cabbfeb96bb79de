"""A function's own settings."""

from tests.policy.cases import Case
from tests.policy.sound.edits import both, given, gone, option, unknown
from tests.policy.sound.program import resources

CASES = (
    Case(
        "lambda-reserved-concurrency",
        (given("pay-function", reservedConcurrentExecutions=None),),
        (unknown("pay-function", "reservedConcurrentExecutions"),),
        base=(
            given("pay-function", reservedConcurrentExecutions=5),
            given("clock-function", reservedConcurrentExecutions=5),
        ),
    ),
    Case(
        "lambda-in-vpc",
        (
            given("pay-function", vpcConfig={"subnetIds": ["a"]}),
            given("pay-function", vpcConfig=None),
        ),
        (unknown("pay-function", "vpcConfig"),),
        base=(
            given("pay-function", vpcConfig={"subnetIds": ["a", "b"]}),
            given("clock-function", vpcConfig={"subnetIds": ["a", "b"]}),
        ),
    ),
    Case(
        "lambda-tracing",
        (
            given("pay-function", tracingConfig=None),
            given("pay-function", tracingConfig={"mode": "PassThrough"}),
        ),
        (unknown("pay-function", "tracingConfig"),),
    ),
    Case(
        "lambda-explicit-memory",
        (given("pay-function", memorySize=None), given("pay-function", memorySize=1)),
        (unknown("pay-function", "memorySize"),),
    ),
    Case(
        "lambda-explicit-timeout",
        (
            given("pay-function", timeout=None),
            given("pay-function", timeout=1),
            given("pay-function", timeout=1000),
        ),
        (unknown("pay-function", "timeout"),),
    ),
    Case(
        "lambda-json-logs",
        (
            given("pay-function", loggingConfig=None),
            given("pay-function", loggingConfig={"logFormat": "Text"}),
            given("pay-function", loggingConfig={"logFormat": "JSON"}),
        ),
        (unknown("pay-function", "loggingConfig"),),
    ),
    Case(
        "lambda-log-group",
        (
            gone("pay-logs"),
            given("pay-function", loggingConfig={"logGroup": "/other"}),
            given("pay-function", name=None, loggingConfig={}),
        ),
        (
            unknown("pay-function", "loggingConfig"),
            both(given("pay-function", loggingConfig={}), unknown("pay-function", "name")),
        ),
        (
            given("pay-function", loggingConfig={}),
            both(
                unknown("pay-function", "loggingConfig"),
                option("pay-function", edges={"loggingConfig": (resources()["pay-logs"].urn,)}),
            ),
            both(
                given("pay-function", name=None, loggingConfig={}),
                option("pay-logs", edges={"name": (resources()["pay-function"].urn,)}),
            ),
        ),
    ),
    Case("lambda-tagged", (given("pay-function", tags=None),), (unknown("pay-function", "tags"),)),
    Case(
        "lambda-description",
        (given("pay-function", description=None), given("pay-function", description="")),
        (unknown("pay-function", "description"),),
    ),
)
