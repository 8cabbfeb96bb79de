from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.graph import Resource


def _check(key: Resource, context: Context) -> Judgement:
    del context
    spec = key.text("customerMasterKeySpec") or "SYMMETRIC_DEFAULT"
    usage = key.text("keyUsage") or "ENCRYPT_DECRYPT"
    if spec != "SYMMETRIC_DEFAULT" and usage == "ENCRYPT_DECRYPT":
        yield Violation(path="customerMasterKeySpec", found=spec, wanted="SYMMETRIC_DEFAULT")


CONTROL = Control(
    id="kms-symmetric",
    title="A key for AWS services is symmetric",
    why="SQS, SNS, DynamoDB and Logs refuse asymmetric keys.",
    severity=Severity.LOW,
    fix="Leave customerMasterKeySpec out.",
    sources=("https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html",),
    judges=(tokens.KEY,),
    reads={tokens.KEY: ("customerMasterKeySpec", "keyUsage")},
    check=_check,
)
