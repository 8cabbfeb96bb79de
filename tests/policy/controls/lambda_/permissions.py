"""Who may invoke a function, and by which way."""

from policy import tokens
from tests.policy.cases import Case
from tests.policy.sound.edits import added, given, gone, unknown
from tests.policy.sound.parts import ACCOUNT, arn, resource, trust

GATEWAY = "apigateway.amazonaws.com"
URL = resource(tokens.FUNCTION_URL, "url", functionName="shop-dev-pay", authorizationType="AWS_IAM")

CASES = (
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
        "lambda-role-per-function",
        (given("clock-function", role=arn("iam", "role/shop-dev-pay", regional=False)),),
        (unknown("pay-function", "role"),),
    ),
    Case(
        "lambda-role-assumable",
        (given("pay-role", assumeRolePolicy=trust("ec2.amazonaws.com")),),
        (unknown("pay-function", "role"), unknown("pay-role", "assumeRolePolicy")),
    ),
    Case("lambda-reachable", (gone("mapping"),), (unknown("mapping", "functionName"),)),
)
