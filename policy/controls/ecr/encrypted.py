from policy import tokens
from policy.checks.encryption import uses_own_key
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(repository: Resource, context: Context) -> Judgement:
    if repository.text("encryptionConfigurations", 0, "encryptionType") != "KMS":
        yield Violation(
            path="encryptionConfigurations.0.encryptionType",
            found=repository.text("encryptionConfigurations", 0, "encryptionType") or "AES256",
            wanted="KMS",
        )
        return
    yield from uses_own_key(context.graph, repository, "encryptionConfigurations", 0, "kmsKey")


CONTROL = Control(
    id="ecr-encrypted",
    title="A repository is encrypted with a customer-managed key",
    why="Who may read the images at rest is then the account's decision, and logged.",
    severity=Severity.MEDIUM,
    fix="Set encryptionType KMS and kmsKey.",
    sources=(
        "Security Hub ECR.5",
        "checkov CKV_AWS_136",
        "pulumi aws-ecr-repository-configure-customer-managed-key",
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",
    ),
    judges=(tokens.REPOSITORY,),
    reads={tokens.REPOSITORY: ("encryptionConfigurations",)},
    check=_check,
)
