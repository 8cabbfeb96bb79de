from typing import Final

from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource

_SPECS: Final = {
    "ENCRYPT_DECRYPT": ("SYMMETRIC_DEFAULT",),
    "GENERATE_VERIFY_MAC": ("HMAC_256", "HMAC_384", "HMAC_512"),
}
"""What a key may be for each use. Other uses are no service's; a MAC below 256 bits is short."""
_OTHERS: Final = ("SIGN_VERIFY", "KEY_AGREEMENT")


def _check(key: Resource, context: Context) -> Judgement:
    del context
    usage = key.text("keyUsage") or "ENCRYPT_DECRYPT"
    if usage in _OTHERS:
        return
    spec = key.text("customerMasterKeySpec") or "SYMMETRIC_DEFAULT"
    wanted = _SPECS.get(usage)
    if wanted is None:
        yield Violation(path="keyUsage", found=usage, wanted=", ".join((*_SPECS, *_OTHERS)))
    elif spec not in wanted:
        yield Violation(path="customerMasterKeySpec", found=spec, wanted=" or ".join(wanted))


CONTROL = Control(
    id="kms-symmetric",
    title="A key that encrypts for AWS services is symmetric, and one for MACs an HMAC key",
    why="SQS, SNS, DynamoDB and Logs refuse asymmetric keys, and KMS a spec that its use has not.",
    severity=Severity.LOW,
    fix="Leave customerMasterKeySpec out, or set HMAC_256 with the use GENERATE_VERIFY_MAC.",
    sources=(
        "https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html",
        "https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html",
        "https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html",
    ),
    judges=(tokens.KEY,),
    reads={tokens.KEY: ("customerMasterKeySpec", "keyUsage")},
    check=_check,
)
