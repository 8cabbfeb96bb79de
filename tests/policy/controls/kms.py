"""Keys."""

from dataclasses import replace

from policy import tokens
from policy.resource import Resource
from policy.values import UNKNOWN
from tests.policy.cases import Case, lets
from tests.policy.sound.edits import added, given, unknown
from tests.policy.sound.parts import ACCOUNT, arn, document, resource


def alias(name: str, *, of: str) -> Resource:
    """One more alias, of a key."""
    made = resource(tokens.KEY_ALIAS, name, name=f"alias/{name}", targetKeyId=UNKNOWN)
    return replace(made, edges={"targetKeyId": (resource(tokens.KEY, of).urn,)})


ROOT = lets({"AWS": arn("iam", "root", regional=False)}, "kms:*")
ACCOUNTS = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
SNS = {"Service": "sns.amazonaws.com"}

CASES = (
    Case(
        "kms-rotation",
        (given("key", enableKeyRotation=None), given("key", enableKeyRotation=False)),
        (unknown("key", "enableKeyRotation"),),
        (
            given("key", enableKeyRotation=None, keyUsage="SIGN_VERIFY"),
            given("key", enableKeyRotation=None, customKeyStoreId="cks-1234567890abcdef0"),
        ),
    ),
    Case(
        "kms-not-public",
        (given("key", policy=document(lets("*", "kms:Decrypt"))),),
        (unknown("key", "policy"),),
        (
            given(
                "key",
                policy=document(
                    lets("*", "kms:Decrypt", StringEquals={"kms:CallerAccount": ACCOUNT})
                ),
            ),
        ),
    ),
    Case(
        "kms-cross-account",
        (
            given(
                "key",
                policy=document(lets({"AWS": "arn:aws:iam::999999999999:root"}, "kms:Decrypt")),
            ),
            given(
                "key",
                policy=document(
                    lets("*", "kms:Decrypt", StringEquals={"kms:CallerAccount": "999999999999"})
                ),
            ),
        ),
        (unknown("key", "policy"),),
    ),
    Case(
        "kms-policy-defined",
        (
            given("key", policy=None),
            given("key", policy=document(lets(SNS, "kms:*"))),
            given("key", bypassPolicyLockoutSafetyCheck=True),
        ),
        (unknown("key", "policy"),),
    ),
    Case(
        "kms-tagged",
        (given("key", tags=None), given("key", tags={})),
        (unknown("key", "tags"),),
    ),
    Case("kms-enabled", (given("key", isEnabled=False),), (unknown("key", "isEnabled"),)),
    Case(
        "kms-deletion-window",
        (given("key", deletionWindowInDays=7), given("key", deletionWindowInDays=99)),
        (unknown("key", "deletionWindowInDays"),),
        (given("key", deletionWindowInDays=30),),
    ),
    Case("kms-description", (given("key", description=None),), (unknown("key", "description"),)),
    Case(
        "kms-services-allowed",
        (
            given("key", policy=document(ROOT)),
            given("key", policy=document(lets(SNS, "kms:Decrypt", **ACCOUNTS))),
        ),
        (unknown("key", "policy"),),
    ),
    Case(
        "kms-service-principal",
        (given("key", policy=document(lets(SNS, "kms:Decrypt"))),),
        (unknown("key", "policy"),),
    ),
    Case(
        "kms-service-actions",
        (
            given("key", policy=document(lets(SNS, "kms:*"))),
            given("key", policy=document(lets(SNS, "kms:Decryp?"))),
            given("key", policy=document(lets(SNS, "kms:Dekrypt"))),
            given(
                "key",
                policy=document({**lets(SNS, "kms:Decrypt"), "Resource": "arn:aws:kms:x:1:key/1"}),
            ),
        ),
        (unknown("key", "policy"),),
    ),
    Case(
        "kms-alias-target",
        (
            given("alias", targetKeyId="1234"),
            given("alias", targetKeyId=None),
            added(alias("second", of="key")),
        ),
        (unknown("alias", "targetKeyId"),),
        (added(resource(tokens.KEY, "other"), alias("second", of="other")),),
    ),
    Case(
        "kms-symmetric",
        (
            given("key", customerMasterKeySpec="RSA_2048"),
            given("key", keyUsage="GENERATE_VERIFY_MAC"),
            given("key", keyUsage="GENERATE_VERIFY_MAC", customerMasterKeySpec="HMAC_224"),
            given("key", keyUsage="ENCRYPT"),
        ),
        (unknown("key", "customerMasterKeySpec"), unknown("key", "keyUsage")),
        (
            given("key", keyUsage="GENERATE_VERIFY_MAC", customerMasterKeySpec="HMAC_256"),
            given("key", keyUsage="SIGN_VERIFY", customerMasterKeySpec="ECC_NIST_P256"),
        ),
    ),
)
