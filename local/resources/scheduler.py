"""Schedules and their groups."""

from typing import TYPE_CHECKING

from local.resources.kind import Kind, Properties, Request, absent_is_fine
from local.resources.shapes import parameters, properties
from local.resources.tags import Tagging

if TYPE_CHECKING:
    from local.resources.clients import Clients

GONE = "ResourceNotFoundException"


class ScheduleGroup(Kind):
    """A group of schedules."""

    pulumi_type = "aws:scheduler/scheduleGroup:ScheduleGroup"
    schema = "AWS::Scheduler::ScheduleGroup"
    computed = ("arn", "creationDate", "lastModificationDate", "state")
    tagging = Tagging(service="scheduler")

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("scheduler", "CreateScheduleGroup")
        return Request(
            service="scheduler",
            operation="CreateScheduleGroup",
            parameters={**parameters(shape, self.own(inputs), {}), **self.tags(inputs)},
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        aws.call("scheduler", "CreateScheduleGroup", **self.request(aws, inputs).parameters)
        made = self.read(aws, inputs["name"], {})
        return inputs["name"], made or {}

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        return inputs["name"] if self.read(aws, inputs["name"], inputs) else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        with absent_is_fine(GONE):
            found = aws.call("scheduler", "GetScheduleGroup", Name=id_)
            return {
                "arn": found["Arn"],
                "creationDate": found["CreationDate"].isoformat(),
                "lastModificationDate": found["LastModificationDate"].isoformat(),
                "state": found["State"],
            }
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        """Nothing of a group can change but its tags."""

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        with absent_is_fine(GONE):
            aws.call("scheduler", "DeleteScheduleGroup", Name=id_)


class Schedule(Kind):
    """A schedule. An update replaces all of it: Scheduler knows no partial one."""

    pulumi_type = "aws:scheduler/schedule:Schedule"
    fixed = {"groupName": "UpdateSchedule finds the schedule by it"}
    schema = "AWS::Scheduler::Schedule"
    computed = ("arn",)

    def request(self, aws: "Clients", inputs: Properties) -> Request:
        shape = aws.takes("scheduler", "CreateSchedule")
        return Request(
            service="scheduler",
            operation="CreateSchedule",
            parameters=parameters(shape, self.own(inputs), {}),
        )

    def create(self, aws: "Clients", inputs: Properties) -> tuple[str, Properties]:
        made = aws.call("scheduler", "CreateSchedule", **self.request(aws, inputs).parameters)
        return f"{inputs.get('groupName', 'default')}/{inputs['name']}", {
            "arn": made["ScheduleArn"]
        }

    def find(self, aws: "Clients", inputs: Properties) -> str | None:
        id_ = f"{inputs.get('groupName', 'default')}/{inputs['name']}"
        return id_ if self.read(aws, id_, inputs) else None

    def read(self, aws: "Clients", id_: str, state: Properties) -> Properties | None:
        group, name = id_.split("/", 1)
        with absent_is_fine(GONE):
            found = aws.call("scheduler", "GetSchedule", GroupName=group, Name=name)
            shape = aws.answers("scheduler", "GetSchedule")
            return properties(shape, found, {})
        return None

    def update(self, aws: "Clients", id_: str, old: Properties, new: Properties) -> None:
        aws.call("scheduler", "UpdateSchedule", **self.request(aws, new).parameters)

    def delete(self, aws: "Clients", id_: str, state: Properties) -> None:
        group, name = id_.split("/", 1)
        with absent_is_fine(GONE):
            aws.call("scheduler", "DeleteSchedule", GroupName=group, Name=name)


KINDS: tuple[Kind, ...] = (ScheduleGroup(), Schedule())
