"""Functions; what feeds and invokes them stands in lambda_mappings and lambda_invocations."""

from typing import TYPE_CHECKING, Any

from local.resources.errors import ApiError
from local.resources.kind import Kind, Properties, Request, absent_is_fine, changed
from local.resources.lambda_mappings import EventSourceMapping
from local.resources.shapes import parameters, properties
from local.resources.tags import Tagging
from local.waiting import seen

if TYPE_CHECKING:
    from local.resources.clients import Clients
from local.resources.lambda_invocations import FunctionEventInvokeConfig, Permission

GONE = "ResourceNotFoundException"
TURN = 0.02  # seconds between two looks at a function that is being changed
PATIENCE = 60.0  # seconds until a function that does not get ready is an error
TAGGING = Tagging(service="lambda", style="map", target="Resource")

CODE = ("imageUri", "s3Bucket", "s3Key", "s3ObjectVersion")
WITH_CODE = (*CODE, "architectures")
"""What UpdateFunctionCode takes, and UpdateFunctionConfiguration does not."""

FUNCTION = {"name": "FunctionName", "commands": "Command", "entryPoints": "EntryPoint"}

# What a property goes back to when the program no longer has it.
# docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
RESETS: dict[str, Any] = {
    "deadLetterConfig": {"TargetArn": ""},
    "description": "",
    "environment": {"Variables": {}},
    "ephemeralStorage": {"Size": 512},
    "imageConfig": {},
    "kmsKeyArn": "",
    "loggingConfig": {"LogFormat": "Text"},
    "memorySize": 128,
    "timeout": 3,
    "tracingConfig": {"Mode": "PassThrough"},
}
FIXED = ("name", "packageType", "publish", "reservedConcurrentExecutions")


class Function(Kind):
    """A function from a container image."""

    pulumi_type = "aws:lambda/function:Function"
    schema = "AWS::Lambda::Function"
    schema_names = {"name": "FunctionName"}
    computed = (
        "arn",
        "codeSha256",
        "invokeArn",
        "lastModified",
        "qualifiedArn",
        "qualifiedInvokeArn",
        "responseStreamingInvokeArn",
        "signingJobArn",
        "signingProfileVersionArn",
        "sourceCodeSize",
        "version",
    )
    changing = ("codeSha256", "lastModified")
    tagging = TAGGING
    local = ("skipDestroy", "sourceCodeHash", "useResourceTimeoutForPropagation")

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("lambda", "CreateFunction")
        own = self.own(inputs, "reservedConcurrentExecutions", *CODE)
        own["code"] = {key: inputs[key] for key in CODE if key in inputs}
        return Request(
            service="lambda",
            operation="CreateFunction",
            parameters={**parameters(shape, own, FUNCTION), **self.tags(inputs)},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        made = aws.call("lambda", "CreateFunction", **self.request(aws, inputs).parameters)
        self._reserve(aws, inputs["name"], {}, inputs)
        return inputs["name"], self._outputs(aws, _ready(aws, inputs["name"], made))

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        return inputs["name"] if self.read(aws, inputs["name"], inputs) else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            found = aws.call("lambda", "GetFunction", FunctionName=id_)
            shape = aws.answers("lambda", "GetFunctionConfiguration")
            live = properties(shape, found["Configuration"], FUNCTION)
            concurrency = found.get("Concurrency", {}).get("ReservedConcurrentExecutions")
            if concurrency is not None:
                live["reservedConcurrentExecutions"] = concurrency
            if "ImageUri" in found.get("Code", {}):
                live["imageUri"] = found["Code"]["ImageUri"]
            return {**live, **self._outputs(aws, found["Configuration"])}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> Properties:
        different = changed(old, new) - {"tags", "tagsAll", "region", *self.computed, *self.local}
        # In the order of AWS's provider: for a moment the old image runs with the new variables.
        settings = different - {*WITH_CODE, *FIXED}
        if settings:
            shape = aws.takes("lambda", "UpdateFunctionConfiguration")
            kept = {key: new[key] for key in settings if key in new}
            reset = {key: RESETS[key] for key in settings if key not in new and key in RESETS}
            change = parameters(shape, {**reset, **kept}, FUNCTION)
            aws.call("lambda", "UpdateFunctionConfiguration", FunctionName=id_, **change)
            _ready(aws, id_)
        if different & set(WITH_CODE):
            shape = aws.takes("lambda", "UpdateFunctionCode")
            code = parameters(shape, {key: new[key] for key in WITH_CODE if key in new}, {})
            aws.call("lambda", "UpdateFunctionCode", FunctionName=id_, **code)
        self._reserve(aws, id_, old, new)
        return self._outputs(aws, _ready(aws, id_))

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        if not state.get("skipDestroy"):
            with absent_is_fine(GONE):
                aws.call("lambda", "DeleteFunction", FunctionName=id_)

    def _reserve(self, aws: "Clients", name: str, old: Properties, new: Properties) -> None:
        if not changed(old, new, "reservedConcurrentExecutions"):
            return
        reserved = new.get("reservedConcurrentExecutions", -1)
        if reserved >= 0:
            aws.call(
                "lambda",
                "PutFunctionConcurrency",
                FunctionName=name,
                ReservedConcurrentExecutions=reserved,
            )
        elif old.get("reservedConcurrentExecutions", -1) >= 0:
            aws.call("lambda", "DeleteFunctionConcurrency", FunctionName=name)

    def _outputs(self, aws: "Clients", configuration: Properties) -> Properties:
        arn = configuration["FunctionArn"]
        version = configuration.get("Version", "$LATEST")
        path = f"arn:aws:apigateway:{aws.region}:lambda:path"
        return {
            "arn": arn,
            "codeSha256": configuration.get("CodeSha256", ""),
            "invokeArn": f"{path}/2015-03-31/functions/{arn}/invocations",
            "lastModified": configuration.get("LastModified", ""),
            "qualifiedArn": f"{arn}:{version}",
            "qualifiedInvokeArn": f"{path}/2015-03-31/functions/{arn}:{version}/invocations",
            "responseStreamingInvokeArn": f"{path}/2021-11-15/functions/{arn}"
            "/response-streaming-invocations",
            "signingJobArn": "",
            "signingProfileVersionArn": "",
            "sourceCodeSize": configuration.get("CodeSize", 0),
            "version": version,
        }


def _ready(aws: "Clients", name: str, found: Properties | None = None) -> Properties:
    """The function's configuration once AWS is done with it; `found` saves the first look."""

    def look() -> Properties | None:
        return _done(aws.call("lambda", "GetFunctionConfiguration", FunctionName=name))

    ready = (_done(found) if found else None) or seen(look, within=PATIENCE, every=TURN)
    if ready is None:
        raise TimeoutError(f"function {name} was not ready within {PATIENCE:g} s")
    return ready


def _done(found: Properties) -> Properties | None:
    """The configuration, unless AWS is still at work on it."""
    if found.get("State") == "Failed" or found.get("LastUpdateStatus") == "Failed":
        reason = found.get("StateReason") or found.get("LastUpdateStatusReason", "")
        raise ApiError("lambda", "GetFunctionConfiguration", "Failed", reason)
    at_work = found.get("State") == "Pending" or found.get("LastUpdateStatus") == "InProgress"
    return None if at_work else found


KINDS: tuple[Kind, ...] = (
    Function(),
    EventSourceMapping(),
    Permission(),
    FunctionEventInvokeConfig(),
)
