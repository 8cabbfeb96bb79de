from policy import tokens
from policy.control import Context, Control, Judgement, Severity, Violation
from policy.resource import Resource


def _check(cluster: Resource, context: Context) -> Judgement:
    del context
    if not cluster.flag("serverSideEncryption", "enabled"):
        yield Violation(path="serverSideEncryption.enabled", found="off", wanted="true")
    if cluster.text("clusterEndpointEncryptionType") != "TLS":
        yield Violation(path="clusterEndpointEncryptionType", found="NONE", wanted="TLS")


CONTROL = Control(
    id="dynamodb-dax-encrypted",
    title="A DAX cluster is encrypted at rest and on the way",
    why="The cache holds what the table holds.",
    severity=Severity.MEDIUM,
    fix="Set serverSideEncryption.enabled and clusterEndpointEncryptionType to TLS.",
    sources=(
        "FSBP DynamoDB.3",
        "FSBP DynamoDB.7",
        "cdk-nag AwsSolutions-DDB4",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/dynamodb-controls.html",
    ),
    judges=(tokens.DAX_CLUSTER,),
    reads={tokens.DAX_CLUSTER: ("serverSideEncryption", "clusterEndpointEncryptionType")},
    check=_check,
)
