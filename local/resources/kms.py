"""Keys and their aliases."""

from typing import TYPE_CHECKING

from local.resources.kind import Kind, Properties, Request, absent_is_fine, changed
from local.resources.shapes import parameters
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients

NAMES = {"customerMasterKeySpec": "KeySpec", "customKeyStoreId": "CustomKeyStoreId"}
DELETION_WINDOW = 30  # days, AWS's default


class Key(Kind):
    """A customer managed key."""

    pulumi_type = "aws:kms/key:Key"
    fixed = dict.fromkeys(
        ("customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion"),
        "set by CreateKey and by no other call of the API",
    )
    schema = "AWS::KMS::Key"
    schema_names = {"customerMasterKeySpec": "KeySpec"}
    computed = ("arn", "keyId")
    named = None
    tagging = Tagging(service="kms", style="kms", target="KeyId")
    local = ("deletionWindowInDays",)

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("kms", "CreateKey")
        own = self.own(inputs, "enableKeyRotation", "isEnabled", "rotationPeriodInDays")
        return Request(
            service="kms",
            operation="CreateKey",
            parameters={**parameters(shape, own, NAMES), **self.tags(inputs)},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        request = self.request(aws, inputs)
        made = aws.call("kms", "CreateKey", **request.parameters)["KeyMetadata"]
        self._switch(aws, made["KeyId"], {}, inputs)
        return made["KeyId"], {"arn": made["Arn"], "keyId": made["KeyId"]}

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        """The key of the same description, which AWS lets nobody name; none where several are."""
        keys = [key["KeyId"] for key in aws.call("kms", "ListKeys")["Keys"]]
        live = {key: self.read(aws, key, inputs) for key in keys}
        wanted = inputs.get("description")
        same = [key for key, found in live.items() if found and found["description"] == wanted]
        return same[0] if wanted and len(same) == 1 else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine("NotFoundException"):
            key = aws.call("kms", "DescribeKey", KeyId=id_)["KeyMetadata"]
            if key["KeyState"] == "PendingDeletion":
                return None
            policy = aws.call("kms", "GetKeyPolicy", KeyId=id_, PolicyName="default")["Policy"]
            rotation = aws.call("kms", "GetKeyRotationStatus", KeyId=id_)["KeyRotationEnabled"]
            return {
                "arn": key["Arn"],
                "keyId": id_,
                "description": key.get("Description", ""),
                "isEnabled": key["Enabled"],
                "policy": policy,
                "enableKeyRotation": rotation,
            }
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        if changed(old, new, "description"):
            aws.call(
                "kms",
                "UpdateKeyDescription",
                KeyId=id_,
                Description=new.get("description", ""),
            )
        if changed(old, new, "policy") and "policy" in new:
            aws.call("kms", "PutKeyPolicy", KeyId=id_, PolicyName="default", Policy=new["policy"])
        self._switch(aws, id_, old, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        days = int(state.get("deletionWindowInDays", DELETION_WINDOW))
        with absent_is_fine("NotFoundException", "KMSInvalidStateException"):
            aws.call("kms", "ScheduleKeyDeletion", KeyId=id_, PendingWindowInDays=days)

    def tag_target(self, id_: str, state: Properties) -> str:
        del state
        return id_

    def _switch(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        rotated = new.get("enableKeyRotation", False)
        if old.get("enableKeyRotation", False) != rotated:
            call = "EnableKeyRotation" if rotated else "DisableKeyRotation"
            aws.call("kms", call, KeyId=id_)
        enabled = new.get("isEnabled", True)
        if old.get("isEnabled", True) != enabled:
            aws.call("kms", "EnableKey" if enabled else "DisableKey", KeyId=id_)


class Alias(Kind):
    """A name for a key."""

    pulumi_type = "aws:kms/alias:Alias"
    schema = "AWS::KMS::Alias"
    schema_names = {"name": "AliasName"}
    computed = ("arn", "targetKeyArn")

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        return Request(
            service="kms",
            operation="CreateAlias",
            parameters={"AliasName": inputs["name"], "TargetKeyId": inputs["targetKeyId"]},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        aws.call("kms", "CreateAlias", **self.request(aws, inputs).parameters)
        return inputs["name"], self._outputs(aws, inputs["name"])

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        return inputs["name"] if self.read(aws, inputs["name"], inputs) else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine("NotFoundException"):
            return self._outputs(aws, id_)
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> Properties:
        aws.call("kms", "UpdateAlias", AliasName=id_, TargetKeyId=new["targetKeyId"])
        return self._outputs(aws, id_)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine("NotFoundException"):
            aws.call("kms", "DeleteAlias", AliasName=id_)

    def _outputs(self, aws: "Clients", alias: str) -> Properties:
        key = aws.call("kms", "DescribeKey", KeyId=alias)["KeyMetadata"]["Arn"]
        return {
            "arn": f"arn:aws:kms:{aws.region}:{aws.account}:{alias}",
            "targetKeyArn": key,
        }


KINDS: tuple[Kind, ...] = (Key(), Alias())
