"""Log groups and the metrics drawn from them."""

from typing import TYPE_CHECKING

from local.resources.kind import Kind, Properties, Request, absent_is_fine, changed
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients

GONE = "ResourceNotFoundException"


class LogGroup(Kind):
    """A log group."""

    pulumi_type = "aws:cloudwatch/logGroup:LogGroup"
    fixed = {
        "logGroupClass": "docs.aws.amazon.com/AmazonCloudWatch/latest/logs/"
        "CloudWatch_Logs_Log_Classes.html: cannot be changed after creation"
    }
    schema = "AWS::Logs::LogGroup"
    schema_names = {"name": "LogGroupName"}
    computed = ("arn",)
    tagging = Tagging(
        service="logs", parameter="tags", style="map", target="resourceArn", keys="tagKeys"
    )
    local = ("skipDestroy",)

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        handled = {
            "name": "logGroupName",
            "kmsKeyId": "kmsKeyId",
            "logGroupClass": "logGroupClass",
            "deletionProtectionEnabled": "deletionProtectionEnabled",
        }
        given = {wanted: inputs[key] for key, wanted in handled.items() if key in inputs}
        unknown = self.own(inputs, "retentionInDays", *handled)
        return Request(
            service="logs",
            operation="CreateLogGroup",
            parameters={**given, **self.tags(inputs), **unknown},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        aws.call("logs", "CreateLogGroup", **self.request(aws, inputs).parameters)
        name = inputs["name"]
        self._retain(aws, name, {}, inputs)
        return name, self._outputs(aws, name)

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        return inputs["name"] if self.read(aws, inputs["name"], inputs) else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        answer = aws.call("logs", "DescribeLogGroups", logGroupNamePrefix=id_)
        for group in answer["logGroups"]:
            if group["logGroupName"] == id_:
                retention = {"retentionInDays": group.get("retentionInDays", 0)}
                key = {"kmsKeyId": group["kmsKeyId"]} if "kmsKeyId" in group else {}
                return {**retention, **key, **self._outputs(aws, id_)}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        self._retain(aws, id_, old, new)
        if changed(old, new, "kmsKeyId"):
            if new.get("kmsKeyId"):
                aws.call("logs", "AssociateKmsKey", logGroupName=id_, kmsKeyId=new["kmsKeyId"])
            else:
                aws.call("logs", "DisassociateKmsKey", logGroupName=id_)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        if state.get("skipDestroy"):
            return
        with absent_is_fine(GONE):
            aws.call("logs", "DeleteLogGroup", logGroupName=id_)

    def _outputs(self, aws: "Clients", name: str) -> Properties:
        return {"arn": f"arn:aws:logs:{aws.region}:{aws.account}:log-group:{name}"}

    def _retain(self, aws: "Clients", name: str, old: Properties, new: Properties) -> None:
        if not changed(old, new, "retentionInDays"):
            return
        days = new.get("retentionInDays", 0)
        if days:
            aws.call("logs", "PutRetentionPolicy", logGroupName=name, retentionInDays=days)
        else:
            aws.call("logs", "DeleteRetentionPolicy", logGroupName=name)


class LogMetricFilter(Kind):
    """A metric counted from the lines of a log group."""

    pulumi_type = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
    schema = "AWS::Logs::MetricFilter"
    schema_names = {"name": "FilterName"}

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        del aws
        given = inputs["metricTransformation"]
        wanted = {
            "name": "metricName",
            "namespace": "metricNamespace",
            "value": "metricValue",
            "dimensions": "dimensions",
            "unit": "unit",
        }
        transformation = {name: given[key] for key, name in wanted.items() if key in given}
        if "defaultValue" in given:
            transformation["defaultValue"] = float(given["defaultValue"])
        return Request(
            service="logs",
            operation="PutMetricFilter",
            parameters={
                "logGroupName": inputs["logGroupName"],
                "filterName": inputs["name"],
                "filterPattern": inputs["pattern"],
                "metricTransformations": [transformation],
                **self.own(inputs, "logGroupName", "name", "pattern", "metricTransformation"),
            },
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        aws.call("logs", "PutMetricFilter", **self.request(aws, inputs).parameters)
        return inputs["name"], {}

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            answer = aws.call(
                "logs",
                "DescribeMetricFilters",
                logGroupName=state["logGroupName"],
                filterNamePrefix=id_,
            )
            for found in answer["metricFilters"]:
                if found["filterName"] == id_:
                    return {"pattern": found["filterPattern"]}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        self.create(aws, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE):
            aws.call(
                "logs", "DeleteMetricFilter", logGroupName=state["logGroupName"], filterName=id_
            )


KINDS: tuple[Kind, ...] = (LogGroup(), LogMetricFilter())
