"""Tables and their resource policies."""

from typing import TYPE_CHECKING, Any

from local.resources.kind import Kind, Properties, Request, absent_is_fine, changed
from local.resources.tags import Tagging
from local.waiting import seen

if TYPE_CHECKING:
    from local.resources.clients import Clients
from local.resources.dynamodb_requests import (
    attribute_definitions,
    encryption,
    key_schema,
    secondary_indexes,
    table_changes,
    throughput,
)

GONE = "ResourceNotFoundException"
TURN = 0.02  # seconds between two looks at a table that is being made
PATIENCE = 30.0  # seconds until a table that does not get ready is an error

# Set by calls of their own, once the table is there.
AFTERWARDS = ("ttl", "pointInTimeRecovery")


class Table(Kind):
    """A table with its indexes, its time to live, its recovery and its encryption."""

    pulumi_type = "aws:dynamodb/table:Table"
    fixed = dict.fromkeys(
        ("hashKey", "rangeKey"),
        "the schema has KeySchema as conditionally create-only; UpdateTable takes none",
    )
    schema = "AWS::DynamoDB::Table"
    schema_names = {"name": "TableName"}
    computed = ("arn", "streamArn", "streamLabel")
    tagging = Tagging(service="dynamodb")

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        handled = {
            "name": "TableName",
            "billingMode": "BillingMode",
            "deletionProtectionEnabled": "DeletionProtectionEnabled",
            "tableClass": "TableClass",
        }
        given = {wanted: inputs[key] for key, wanted in handled.items() if key in inputs}
        apart = ("attributes", "hashKey", "rangeKey", "globalSecondaryIndexes")
        further = ("serverSideEncryption", "readCapacity", "writeCapacity")
        unknown = self.own(inputs, *handled, *apart, *further, *AFTERWARDS)
        return Request(
            service="dynamodb",
            operation="CreateTable",
            parameters={
                **given,
                "KeySchema": key_schema(inputs),
                "AttributeDefinitions": attribute_definitions(inputs),
                **secondary_indexes(inputs),
                **throughput(inputs),
                **encryption(inputs),
                **self.tags(inputs),
                **unknown,
            },
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        made = aws.call("dynamodb", "CreateTable", **self.request(aws, inputs).parameters)
        name = inputs["name"]
        _ready(aws, name)
        self._afterwards(aws, name, {}, inputs)
        return name, _outputs(made["TableDescription"])

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        return inputs["name"] if self.read(aws, inputs["name"], inputs) else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            table = aws.call("dynamodb", "DescribeTable", TableName=id_)["Table"]
            recovery = aws.call("dynamodb", "DescribeContinuousBackups", TableName=id_)
            points = recovery["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
            return {
                **_outputs(table),
                "deletionProtectionEnabled": table.get("DeletionProtectionEnabled", False),
                "pointInTimeRecovery": {
                    "enabled": points["PointInTimeRecoveryStatus"] == "ENABLED",
                },
                "ttl": _live_ttl(aws, id_),
            }
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        for change in table_changes(old, new):
            aws.call("dynamodb", "UpdateTable", TableName=id_, **change)
            _ready(aws, id_)
        self._afterwards(aws, id_, old, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE):
            aws.call("dynamodb", "DeleteTable", TableName=id_)

    def _afterwards(self, aws: "Clients", name: str, old: Properties, new: Properties) -> None:
        if changed(old, new, "ttl"):
            ttl = new.get("ttl") or {**old["ttl"], "enabled": False}
            setting = {
                "AttributeName": ttl["attributeName"],
                "Enabled": ttl.get("enabled", True),
            }
            aws.call(
                "dynamodb", "UpdateTimeToLive", TableName=name, TimeToLiveSpecification=setting
            )
        if changed(old, new, "pointInTimeRecovery"):
            recovery = new.get("pointInTimeRecovery") or {"enabled": False}
            points: dict[str, Any] = {"PointInTimeRecoveryEnabled": recovery["enabled"]}
            if "recoveryPeriodInDays" in recovery:
                points["RecoveryPeriodInDays"] = recovery["recoveryPeriodInDays"]
            aws.call(
                "dynamodb",
                "UpdateContinuousBackups",
                TableName=name,
                PointInTimeRecoverySpecification=points,
            )


class ResourcePolicy(Kind):
    """Who may use a table, stream or index."""

    pulumi_type = "aws:dynamodb/resourcePolicy:ResourcePolicy"
    fixed = {"resourceArn": "what PutResourcePolicy puts the policy on"}
    computed = ("revisionId",)
    changing = ("revisionId",)
    named = None

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        return Request(
            service="dynamodb",
            operation="PutResourcePolicy",
            parameters={
                "ResourceArn": inputs["resourceArn"],
                "Policy": inputs["policy"],
                "ConfirmRemoveSelfResourceAccess": inputs.get(
                    "confirmRemoveSelfResourceAccess", False
                ),
            },
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        made = aws.call("dynamodb", "PutResourcePolicy", **self.request(aws, inputs).parameters)
        return inputs["resourceArn"], {"revisionId": made["RevisionId"]}

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE, "PolicyNotFoundException"):
            found = aws.call("dynamodb", "GetResourcePolicy", ResourceArn=id_)
            return {"policy": found["Policy"], "revisionId": found["RevisionId"]}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> Properties:
        return self.create(aws, new)[1]

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE, "PolicyNotFoundException"):
            aws.call("dynamodb", "DeleteResourcePolicy", ResourceArn=id_)


def _outputs(table: Properties) -> Properties:
    return {
        "arn": table["TableArn"],
        "streamArn": table.get("LatestStreamArn", ""),
        "streamLabel": table.get("LatestStreamLabel", ""),
    }


def _live_ttl(aws: "Clients", name: str) -> Properties:
    found = aws.call("dynamodb", "DescribeTimeToLive", TableName=name)["TimeToLiveDescription"]
    return {
        "attributeName": found.get("AttributeName", ""),
        "enabled": found["TimeToLiveStatus"] in ("ENABLED", "ENABLING"),
    }


def _ready(aws: "Clients", name: str) -> None:
    def active() -> bool:
        table = aws.call("dynamodb", "DescribeTable", TableName=name)["Table"]
        states = [index["IndexStatus"] for index in table.get("GlobalSecondaryIndexes", [])]
        return all(state == "ACTIVE" for state in [table["TableStatus"], *states])

    if not seen(active, within=PATIENCE, every=TURN):
        raise TimeoutError(f"table {name} was not ready within {PATIENCE:g} s")


KINDS: tuple[Kind, ...] = (Table(), ResourcePolicy())
