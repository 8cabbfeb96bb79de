"""Tables."""

from policy import tokens
from tests.policy.cases import Case, allows, lets, may
from tests.policy.sound.edits import added, both, given, gone, unknown
from tests.policy.sound.parts import arn, document, resource

DAX = resource(
    tokens.DAX_CLUSTER,
    "dax",
    serverSideEncryption={"enabled": True},
    clusterEndpointEncryptionType="TLS",
)
TARGET = resource(tokens.SCALING_TARGET, "target", resourceId="table/shop-dev-ledger")
BACKUP = resource(
    tokens.BACKUP_SELECTION, "backup", resources=[arn("dynamodb", "table/shop-dev-ledger")]
)
OWN = arn("iam", "role/shop-dev-pay", regional=False)
STRANGER = arn("iam", "role/stranger", regional=False)
TABLE_POLICY = added(
    resource(
        tokens.TABLE_POLICY,
        "table-policy",
        resourceArn=arn("dynamodb", "table/shop-dev-ledger"),
        policy=document(lets({"AWS": OWN}, "dynamodb:PutItem")),
    )
)

CASES = (
    Case(
        "dynamodb-point-in-time-recovery",
        (
            given("ledger", pointInTimeRecovery=None),
            given("ledger", pointInTimeRecovery={"enabled": False}),
        ),
        (unknown("ledger", "pointInTimeRecovery"),),
    ),
    Case(
        "dynamodb-customer-key",
        (
            given("ledger", serverSideEncryption=None),
            given("ledger", serverSideEncryption={"enabled": True}),
        ),
        (unknown("ledger", "serverSideEncryption"),),
    ),
    Case(
        "dynamodb-capacity",
        (given("ledger", billingMode="PROVISIONED"), given("ledger", billingMode=None)),
        (unknown("ledger", "billingMode"),),
        (both(given("ledger", billingMode=None), added(TARGET)),),
    ),
    Case(
        "dynamodb-autoscaling",
        (gone("target"),),
        (unknown("target", "resourceId"),),
        base=(added(TARGET),),
    ),
    Case(
        "dynamodb-deletion-protection",
        (given("ledger", deletionProtectionEnabled=None),),
        (unknown("ledger", "deletionProtectionEnabled"),),
    ),
    Case(
        "dynamodb-backup-plan",
        (gone("backup"), given("backup", resources=[])),
        (),
        base=(added(BACKUP),),
    ),
    Case("dynamodb-tagged", (given("ledger", tags=None),), (unknown("ledger", "tags"),)),
    Case(
        "dynamodb-keys-declared",
        (
            given("ledger", hashKey=None),
            given("ledger", attributes=[]),
            given("ledger", rangeKey="at"),
            given("ledger", attributes=[{"name": "id", "type": "X"}]),
        ),
        (unknown("ledger", "attributes"), unknown("ledger", "hashKey")),
    ),
    Case(
        "dynamodb-expected-keys",
        (
            given("ledger", hashKey="other"),
            given("ledger", ttl={"enabled": True, "attributeName": "x"}),
        ),
        (unknown("ledger", "hashKey"),),
        parameters={"tables": {"{project}-{stack}-*": ["hash id"]}},
    ),
    Case(
        "dynamodb-writers",
        (
            allows(
                "clock-grants", may("dynamodb:UpdateItem", arn("dynamodb", "table/shop-dev-ledger"))
            ),
            allows("clock-grants", may("dynamodb:*", "*")),
            allows("clock-grants", may("dynamodb:UpdateTimeToLive", "*")),
            allows("clock-grants", may("dynamodb:PutItem", arn("dynamodb", "table/shop-dev-led*"))),
            gone("mapping"),
            allows("table-policy", lets({"AWS": STRANGER}, "dynamodb:PutItem")),
        ),
        (unknown("clock-grants", "policy"), unknown("table-policy", "policy")),
        (
            allows(
                "clock-grants", may("dynamodb:GetItem", arn("dynamodb", "table/shop-dev-ledger"))
            ),
        ),
        base=(TABLE_POLICY,),
        parameters={
            "writers": {
                "{project}-{stack}-ledger": ["{project}-{stack}-{worker}", "{worker}-worker"]
            }
        },
    ),
    Case(
        "dynamodb-cross-account",
        (allows("table-policy", lets({"AWS": "999999999999"}, "dynamodb:GetItem")),),
        (unknown("table-policy", "policy"),),
        base=(TABLE_POLICY,),
    ),
    Case(
        "dynamodb-dax-encrypted",
        (given("dax", serverSideEncryption=None), given("dax", clusterEndpointEncryptionType=None)),
        (unknown("dax", "serverSideEncryption"),),
        base=(added(DAX),),
    ),
)
