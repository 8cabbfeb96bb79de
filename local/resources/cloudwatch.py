"""Alarms and dashboards."""

from typing import TYPE_CHECKING, ClassVar, cast

from botocore.model import ListShape

from local.resources.kind import Kind, Properties, Request, absent_is_fine
from local.resources.shapes import parameters, properties
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients

GONE = ("ResourceNotFound", "DashboardNotFoundError", "ResourceNotFoundException")


class Alarm(Kind):
    """What metric and composite alarms share: Put replaces the alarm that is there."""

    computed = ("arn",)
    tagging = Tagging(service="cloudwatch", target="ResourceARN")
    operation: ClassVar[str]
    listed: ClassVar[str]
    names: ClassVar[dict[str, str]] = {}

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("cloudwatch", self.operation)
        members = parameters(shape, self.own(inputs, *self.apart()), self.names)
        return Request(
            service="cloudwatch",
            operation=self.operation,
            parameters={**members, **self.further(inputs), **self.tags(inputs)},
        )

    def apart(self) -> tuple[str, ...]:
        """The properties that another method turns into parameters."""
        return ()

    def further(self, inputs: Properties) -> Properties:
        """The parameters that are no plain properties."""
        del inputs
        return {}

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        request = self.request(aws, inputs)
        aws.call("cloudwatch", self.operation, **request.parameters)
        name = request.parameters["AlarmName"]
        return name, {"arn": self._arn(aws, name)}

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        types = self.listed.removesuffix("s")
        answer = aws.call("cloudwatch", "DescribeAlarms", AlarmNames=[id_], AlarmTypes=[types])
        shape = aws.answers("cloudwatch", "DescribeAlarms")
        for alarm in answer.get(self.listed, []):
            structure = cast(ListShape, shape.members[self.listed]).member
            live = properties(structure, alarm, self.names)
            plain = {key: value for key, value in live.items() if key not in self.apart()}
            return {**plain, "arn": self._arn(aws, id_)}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        self.create(aws, {key: value for key, value in new.items() if key != "tagsAll"})

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(*GONE):
            aws.call("cloudwatch", "DeleteAlarms", AlarmNames=[id_])

    def _arn(self, aws: "Clients", name: str) -> str:
        return f"arn:aws:cloudwatch:{aws.region}:{aws.account}:alarm:{name}"


class MetricAlarm(Alarm):
    """An alarm on a metric or on an expression over metrics."""

    pulumi_type = "aws:cloudwatch/metricAlarm:MetricAlarm"
    schema = "AWS::CloudWatch::Alarm"
    schema_names = {"name": "AlarmName"}
    operation = "PutMetricAlarm"
    listed = "MetricAlarms"
    names = {
        "name": "AlarmName",
        "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    }

    def apart(self) -> tuple[str, ...]:
        return ("dimensions", "metricQueries")

    def further(self, inputs: Properties) -> Properties:
        single = {"Dimensions": _dimensions(inputs["dimensions"])} if "dimensions" in inputs else {}
        queries = inputs.get("metricQueries")
        return single | ({"Metrics": [_query(query) for query in queries]} if queries else {})


class CompositeAlarm(Alarm):
    """An alarm on the states of other alarms."""

    pulumi_type = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
    schema = "AWS::CloudWatch::CompositeAlarm"
    named = "alarmName"
    operation = "PutCompositeAlarm"
    listed = "CompositeAlarms"

    def apart(self) -> tuple[str, ...]:
        return ("actionsSuppressor",)

    def further(self, inputs: Properties) -> Properties:
        suppressor = inputs.get("actionsSuppressor")
        if not suppressor:
            return {}
        return {
            "ActionsSuppressor": suppressor["alarm"],
            "ActionsSuppressorExtensionPeriod": suppressor["extensionPeriod"],
            "ActionsSuppressorWaitPeriod": suppressor["waitPeriod"],
        }


class Dashboard(Kind):
    """A dashboard."""

    pulumi_type = "aws:cloudwatch/dashboard:Dashboard"
    schema = "AWS::CloudWatch::Dashboard"
    computed = ("dashboardArn",)
    named = "dashboardName"

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("cloudwatch", "PutDashboard")
        return Request(
            service="cloudwatch",
            operation="PutDashboard",
            parameters=parameters(shape, self.own(inputs), {}),
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        aws.call("cloudwatch", "PutDashboard", **self.request(aws, inputs).parameters)
        return inputs["dashboardName"], self._outputs(aws, inputs["dashboardName"])

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(*GONE):
            found = aws.call("cloudwatch", "GetDashboard", DashboardName=id_)
            return {"dashboardBody": found["DashboardBody"], **self._outputs(aws, id_)}
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        self.create(aws, new)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(*GONE):
            aws.call("cloudwatch", "DeleteDashboards", DashboardNames=[id_])

    def _outputs(self, aws: "Clients", name: str) -> Properties:
        return {"dashboardArn": f"arn:aws:cloudwatch::{aws.account}:dashboard/{name}"}


def _dimensions(dimensions: dict[str, str]) -> list[Properties]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def _query(query: Properties) -> Properties:
    plain = {
        "id": "Id",
        "accountId": "AccountId",
        "expression": "Expression",
        "label": "Label",
        "period": "Period",
    }
    converted = {wanted: query[key] for key, wanted in plain.items() if key in query}
    # As the real provider: left out, AWS would return the data of every query.
    converted["ReturnData"] = query.get("returnData", False)
    metric = query.get("metric")
    if metric:
        named = {"Namespace": metric.get("namespace"), "MetricName": metric["metricName"]}
        measured = {key: value for key, value in named.items() if value is not None}
        converted["MetricStat"] = {
            "Metric": {**measured, "Dimensions": _dimensions(metric.get("dimensions", {}))},
            "Period": metric["period"],
            "Stat": metric["stat"],
            **({"Unit": metric["unit"]} if "unit" in metric else {}),
        }
    return converted


KINDS: tuple[Kind, ...] = (MetricAlarm(), CompositeAlarm(), Dashboard())
