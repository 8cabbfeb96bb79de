"""Secrets, without their values, and who may read them."""

from typing import TYPE_CHECKING

from local.resources.kind import Kind, Properties, Request, absent_is_fine, changed
from local.resources.shapes import parameters
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients

GONE = "ResourceNotFoundException"
RECOVERY = 30  # days, AWS's default


class Secret(Kind):
    """The place of a secret. Its value is put there by whoever holds it."""

    pulumi_type = "aws:secretsmanager/secret:Secret"
    schema = "AWS::SecretsManager::Secret"
    computed = ("arn",)
    tagging = Tagging(service="secretsmanager", target="SecretId")
    local = ("recoveryWindowInDays", "forceOverwriteReplicaSecret")

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("secretsmanager", "CreateSecret")
        return Request(
            service="secretsmanager",
            operation="CreateSecret",
            parameters={**parameters(shape, self.own(inputs), {}), **self.tags(inputs)},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        made = aws.call("secretsmanager", "CreateSecret", **self.request(aws, inputs).parameters)
        return made["ARN"], {"arn": made["ARN"]}

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        live = self.read(aws, inputs["name"], inputs)
        return str(live["arn"]) if live else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            found = aws.call("secretsmanager", "DescribeSecret", SecretId=id_)
            if "DeletedDate" in found:
                return None
            return {
                "arn": found["ARN"],
                "description": found.get("Description", ""),
                "kmsKeyId": found.get("KmsKeyId", ""),
            }
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        if changed(old, new, "description", "kmsKeyId"):
            change = {"Description": new.get("description", "")}
            if new.get("kmsKeyId"):
                change["KmsKeyId"] = new["kmsKeyId"]
            aws.call("secretsmanager", "UpdateSecret", SecretId=id_, **change)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        days = int(state.get("recoveryWindowInDays", RECOVERY))
        window = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
        with absent_is_fine(GONE, "InvalidRequestException"):
            aws.call("secretsmanager", "DeleteSecret", SecretId=id_, **window)


class SecretPolicy(Kind):
    """Who may use a secret."""

    pulumi_type = "aws:secretsmanager/secretPolicy:SecretPolicy"
    fixed = {"secretArn": "what PutResourcePolicy puts the policy on"}
    schema = "AWS::SecretsManager::ResourcePolicy"
    schema_names = {"secretArn": "SecretId"}
    named = None

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        return Request(
            service="secretsmanager",
            operation="PutResourcePolicy",
            parameters={
                "SecretId": inputs["secretArn"],
                "ResourcePolicy": inputs["policy"],
                "BlockPublicPolicy": inputs.get("blockPublicPolicy", False),
            },
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        aws.call("secretsmanager", "PutResourcePolicy", **self.request(aws, inputs).parameters)
        return inputs["secretArn"], {}

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            found = aws.call("secretsmanager", "GetResourcePolicy", SecretId=id_)
            return {"policy": found["ResourcePolicy"]} if found.get("ResourcePolicy") else None
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        self.create(aws, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE, "InvalidRequestException"):
            aws.call("secretsmanager", "DeleteResourcePolicy", SecretId=id_)


KINDS: tuple[Kind, ...] = (Secret(), SecretPolicy())
