"""Kinds of resource that the embedded AWS lacks: written down, without an effect.

X-Ray has no service there and CloudWatch Logs no query definitions. Such a resource is kept as a
parameter of the same account (Systems Manager), so that it lives and goes with the account as the
others do, can be read back, changed and deleted, and fails to be created twice.
"""

import json
import uuid
from abc import abstractmethod
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from local.resources.kind import Kind, Properties, Request, absent_is_fine
from local.resources.shapes import parameters

if TYPE_CHECKING:
    from local.resources.clients import Clients

GONE = "ParameterNotFound"
PREFIX = "/not-in-the-embedded-aws"


class Recorded(Kind):
    """A resource of a service or operation that only the real AWS has."""

    service: ClassVar[str]
    operation: ClassVar[str]
    names: ClassVar[dict[str, str]] = {}

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes(self.service, self.operation)
        return Request(
            service=self.service,
            operation=self.operation,
            parameters=parameters(shape, self.own(inputs), self.names),
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        id_, outputs = self.identity(aws, inputs)
        self._write(aws, id_, {**inputs, **outputs}, overwrite=False)
        return id_, outputs

    @abstractmethod
    def identity(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        """The id and the computed outputs that AWS would answer with."""

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            found = aws.call("ssm", "GetParameter", Name=self._place(id_))
            return json.loads(found["Parameter"]["Value"])
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        computed = {key: old[key] for key in self.computed if key in old}
        self._write(aws, id_, {**computed, **new}, overwrite=True)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE):
            aws.call("ssm", "DeleteParameter", Name=self._place(id_))

    def _place(self, id_: str) -> str:
        return f"{PREFIX}/{self.service}/{self.operation}/{id_}"

    def _write(self, aws: "Clients", id_: str, inputs: Properties, *, overwrite: bool) -> None:
        aws.call(
            "ssm",
            "PutParameter",
            Name=self._place(id_),
            Type="String",
            Value=json.dumps(inputs, sort_keys=True),
            Overwrite=overwrite,
        )


class QueryDefinition(Recorded):
    """A query over log groups, kept by name. Putting one makes a new one each time."""

    pulumi_type = "aws:cloudwatch/queryDefinition:QueryDefinition"
    schema = "AWS::Logs::QueryDefinition"
    computed = ("arn", "queryDefinitionId")
    service = "logs"
    operation = "PutQueryDefinition"

    def identity(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        del inputs
        id_ = str(uuid.uuid4())
        arn = f"arn:aws:logs:{aws.region}:{aws.account}:query-definition:{id_}"
        return id_, {"arn": arn, "queryDefinitionId": id_}


class XrayResourcePolicy(Recorded):
    """Which services may send traces."""

    pulumi_type = "aws:xray/resourcePolicy:ResourcePolicy"
    schema = "AWS::XRay::ResourcePolicy"
    computed = ("lastUpdatedTime",)
    changing = ("lastUpdatedTime",)
    named = "policyName"
    service = "xray"
    operation = "PutResourcePolicy"
    names = {"bypassPolicyLockoutCheck": "BypassPolicyLockoutCheck"}

    def identity(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        del aws
        return inputs["policyName"], {"lastUpdatedTime": datetime.now(UTC).isoformat()}


KINDS: tuple[Kind, ...] = (QueryDefinition(), XrayResourcePolicy())
