from dataclasses import replace

import pytest

from policy import tokens
from policy.resource import Resource
from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, may, rows
from tests.policy.sound import (
    ACCOUNT,
    Edit,
    Json,
    added,
    arn,
    both,
    document,
    given,
    gone,
    option,
    resource,
    resources,
    trust,
    unknown,
)

GATEWAY = "apigateway.amazonaws.com"
PERMISSION = resources()["permission"].inputs
URL = resource(tokens.FUNCTION_URL, "url", functionName="shop-dev-pay", authorizationType="AWS_IAM")
ZIP = {"packageType": None, "imageUri": None, "filename": "x.zip"}


PAY = arn("lambda", "function:shop-dev-pay")


def notification(**inputs: Json) -> Resource:
    """A bucket that tells the function of its objects, by an edge."""
    made = resource(tokens.BUCKET_NOTIFICATION, "told", **inputs)
    return replace(made, edges={"lambdaFunctions": (resources()["pay-function"].urn,)})


def variables(**found: Json) -> Edit:
    return given("pay-function", environment={"variables": found})


# A managed policy of another program: nobody here knows what is in it.
ELSEWHERE = given("pay-role", managedPolicyArns=["arn:aws:iam::111122223333:policy/theirs"])

CASES = (
    Case(
        "lambda-supported-runtime",
        (given("pay-function", **ZIP), given("pay-function", **ZIP, runtime="python3.8")),
        (option("pay-function", inputs={"filename": "x", "runtime": UNKNOWN}),),
        (given("pay-function", **ZIP, runtime="python3.14"),),
    ),
    Case(
        "lambda-not-public",
        (
            given("permission", principal="*", sourceArn=None),
            given("permission", principal="*", sourceArn="arn:aws:sns:*:*:*"),
            given("permission", principal="*", sourceArn="*"),
        ),
        (unknown("permission", "principal"),),
        (given("permission", principal="*"),),
    ),
    Case(
        "lambda-permission-source",
        (
            given("permission", sourceArn=None),
            given("permission", sourceArn="arn:aws:sns:*:*:*"),
            given("permission", sourceArn=arn("sns", "shop-dev-alert?")),
            given("permission", sourceAccount="999999999999"),
            given("permission", principal="s3.amazonaws.com", sourceArn="arn:aws:s3:::bucket"),
            given("permission", principal=GATEWAY, sourceArn=arn("execute-api", "*/*/POST/pay")),
        ),
        (unknown("permission", "principal"),),
        (
            given(
                "permission",
                principal="s3.amazonaws.com",
                sourceArn="arn:aws:s3:::bucket",
                sourceAccount=ACCOUNT,
            ),
            unknown("permission", "sourceArn"),
            given("permission", principal=GATEWAY, sourceArn=arn("execute-api", "a1/*/POST/pay")),
            given("permission", principal="arn:aws:iam::1:role/x", sourceArn=None),
        ),
    ),
    Case(
        "lambda-cross-account",
        (
            given("permission", principal="999999999999"),
            given("permission", principal="arn:aws:iam::999999999999:root"),
        ),
        (unknown("permission", "principal"),),
        (
            given("permission", principal=ACCOUNT),
            given("permission", principal="222222222222"),
        ),
        parameters={"accounts": ["222222222222"]},
    ),
    Case(
        "lambda-permission-action",
        (given("permission", action="lambda:*"), given("permission", action=None)),
        (unknown("permission", "action"),),
    ),
    Case(
        "lambda-function-url",
        (given("url", authorizationType="NONE"), given("url", cors={"allowOrigins": ["*"]})),
        (unknown("url", "authorizationType"),),
        base=(added(URL),),
    ),
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
            added(notification(lambdaFunctions=[{"lambdaFunctionArn": PAY}])),
            added(notification(lambdaFunctions=[{"lambdaFunctionArn": UNKNOWN}])),
            added(resource(tokens.EVENT_TARGET, "rule", arn=PAY)),
        ),
        (unknown("clock-async", "functionName"),),
        (
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
        "lambda-no-secrets",
        (
            variables(A="AKIAABCDEFGHIJKLMNOP"),
            variables(DB_PASSWORD="hunter2"),
            variables(URL="https://me:secret@bank"),
        ),
        (unknown("pay-function", "environment"),),
        (variables(BANK_API_KEY_SECRET="shop-dev-key"), variables(KEY=UNKNOWN)),
    ),
    Case(
        "lambda-environment-key",
        (given("pay-function", kmsKeyArn=None), given("key", keyUsage="GENERATE_VERIFY_MAC")),
        (unknown("pay-function", "kmsKeyArn"),),
        (given("pay-function", kmsKeyArn=None, environment=None),),
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
    Case(
        "lambda-code-signing",
        (given("pay-function", codeSigningConfigArn=None),),
        (),
        (unknown("pay-function", "codeSigningConfigArn"),),
        base=(
            given("pay-function", codeSigningConfigArn="x"),
            given("clock-function", codeSigningConfigArn="x"),
        ),
    ),
    Case("lambda-tagged", (given("pay-function", tags=None),), (unknown("pay-function", "tags"),)),
    Case(
        "lambda-description",
        (given("pay-function", description=None), given("pay-function", description="")),
        (unknown("pay-function", "description"),),
    ),
    Case(
        "lambda-image-digest",
        (
            given("pay-function", imageUri="repo:latest"),
            given("pay-function", imageUri=f"repo:tag@sha256:{'a' * 64}"),
            given("pay-function", imageUri="repo@sha256:short"),
        ),
        (unknown("pay-function", "imageUri"),),
        (given("pay-function", imageUri=f"1.dkr.ecr.x.amazonaws.com/repo@sha256:{'a' * 64}"),),
    ),
    Case(
        "lambda-image-single-manifest",
        (
            given("pay-image", build={"platform": "linux/arm64"}),
            given("pay-image", build={}),
            given("pay-function", architectures=["arm64"]),
        ),
        (unknown("pay-image", "build"), unknown("pay-function", "architectures")),
    ),
    Case(
        "lambda-image-repository",
        (
            given("pay-image", imageName="docker.io/x:1"),
            given(
                "pay-image",
                imageName=f"{ACCOUNT}.dkr.ecr.us-east-2.amazonaws.com/shop-dev-pay:latest",
            ),
            given("pay-image", registry=None),
            given("pay-image", registry={"server": "other"}),
            given("pay-image", skipPush=True),
        ),
        (unknown("pay-image", "imageName"),),
    ),
    Case(
        "lambda-image-base-pinned",
        (
            given("pay-image", build={"args": {"BASE_IMAGE": "python:3"}}),
            given("pay-image", build={"args": {}}),
        ),
        (unknown("pay-image", "build"),),
    ),
    Case(
        "lambda-image-own",
        (option("pay-function", edges={"imageUri": (resources()["clock-image"].urn,)}),),
        (),
    ),
    Case(
        "lambda-package",
        (
            given("pay-function", packageType="Jar"),
            given("pay-function", packageType=None),
            given("pay-function", imageUri=None),
        ),
        (unknown("pay-function", "packageType"),),
    ),
    Case(
        "lambda-role-per-function",
        (given("clock-function", role=arn("iam", "role/shop-dev-pay", regional=False)),),
        (unknown("pay-function", "role"),),
    ),
    Case(
        "lambda-role-assumable",
        (given("pay-role", assumeRolePolicy=trust("ec2.amazonaws.com")),),
        (unknown("pay-function", "role"), unknown("pay-role", "assumeRolePolicy")),
    ),
    Case(
        "lambda-partial-batch",
        (given("mapping", functionResponseTypes=None), given("mapping", functionResponseTypes=[])),
        (unknown("mapping", "functionResponseTypes"), unknown("mapping", "eventSourceArn")),
    ),
    Case(
        "lambda-mapping-concurrency",
        (
            given("mapping", scalingConfig=None),
            given("mapping", scalingConfig={"maximumConcurrency": 1}),
            given("mapping", scalingConfig={"maximumConcurrency": 5000}),
        ),
        (unknown("mapping", "scalingConfig"),),
    ),
    Case(
        "lambda-mapping-permitted",
        (
            allows(
                "pay-policy-of-role", may("sqs:ReceiveMessage", arn("sqs", "shop-dev-pay.fifo"))
            ),
            allows("pay-policy-of-role", may("sqs:ReceiveMessage", arn("sqs", "other"))),
        ),
        (
            unknown("pay-policy-of-role", "policy"),
            both(ELSEWHERE, allows("pay-policy-of-role", may("sqs:DeleteMessage", "*"))),
        ),
        (
            ELSEWHERE,
            both(
                given("mapping", eventSourceArn=UNKNOWN),
                option("mapping", edges={"eventSourceArn": (resources()["pay"].urn,)}),
            ),
        ),
        base=(
            gone("pay-grants"),
            added(
                resource(
                    tokens.ROLE_POLICY,
                    "pay-policy-of-role",
                    role="shop-dev-pay",
                    policy=document(
                        {
                            **may("sqs:ReceiveMessage", arn("sqs", "shop-dev-pay.fifo")),
                            "Action": [
                                "sqs:ReceiveMessage",
                                "sqs:DeleteMessage",
                                "sqs:GetQueueAttributes",
                            ],
                        }
                    ),
                )
            ),
        ),
    ),
    Case(
        "lambda-mapping-managed",
        (
            given("clock-function", environment={"variables": {"MANAGED_FUNCTIONS": "[]"}}),
            given("clock-function", environment={"variables": {"MANAGED_FUNCTIONS": "[pay"}}),
            given("clock-function", environment={"variables": {"MANAGED_FUNCTIONS": UNKNOWN}}),
        ),
        (unknown("mapping", "functionName"),),
        (
            option(
                "clock-function",
                inputs={
                    **resources()["clock-function"].inputs,
                    "environment": {"variables": {"MANAGED_FUNCTIONS": UNKNOWN}},
                },
                edges={"environment": (resources()["mapping"].urn,)},
            ),
        ),
    ),
    Case(
        "lambda-mapping-enabled",
        (given("mapping", enabled=False),),
        (unknown("mapping", "enabled"),),
        (given("mapping", enabled=True),),
    ),
    Case(
        "lambda-mapping-source",
        (
            given("mapping", eventSourceArn=None),
            given("mapping", eventSourceArn="arn:aws:sqs:x:1:*"),
            given("mapping", functionName=None),
        ),
        (unknown("mapping", "eventSourceArn"), unknown("mapping", "functionName")),
    ),
    Case(
        "lambda-environment-valid",
        (
            variables(AWS_REGION="x"),
            variables(**{"WITH-DASH": "x"}),
            variables(BIG="x" * 4100),
            variables(LIST='"x", ' * 700),
        ),
        (unknown("pay-function", "environment"),),
        (variables(OPEN=UNKNOWN), variables(BIG="x" * 4000)),
    ),
    Case("lambda-reachable", (gone("mapping"),), (unknown("mapping", "functionName"),)),
    Case(
        "lambda-required-environment",
        (variables(OTHER="x"), variables(LEDGER="")),
        (unknown("pay-function", "environment"),),
        (variables(LEDGER=UNKNOWN),),
        parameters={"variables": {"{project}-{stack}-{worker}": ["LEDGER"], "*-clock": []}},
    ),
    Case(
        "lambda-variable-values",
        (
            variables(URL="https://bank.example.org", SERVICE="pay"),
            variables(SERVICE="clock"),
            variables(TRIES="many"),
            variables(TRIES="11"),
            variables(RULES='{"window": 1}'),
            variables(RULES="{}"),
            variables(RULES="none"),
        ),
        (variables(URL=UNKNOWN), unknown("pay-function", "environment")),
        (
            variables(URL="https://bank.example.com", SERVICE="pay", TRIES="10"),
            variables(RULES='{"window": 60}'),
        ),
        parameters={
            "values": {
                "{project}-{stack}-{worker}": {
                    "URL": {"pattern": "^https://bank[.]example[.]com$"},
                    "SERVICE": {"enum": ["{worker}"]},
                    "TRIES": {"type": "integer", "minimum": 1, "maximum": 10},
                    "RULES.window": {"type": "number", "minimum": 10},
                },
            }
        },
    ),
    Case(
        "lambda-environment-granted",
        (
            variables(LEDGER=arn("sqs", "shop-dev-lost")),
            variables(LEDGER="nowhere"),
            variables(LEDGER="arn:aws:dynamodb:us-east-2:999999999999:table/shop-dev-ledger"),
            option(
                "pay-function",
                inputs={
                    **resources()["pay-function"].inputs,
                    "environment": {"variables": {"Q": UNKNOWN}},
                },
                edges={"environment": (resources()["lost"].urn,)},
            ),
        ),
        (
            variables(Q=UNKNOWN),
            unknown("pay-function", "role"),
            unknown("pay-grants", "policy"),
            both(ELSEWHERE, gone("pay-grants")),
        ),
        (
            variables(LEDGER="shop-dev-ledger", Q=arn("sqs", "shop-dev-pay.fifo")),
            allows("pay-grants", may("DynamoDB:PutItem", arn("dynamodb", "table/shop-dev-ledger"))),
        ),
        parameters={"kinds": {"LEDGER": tokens.TABLE}},
    ),
)


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "holds"))
def test_holds_on_a_sound_program(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.holds
    assert verdicts.judged


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "violated"))
def test_is_violated(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.violations
    assert not verdicts.crashes


@pytest.mark.parametrize(("case", "edit"), rows(CASES, "undecided"))
def test_is_undecided_and_says_what_is_not_known(case: Case, edit: Edit) -> None:
    verdicts = case.judge(edit)
    assert verdicts.undecided
    assert all(said.path for _, said in verdicts.undecided)
    assert not verdicts.violations
    assert not verdicts.crashes
