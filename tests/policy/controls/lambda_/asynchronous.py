"""What was sent to a function without waiting for its answer is not lost."""

from dataclasses import replace

from policy import tokens
from policy.resource import Resource
from policy.values import UNKNOWN
from tests.policy.cases import Case
from tests.policy.sound.edits import added, both, given, gone, option, unknown
from tests.policy.sound.parts import Json, arn, resource
from tests.policy.sound.program import resources

PAY = arn("lambda", "function:shop-dev-pay")
LOST = arn("sqs", "shop-dev-lost")
FIFO = arn("sqs", "shop-dev-lost.fifo")
TO_FIFO: Json = {"onFailure": {"destination": FIFO}}


def notification(**inputs: Json) -> Resource:
    """A bucket that tells the function of its objects, by an edge."""
    made = resource(tokens.BUCKET_NOTIFICATION, "told", **inputs)
    return replace(made, edges={"lambdaFunctions": (resources()["pay-function"].urn,)})


CASES = (
    Case(
        "lambda-dead-letter-queue",
        (given("pay-function", deadLetterConfig=None),),
        (),
        (unknown("pay-function", "deadLetterConfig"),),
        base=(
            given("pay-function", deadLetterConfig={}),
            given("clock-function", deadLetterConfig={}),
        ),
    ),
    Case(
        "lambda-async-destination",
        (
            gone("clock-async"),
            given("clock-async", destinationConfig=None),
            given("clock-async", destinationConfig=TO_FIFO),
            both(
                gone("clock-async"), given("clock-function", deadLetterConfig={"targetArn": FIFO})
            ),
            added(notification(lambdaFunctions=[{"lambdaFunctionArn": PAY}])),
            added(notification(lambdaFunctions=[{"lambdaFunctionArn": UNKNOWN}])),
            added(resource(tokens.EVENT_TARGET, "rule", arn=PAY)),
        ),
        (unknown("clock-async", "functionName"),),
        (
            both(
                gone("clock-async"), given("clock-function", deadLetterConfig={"targetArn": LOST})
            ),
            option(
                "clock-async",
                inputs={**resources()["clock-async"].inputs, "destinationConfig": UNKNOWN},
            ),
        ),
    ),
    Case(
        "lambda-async-age",
        (
            given("clock-async", maximumEventAgeInSeconds=None),
            given("clock-async", maximumEventAgeInSeconds=20_000),
            given("clock-async", maximumEventAgeInSeconds=1),
            given("clock-async", maximumRetryAttempts=None),
            given("clock-async", maximumRetryAttempts=9),
        ),
        (
            unknown("clock-async", "maximumEventAgeInSeconds"),
            unknown("clock-async", "maximumRetryAttempts"),
        ),
    ),
    Case(
        "lambda-stream-destination",
        (given("mapping", eventSourceArn="arn:aws:kinesis:us-east-2:111122223333:stream/x"),),
        (),
        (
            given(
                "mapping",
                eventSourceArn="arn:aws:kinesis:us-east-2:111122223333:stream/x",
                destinationConfig={"onFailure": {}},
            ),
        ),
    ),
)
