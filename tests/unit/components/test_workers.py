import json
from decimal import Decimal
from typing import Any

import pytest

from handlers.common import settings as handler_settings
from handlers.common.circuit.rules import Rules
from handlers.subscription_manager.settings import ManagedFunctions, Own, Patterns, manager_settings
from tests.unit.components.harness import ROOT, SERVICES, STACKS, Graph, document, graph, run

FUNCTIONS = (*SERVICES, "subscription-manager")
PREFIX = "utility-customer-system-dev"


def variables(stack: Graph, service: str) -> dict[str, str]:
    function = stack.one("Function", f"{service}-function")
    found: dict[str, str] = function.inputs["environment"]["variables"]
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_a_mapping_leads_from_the_services_queue_to_its_function(dev: Graph, service: str) -> None:
    inputs = dev.one("EventSourceMapping", f"{service}-mapping").inputs
    assert inputs["eventSourceArn"].endswith(f":{PREFIX}-{service}.fifo")
    assert inputs["functionName"].endswith(f":function:{PREFIX}-{service}")
    assert inputs["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert inputs["enabled"] is True
    assert inputs["batchSize"] == 10
    assert inputs["scalingConfig"] == {"maximumConcurrency": 50}


@pytest.mark.parametrize("service", SERVICES)
def test_a_deployment_leaves_to_the_manager_what_the_manager_owns(
    any_stack: Graph, service: str
) -> None:
    mapping = any_stack.one("EventSourceMapping", f"{service}-mapping")
    assert set(mapping.ignore_changes) == {"enabled", "scalingConfig"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_mapping_waits_for_the_functions_permissions_and_the_queue(
    dev: Graph, service: str
) -> None:
    needed = dev.one("EventSourceMapping", f"{service}-mapping").dependencies
    for kind, name in (
        ("Function", f"{service}-function"),
        ("RolePolicy", f"{service}-policy"),
        ("Queue", f"{service}-queue"),
    ):
        assert dev.one(kind, name).urn in needed


@pytest.mark.parametrize("service", FUNCTIONS)
def test_a_function_runs_its_own_image_by_digest(dev: Graph, service: str) -> None:
    inputs = dev.one("Function", f"{service}-function").inputs
    registry = "210987654321.dkr.ecr.us-east-2.amazonaws.com"
    assert inputs["packageType"] == "Image"
    assert inputs["imageUri"] == f"{registry}/{PREFIX}-{service}@sha256:{'0' * 64}"
    assert inputs["architectures"] == ["x86_64"]


@pytest.mark.parametrize("service", FUNCTIONS)
def test_a_function_is_traced(dev: Graph, service: str) -> None:
    inputs = dev.one("Function", f"{service}-function").inputs
    assert inputs["tracingConfig"] == {"mode": "Active"}


@pytest.mark.parametrize(
    ("level", "passed"),
    [("DEBUG", "DEBUG"), ("INFO", "INFO"), ("WARNING", "INFO"), ("ERROR", "INFO")],
)
def test_lambda_lets_lines_without_a_level_through_at_every_level_of_ours(
    level: str, passed: str
) -> None:
    functions = [each.inputs for each in run("dev", {"logLevel": level}).all("Function")]
    assert {each["loggingConfig"]["applicationLogLevel"] for each in functions} == {passed}
    assert {each["environment"]["variables"]["LOG_LEVEL"] for each in functions} == {level}


@pytest.mark.parametrize("service", FUNCTIONS)
def test_a_function_logs_json_into_a_group_of_its_own(dev: Graph, service: str) -> None:
    function = dev.one("Function", f"{service}-function")
    assert function.inputs["loggingConfig"] == {
        "logFormat": "JSON",
        "applicationLogLevel": "INFO",
        "systemLogLevel": "INFO",
        "logGroup": f"/aws/lambda/{PREFIX}-{service}",
    }
    group = dev.one("LogGroup", f"{service}-logs")
    assert group.inputs["name"] == f"/aws/lambda/{PREFIX}-{service}"
    assert group.urn in function.dependencies


@pytest.mark.parametrize("service", FUNCTIONS)
def test_a_functions_logs_are_encrypted_and_kept_for_a_month(dev: Graph, service: str) -> None:
    inputs = dev.one("LogGroup", f"{service}-logs").inputs
    assert inputs["kmsKeyId"].startswith("arn:aws:kms:")
    assert inputs["retentionInDays"] == 30


@pytest.mark.parametrize("service", FUNCTIONS)
def test_a_function_has_a_role_of_its_own_that_lambda_alone_takes_on(
    dev: Graph, service: str
) -> None:
    function = dev.one("Function", f"{service}-function")
    role = dev.one("Role", f"{service}-role")
    (trust,) = document(role.inputs["assumeRolePolicy"])
    assert function.inputs["role"] == f"arn:aws:iam::210987654321:role/{role.inputs['name']}"
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert role.urn in function.dependencies
    assert dev.one("RolePolicy", f"{service}-policy").urn in function.dependencies


@pytest.mark.parametrize("service", FUNCTIONS)
def test_a_functions_memory_timeout_and_description_are_explicit(
    any_stack: Graph, service: str
) -> None:
    inputs = any_stack.one("Function", f"{service}-function").inputs
    assert inputs["memorySize"] >= 128
    assert 1 <= inputs["timeout"] <= 900
    assert inputs["description"]


@pytest.mark.parametrize("service", FUNCTIONS)
def test_a_functions_variables_are_encrypted_with_a_key_of_our_own(
    dev: Graph, service: str
) -> None:
    inputs = dev.one("Function", f"{service}-function").inputs
    assert inputs["kmsKeyArn"].startswith("arn:aws:kms:")


@pytest.mark.parametrize("service", FUNCTIONS)
def test_no_variable_has_a_name_that_lambda_gives_itself(dev: Graph, service: str) -> None:
    assert not [key for key in variables(dev, service) if key.startswith("AWS_")]


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("service", SERVICES)
def test_the_handlers_accept_the_variables_of_a_worker(
    monkeypatch: pytest.MonkeyPatch, stack: str, service: str
) -> None:
    for key, value in variables(graph(stack), service).items():
        monkeypatch.setenv(key, value)
    settings = handler_settings.worker_settings()
    prefix = f"utility-customer-system-{stack}"
    assert settings.environment == stack
    assert settings.service == service
    assert settings.queue_url.endswith(f"/{prefix}-{service}.fifo")
    assert settings.dead_letter_queue_url.endswith(f"/{prefix}-{service}-dlq.fifo")
    assert settings.control_topic_arn.endswith(f":{prefix}-subscription-control")
    assert settings.outcomes_topic_arn.endswith(f":{prefix}-outcomes.fifo")
    assert settings.ledger_table == f"{prefix}-ledger"
    assert settings.circuit_table == f"{prefix}-circuit"
    assert settings.bank_api_key_secret == f"{prefix}-bank-api-key"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_rules_that_a_function_gets_are_those_that_it_knows(dev: Graph, function: str) -> None:
    given = json.loads(variables(dev, function)["CIRCUIT"])
    assert set(given) == set(Rules.__struct_fields__)


def test_the_manager_knows_all_that_it_is_told_of_a_service(dev: Graph) -> None:
    told = json.loads(variables(dev, "subscription-manager")["MANAGED_FUNCTIONS"])
    assert set(told) == set(ManagedFunctions.__struct_fields__)
    assert set(told["names"]) == set(Patterns.__struct_fields__)
    assert {key for own in told["services"].values() for key in own} == set(Own.__struct_fields__)


def test_each_rule_of_the_circuit_has_its_bounds_in_the_policies() -> None:
    values = json.loads((ROOT / "policy.json").read_text())["lambda-variable-values"]["values"]["*"]
    bounded = {key.removeprefix("CIRCUIT.") for key in values if key.startswith("CIRCUIT.")}
    assert bounded == set(Rules.__struct_fields__)


@pytest.mark.parametrize("stack", STACKS)
def test_the_handlers_accept_the_variables_of_the_manager(
    monkeypatch: pytest.MonkeyPatch, stack: str
) -> None:
    for key, value in variables(graph(stack), "subscription-manager").items():
        monkeypatch.setenv(key, value)
    managed = {each.service: each for each in manager_settings().managed}
    assert set(managed) == set(SERVICES)
    for service, each in managed.items():
        prefix = f"utility-customer-system-{stack}-{service}"
        assert each.function == prefix
        assert each.mapping == f"uuid-of-{service}-mapping"
        worker = variables(graph(stack), service)
        assert each.queue == worker["QUEUE_URL"]
        assert each.dead_letter_queue == worker["DEAD_LETTER_QUEUE_URL"]
        alarm = graph(stack).one("MetricAlarm", f"{service}-errors")
        assert each.alarm == alarm.inputs["name"]


def test_a_payment_knows_its_fee_and_an_account_its_checksum(
    monkeypatch: pytest.MonkeyPatch, dev: Graph
) -> None:
    payment = variables(dev, "payment-processing")
    monkeypatch.setenv("FEE_RATE", payment["FEE_RATE"])
    assert handler_settings.decimal("FEE_RATE") == Decimal("0.025")
    assert payment["FEE_THRESHOLD"] == "100"
    assert payment["MISSING_ACCOUNT"] == "reject"
    assert variables(dev, "bank-account-setup")["VERIFY_CHECKSUM"] == "false"
    assert "VERIFY_CHECKSUM" not in payment
    assert "FEE_RATE" not in variables(dev, "bank-account-setup")


def test_no_variable_holds_a_secret(any_stack: Graph) -> None:
    for service in SERVICES:
        assert variables(any_stack, service)["BANK_API_KEY_SECRET"].endswith("-bank-api-key")
    assert "secretString" not in any_stack.one("Secret", "bank-api-key").inputs


def test_a_stack_may_change_the_size_of_one_service() -> None:
    sizes: dict[str, Any] = {"memory": 2048, "timeout": 60, "batchSize": 5, "concurrency": 7}
    changed = run("dev", {"services": {"payment-processing": sizes}})
    function = changed.one("Function", "payment-processing-function").inputs
    mapping = changed.one("EventSourceMapping", "payment-processing-mapping").inputs
    assert (function["memorySize"], function["timeout"]) == (2048, 60)
    assert (mapping["batchSize"], mapping["scalingConfig"]) == (5, {"maximumConcurrency": 7})
    told = json.loads(variables(changed, "subscription-manager")["MANAGED_FUNCTIONS"])
    found = {name: (own["concurrency"], own["timeout"]) for name, own in told["services"].items()}
    assert found == {**dict.fromkeys(SERVICES, (50, 30)), "payment-processing": (7, 60)}
