"""What a function is told by its variables."""

from policy import tokens
from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, elsewhere, may
from tests.policy.sound.edits import Edit, both, given, gone, option, unknown
from tests.policy.sound.parts import Json, arn
from tests.policy.sound.program import resources


def variables(**found: Json) -> Edit:
    return given("pay-function", environment={"variables": found})


CASES = (
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
        "lambda-environment-valid",
        (
            variables(AWS_REGION="x"),
            variables(AWS_LAMBDA_METADATA_TOKEN="x"),
            variables(**{"WITH-DASH": "x"}),
            variables(BIG="x" * 4100),
            variables(LIST='"x", ' * 700),
        ),
        (unknown("pay-function", "environment"),),
        (variables(OPEN=UNKNOWN), variables(BIG="x" * 4000)),
    ),
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
            both(elsewhere("pay-role"), gone("pay-grants")),
        ),
        (
            variables(LEDGER="shop-dev-ledger", Q=arn("sqs", "shop-dev-pay.fifo")),
            allows("pay-grants", may("DynamoDB:PutItem", arn("dynamodb", "table/shop-dev-ledger"))),
        ),
        parameters={"kinds": {"LEDGER": tokens.TABLE}},
    ),
)
