"""Secrets."""

from policy import tokens
from policy.values import UNKNOWN
from tests.policy.cases import Case, allows, lets
from tests.policy.sound.edits import added, given, unknown
from tests.policy.sound.parts import arn, document, resource

OWN = arn("iam", "role/shop-dev-pay", regional=False)
SECRET_POLICY = added(
    resource(
        tokens.SECRET_POLICY,
        "secret-policy",
        policy=document(lets({"AWS": OWN}, "secretsmanager:GetSecretValue")),
    )
)

CASES = (
    Case(
        "secretsmanager-not-public",
        (
            allows("secret-policy", lets("*", "secretsmanager:GetSecretValue")),
            given("secret", policy=document(lets("*", "secretsmanager:GetSecretValue"))),
        ),
        (unknown("secret-policy", "policy"),),
        base=(SECRET_POLICY,),
    ),
    Case(
        "secretsmanager-cross-account",
        (allows("secret-policy", lets({"AWS": "999999999999"}, "secretsmanager:GetSecretValue")),),
        (unknown("secret-policy", "policy"),),
        base=(SECRET_POLICY,),
    ),
    Case(
        "secretsmanager-customer-key",
        (given("secret", kmsKeyId=None), given("secret", kmsKeyId="alias/aws/secretsmanager")),
        (unknown("secret", "kmsKeyId"),),
    ),
    Case(
        "secretsmanager-no-value",
        (
            added(resource(tokens.SECRET_VERSION, "v", secretString="x")),
            added(resource(tokens.SECRET_VERSION, "v", secretString=UNKNOWN)),
        ),
        (),
        base=(added(resource(tokens.SECRET_VERSION, "v", secretId="x")),),
    ),
    Case(
        "secretsmanager-recovery",
        (given("secret", recoveryWindowInDays=0), given("secret", recoveryWindowInDays=99)),
        (unknown("secret", "recoveryWindowInDays"),),
        (given("secret", recoveryWindowInDays=30),),
    ),
)
