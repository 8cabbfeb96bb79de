"""Event source mappings through Lambda's API. Nothing else in the system changes one."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from handlers.common.aws import aws_errors
from handlers.subscription_manager.ports import MappingBusy, MappingView

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

BUSY = (
    "ResourceInUseException",
    "ResourceConflictException",
    "TooManyRequestsException",
    "ThrottlingException",
)
"""https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html"""


class LambdaMappings:
    """Mappings of one account and region."""

    def __init__(self, client: "LambdaClient") -> None:
        self._client = client

    def view(self, mapping: str) -> MappingView:
        """See Mappings."""
        with aws_errors("reading the mapping"):
            answer = self._client.get_event_source_mapping(UUID=mapping)
        return MappingView(
            state=answer.get("State", ""),
            concurrency=answer.get("ScalingConfig", {}).get("MaximumConcurrency"),
            reason=answer.get("StateTransitionReason", ""),
        )

    def change(self, mapping: str, *, enabled: bool, concurrency: int) -> None:
        """See Mappings. Both settings in one call: between two, either could stay behind."""
        try:
            with aws_errors("changing the mapping", *BUSY):
                self._client.update_event_source_mapping(
                    UUID=mapping,
                    Enabled=enabled,
                    ScalingConfig={"MaximumConcurrency": concurrency},
                )
        except ClientError as error:
            raise MappingBusy(str(error)) from error
