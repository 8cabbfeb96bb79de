"""What holds for the whole graph: tags, protection, what a first preview knows, outputs."""

import inspect
import json
from importlib import import_module

import pulumi
import pytest

from components.stage import Component
from components.tags import takes_tags
from local.properties import UNKNOWN
from tests.unit.components.harness import SERVICES, STACKS, Graph, graph, run

PROTECTED = {
    "sqs/queue:Queue",
    "sqs/queuePolicy:QueuePolicy",
    "sns/topic:Topic",
    "sns/topicPolicy:TopicPolicy",
    "sns/topicSubscription:TopicSubscription",
    "dynamodb/table:Table",
    "kms/key:Key",
    "kms/alias:Alias",
    "secretsmanager/secret:Secret",
}
DOCUMENTS = {
    "policy",
    "assumeRolePolicy",
    "redrivePolicy",
    "redriveAllowPolicy",
    "filterPolicy",
    "dashboardBody",
}
MODULES = ("cloudwatch", "dynamodb", "ecr", "iam", "kms", "lambda_", "scheduler", "secretsmanager")


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_what_holds_or_carries_data_is_protected_in_shared_stacks(stack: str) -> None:
    for resource in graph(stack).recording.resources:
        stateful = resource.type.removeprefix("aws:") in PROTECTED
        assert resource.protect == stateful, resource.urn


def test_nothing_is_protected_where_the_setting_says_so(local: Graph) -> None:
    assert not [r for r in local.recording.resources if r.protect]


def taggable() -> dict[str, bool]:
    """Every type of the provider's modules in use, and whether it takes tags."""
    found: dict[str, bool] = {}
    for module in (*MODULES, "sns", "sqs"):
        package = import_module(f"pulumi_aws.{module}")
        for kind in vars(package).values():
            if inspect.isclass(kind) and issubclass(kind, pulumi.CustomResource):
                found[getattr(kind, "pulumi_type", "")] = hasattr(kind, "tags")
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_every_taggable_resource_is_tagged(stack: str) -> None:
    kinds = taggable()
    tagged = [r for r in graph(stack).recording.resources if kinds.get(r.type)]
    assert {r.type.split("/")[0] for r in tagged} >= {
        "aws:sqs", "aws:sns", "aws:lambda", "aws:dynamodb", "aws:kms", "aws:iam", "aws:ecr",
        "aws:cloudwatch", "aws:scheduler", "aws:secretsmanager",
    }  # fmt: skip
    for resource in tagged:
        assert resource.inputs["tags"] == {
            "Project": "utility-customer-system",
            "Environment": stack,
            "ManagedBy": "pulumi",
        }


def test_a_stacks_own_tags_come_on_top() -> None:
    stack = run("dev", {"tags": {"CostCenter": "7"}})
    assert stack.one("Queue", "payment-processing-queue").inputs["tags"]["CostCenter"] == "7"


def test_a_resource_that_takes_no_tags_gets_none(dev: Graph) -> None:
    assert "tags" not in dev.one("QueuePolicy", "payment-processing-queue-policy").inputs


def test_components_take_no_tags() -> None:
    assert not takes_tags(Component)


@pytest.mark.parametrize("stack", STACKS)
def test_every_document_that_a_rule_judges_is_known_in_the_first_preview(stack: str) -> None:
    preview = {r.urn: r for r in run(stack, preview=True).recording.resources}
    for resource in graph(stack).recording.resources:
        for key in DOCUMENTS & set(resource.inputs):
            assert preview[resource.urn].inputs[key] != UNKNOWN, resource.urn
            assert json.loads(preview[resource.urn].inputs[key])


@pytest.mark.parametrize("stack", STACKS)
def test_components_show_what_they_are_made_of_and_hold_all_resources(stack: str) -> None:
    for resource in graph(stack).recording.resources:
        if resource.type.startswith("utility-customer-system:"):
            assert resource.type.startswith("utility-customer-system:index:")
            assert resource.inputs, resource.urn
        elif resource.type != "pulumi:pulumi:Stack":
            assert ":index:" in resource.parent, resource.urn


def test_the_components_and_their_tokens_stay_what_they_are(local: Graph) -> None:
    prefix = "utility-customer-system:index:"
    tokens = {r.type.removeprefix(prefix) for r in local.recording.resources if prefix in r.type}
    assert tokens == {
        "Alarms", "BankSecret", "CircuitTable", "ContainerFunction", "ControlTopic", "Dashboard",
        "EncryptionKey", "FingerprintKey", "Intake", "LedgerTable", "NotificationsTopic",
        "OperatorRole", "OutcomesTopic", "QueueWorker", "SavedQueries", "SecureQueue",
        "ServiceImage", "SubscriptionManager", "TopicTracing", "TransactionTopic", "Unrouted",
    }  # fmt: skip


def test_the_grants_of_every_role_stand_in_its_components_inputs(any_stack: Graph) -> None:
    shown = {
        r.inputs["roleName"]: r.inputs["grants"]
        for r in any_stack.recording.resources
        if "grants" in r.inputs
    }
    for policy in any_stack.all("RolePolicy"):
        statements = json.loads(policy.inputs["policy"])["Statement"]
        assert [s["Action"] for s in statements] == [
            grant["actions"] for grant in shown[policy.inputs["role"]]
        ]
        assert all(grant["why"] for grant in shown[policy.inputs["role"]])


def test_the_stack_says_where_everything_is(dev: Graph) -> None:
    prefix = "utility-customer-system-dev"
    outputs = dev.outputs
    assert outputs["transaction_topic_arn"].endswith(f":{prefix}-transaction-processing.fifo")
    assert outputs["control_topic_arn"].endswith(f":{prefix}-subscription-control")
    assert outputs["outcomes_topic_arn"].endswith(f":{prefix}-outcomes.fifo")
    assert outputs["notifications_topic_arn"].endswith(f":{prefix}-notifications")
    assert set(outputs["queue_urls"]) == set(SERVICES)
    assert set(outputs["dead_letter_queue_urls"]) == set(outputs["queue_urls"])
    assert outputs["unrouted_queue_url"].endswith(f"/{prefix}-unrouted.fifo")
    assert outputs["function_names"] == {
        name: f"{prefix}-{name}" for name in (*SERVICES, "subscription-manager")
    }
    assert outputs["ledger_table"] == f"{prefix}-ledger"
    assert outputs["circuit_table"] == f"{prefix}-circuit"
    assert outputs["bank_secret"] == f"{prefix}-bank-api-key"


def test_stacks_differ_in_values_only() -> None:
    def shape(stack: str) -> set[tuple[str, str]]:
        return {
            (r.type, r.name)
            for r in graph(stack).recording.resources
            if r.type != "pulumi:pulumi:Stack" and not r.name.startswith("operator")
        }

    assert shape("local") == shape("dev") == shape("staging") == shape("prod")
