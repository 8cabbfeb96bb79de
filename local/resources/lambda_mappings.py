"""The mappings that feed queues' messages to functions."""

import time
from typing import TYPE_CHECKING

from local.resources.errors import ApiError
from local.resources.kind import Kind, Properties, Request, absent_is_fine, changed
from local.resources.shapes import parameters, properties
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients

GONE = "ResourceNotFoundException"
TURN = 0.02  # seconds between two tries at a mapping that is being changed
PATIENCE = 60.0  # seconds until one that does not settle is an error


class EventSourceMapping(Kind):
    """A mapping that feeds a queue's messages to a function."""

    pulumi_type = "aws:lambda/eventSourceMapping:EventSourceMapping"
    schema = "AWS::Lambda::EventSourceMapping"
    computed = (
        "arn",
        "functionArn",
        "lastModified",
        "lastProcessingResult",
        "state",
        "stateTransitionReason",
        "uuid",
    )
    changing = ("lastModified", "state", "stateTransitionReason")
    named = None
    tagging = Tagging(service="lambda", style="map", target="Resource")
    local = ("useResourceTimeoutForPropagation",)
    names = {"destinationArn": "Destination"}

    # An absent property goes back to this. docs.aws.amazon.com/lambda/latest/api/
    # API_UpdateEventSourceMapping.html
    resets = {
        "enabled": True,
        "filterCriteria": {},
        "functionResponseTypes": [],
        "maximumBatchingWindowInSeconds": 0,
        "scalingConfig": {},
    }

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("lambda", "CreateEventSourceMapping")
        members = parameters(shape, self.own(inputs), self.names)
        return Request(
            service="lambda",
            operation="CreateEventSourceMapping",
            parameters={**members, **self.tags(inputs)},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        request = self.request(aws, inputs)
        made = aws.call("lambda", "CreateEventSourceMapping", **request.parameters)
        return made["UUID"], self._outputs(aws, made)

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        pair = {
            "EventSourceArn": inputs["eventSourceArn"],
            "FunctionName": inputs["functionName"],
        }
        found = aws.call("lambda", "ListEventSourceMappings", **pair)["EventSourceMappings"]
        return found[0]["UUID"] if found else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            found = aws.call("lambda", "GetEventSourceMapping", UUID=id_)
            shape = aws.answers("lambda", "GetEventSourceMapping")
            live = properties(shape, found, self.names)
            enabled = found["State"] in ("Enabled", "Enabling", "Creating", "Updating")
            return {**live, "enabled": enabled, **self._outputs(aws, found)}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> Properties:
        different = changed(old, new) - {"tags", "tagsAll", "region", *self.computed, *self.local}
        shape = aws.takes("lambda", "UpdateEventSourceMapping")
        kept = {key: new[key] for key in different if key in new}
        reset = {key: self.resets[key] for key in different - set(new) if key in self.resets}
        change = parameters(shape, {**reset, **kept}, self.names)
        return self._outputs(aws, _settled(aws, "UpdateEventSourceMapping", UUID=id_, **change))

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE):
            _settled(aws, "DeleteEventSourceMapping", UUID=id_)

    def _outputs(self, aws: "Clients", found: Properties) -> Properties:
        id_ = found["UUID"]
        modified = found.get("LastModified")
        return {
            "arn": f"arn:aws:lambda:{aws.region}:{aws.account}:event-source-mapping:{id_}",
            "functionArn": found["FunctionArn"],
            "lastModified": modified.isoformat() if modified else "",
            "lastProcessingResult": found.get("LastProcessingResult", ""),
            "state": found["State"],
            "stateTransitionReason": found.get("StateTransitionReason", ""),
            "uuid": id_,
        }


def _settled(aws: "Clients", operation: str, **parameters: object) -> Properties:
    """Call once the mapping is between no two states: until then AWS refuses any change of it."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return aws.call("lambda", operation, **parameters)
        except ApiError as error:
            if error.code != "ResourceInUseException" or time.monotonic() > deadline:
                raise
        time.sleep(TURN)
