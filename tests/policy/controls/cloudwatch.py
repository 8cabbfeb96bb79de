"""Logs and alarms."""

from policy import tokens
from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, lets
from tests.policy.sound.edits import added, both, given, gone, option, unknown
from tests.policy.sound.parts import Json, arn, document, resource, tls
from tests.policy.sound.program import resources

TOPIC = arn("sns", "shop-dev-alerts")
QUERIES = [
    {"id": "rate", "expression": "errors / calls", "returnData": True},
    {
        "id": "errors",
        "metric": {
            "namespace": "AWS/Lambda",
            "metricName": "Errors",
            "dimensions": {"FunctionName": "shop-dev-pay"},
            "period": 60,
            "stat": "Sum",
        },
    },
    {
        "id": "calls",
        "metric": {
            "namespace": "AWS/Lambda",
            "metricName": "Invocations",
            "dimensions": {"FunctionName": "shop-dev-pay"},
            "period": 60,
            "stat": "Sum",
        },
    },
]
EXTENDED = ("p99.9", "p100", "tm99", "IQM", "TM(2%:98%)", "PR(:300)")


def counted(**changed: Json) -> list[dict[str, Json]]:
    """The queries, with their first metric counted in another way."""
    errors = {**QUERIES[1], "metric": {**QUERIES[1]["metric"], **changed}}  # type: ignore[dict-item]
    return [QUERIES[0], errors, QUERIES[2]]  # type: ignore[list-item]


def computed(expression: str) -> list[dict[str, Json]]:
    """The queries, with another expression."""
    return [{**QUERIES[0], "expression": expression}, *QUERIES[1:]]  # type: ignore[list-item]


MATH = {
    "metricName": None,
    "namespace": None,
    "statistic": None,
    "dimensions": None,
    "period": None,
}

BAND = [
    {"id": "rate", "expression": "ANOMALY_DETECTION_BAND(errors, 2)", "returnData": True},
    {**QUERIES[1], "returnData": True},
]

CASES = (
    Case(
        "logs-retention",
        (
            given("pay-logs", retentionInDays=None),
            given("pay-logs", retentionInDays=0),
            given("pay-logs", retentionInDays=31),
            given("pay-logs", retentionInDays=7),
        ),
        (unknown("pay-logs", "retentionInDays"),),
        parameters={"days": 14},
    ),
    Case(
        "logs-retention-year",
        (given("pay-logs", retentionInDays=30),),
        (unknown("pay-logs", "retentionInDays"),),
        base=(given("pay-logs", retentionInDays=400), given("clock-logs", retentionInDays=400)),
    ),
    Case(
        "logs-customer-key", (given("pay-logs", kmsKeyId=None),), (unknown("pay-logs", "kmsKeyId"),)
    ),
    Case(
        "cloudwatch-alarm-action",
        (
            given("age", alarmActions=None),
            given("age", alarmActions=[]),
            given("age", actionsEnabled=False),
        ),
        (unknown("age", "alarmActions"),),
        (
            both(
                given("age", alarmActions=None),
                added(
                    resource(
                        tokens.COMPOSITE_ALARM,
                        "all",
                        alarmRule='ALARM("shop-dev-age")',
                        alarmActions=[TOPIC],
                    )
                ),
            ),
        ),
    ),
    Case(
        "cloudwatch-alarm-metric",
        (
            given("age", metricName="Aeg"),
            given("age", dimensions={"QueueName": "nowhere"}),
            given("age", dimensions=None),
            given("age", namespace="Own/Other"),
        ),
        (
            unknown("age", "metricName"),
            unknown("age", "dimensions"),
            given("age", dimensions={"QueueName": UNKNOWN}),
        ),
        (
            given("pay-errors", metricName="IteratorAge"),
            given("pay-errors", metricName="ConcurrencyThrottles"),
            given("age", metricName="ApproximateAgeOfOldestMessageInQuietGroups"),
            given("age", namespace="Own", dimensions=None),
            given("age", namespace="AWS/EC2"),
            both(
                given("age", dimensions={"QueueName": UNKNOWN}),
                option("age", edges={"dimensions": (resources()["pay"].urn,)}),
            ),
        ),
        parameters={"namespaces": ["Own"]},
    ),
    Case(
        "cloudwatch-alarm-sensible",
        (
            given("age", comparisonOperator="Above"),
            given("age", comparisonOperator="LessThanThreshold"),
            given("age", threshold=None),
            given("age", period=61),
            given("age", period=172_800),
            given("age", evaluationPeriods=0),
            given("age", treatMissingData=None),
            given("age", statistic=None),
        ),
        (unknown("age", "threshold"), unknown("age", "treatMissingData")),
    ),
    Case(
        "cloudwatch-alarm-math",
        (
            given("age", metricQueries=QUERIES[:1]),
            given("age", metricQueries=QUERIES[1:]),
            given(
                "age",
                metricQueries=[QUERIES[0], QUERIES[1], {**QUERIES[2], "metric": {"stat": "Sum"}}],
            ),
            *(
                given("age", metricQueries=counted(stat=stat))
                for stat in ("TM99", "tm(2%:98%)", "q9")
            ),
            given("age", metricQueries=counted(period=15)),
            given("age", **MATH, metricQueries=computed("errors / total")),
            given("age", **MATH, metricQueries=BAND),
            given("age", statistic="Mean"),
            given("age", metricName=None),
        ),
        (unknown("age", "metricQueries"),),
        (
            given("age", **MATH, metricQueries=QUERIES),
            *(given("age", **MATH, metricQueries=counted(stat=stat)) for stat in EXTENDED),
            given("age", **MATH, metricQueries=counted(period=10)),
            given("age", **MATH, metricQueries=computed('SUM(METRICS("err"))')),
            given("age", **MATH, metricQueries=computed("SELECT SUM(Errors) FROM shop")),
            given("age", **MATH, metricQueries=BAND, thresholdMetricId="rate"),
        ),
    ),
    Case(
        "cloudwatch-alarm-topic",
        (
            gone("alerts-policy"),
            given("alerts", kmsMasterKeyId="alias/aws/sns"),
            allows("alerts-policy", tls("sns", TOPIC)),
            given("key", policy=document(lets({"Service": "sns.amazonaws.com"}, "kms:Decrypt"))),
        ),
        (
            unknown("alerts-policy", "policy"),
            unknown("key", "policy"),
            unknown("alerts", "kmsMasterKeyId"),
        ),
    ),
    Case(
        "cloudwatch-function-errors",
        (gone("pay-errors"), given("pay-errors", alarmActions=[])),
        (unknown("pay-errors", "alarmActions"), unknown("pay-function", "name")),
        (given("pay-errors", **MATH, metricQueries=QUERIES),),
    ),
)
