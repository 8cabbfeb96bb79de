import re
from typing import Any

import msgspec
import pytest
import yaml

from components.account import confirm_account
from components.configuration import read_settings
from components.errors import NoAccountError, SettingsError
from components.settings import Settings
from components.tags import stack_tags
from local.configuration import read_configuration
from tests.unit.components.harness import PROJECT, ROOT, STACKS, PretendedAws, configuration, run


def read(stack: str, changes: dict[str, Any] | None = None) -> Settings:
    values = configuration(stack, changes).values
    return read_settings(stack, values["aws:region"], values)


def violations(stack: str, changes: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(SettingsError) as error:
        read(stack, changes)
    found: dict[str, str] = {}
    for violation in error.value.violations:
        found[violation.key] = f"{found.get(violation.key, '')} {violation.rule}"
    return found


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_file_holds_settings_that_are_right(stack: str) -> None:
    values = read_configuration(ROOT, stack).values
    assert read_settings(stack, values["aws:region"], values).stack == stack


@pytest.mark.parametrize("stack", [stack for stack in STACKS if stack != "local"])
def test_no_stack_file_has_the_account_of_the_tests(stack: str) -> None:
    ours, account = read(stack).account_id, f"{PROJECT}:accountId"
    assert read_configuration(ROOT, stack).values[account] != ours


def test_the_schema_declares_exactly_the_settings_there_are() -> None:
    schema = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    fields = {field.encode_name for field in msgspec.structs.fields(Settings)}
    known_by_the_engine = {"stack", "region"}
    assert set(schema) == fields - known_by_the_engine


def test_every_setting_has_a_type_and_a_description() -> None:
    schema = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    for key, entry in schema.items():
        assert entry["type"] in {"string", "integer", "boolean", "array", "object"}, key
        assert entry["description"], key


def test_the_program_reads_every_setting() -> None:
    """One that is declared, checked and read by nobody would have no effect, silently."""
    checkers = {"settings.py", "rules.py"}
    sources = [ROOT / "__main__.py", *(ROOT / "components").glob("*.py")]
    program = "".join(path.read_text() for path in sources if path.name not in checkers)
    names = [field.name for field in msgspec.structs.fields(Settings)]
    assert [name for name in names if not re.search(rf"\b{name}\b", program)] == []


NO_PRINCIPAL = ("operatorPrincipals", "the ARN of a role or a user")
EVERYBODY = ("operatorPrincipals", "not everybody of an account")

WRONG = [
    ("dev", {"accountId": "12345"}, "accountId", "matching regex"),
    ("dev", {"nonsense": "1"}, "nonsense", "no setting has this name"),
    ("dev", {"managerTimeout": 901}, "managerTimeout", "<= 900"),
    ("dev", {"managerMemory": 64}, "managerMemory", ">= 128"),
    ("dev", {"images": {"payment-processing": "latest"}}, "images.payment-processing", "sha256"),
    ("dev", {"images": {"payments": f"sha256:{'0' * 64}"}}, "images.payments", "no function has"),
    ("dev", {"managerTimeout": 40}, "managerTimeout", "25 s above the longest"),
    (
        "dev",
        {"services": {"payment-processing": {"timeout": 901}}},
        "services.payment-processing.timeout",
        "<= 900",
    ),
    (
        "dev",
        {"services": {"payment-processing": {"batchSize": 11}}},
        "services.payment-processing.batchSize",
        "<= 10",
    ),
    (
        "dev",
        {"services": {"payment-processing": {"memory": 20000}}},
        "services.payment-processing.memory",
        "<= 10240",
    ),
    (
        "dev",
        {"services": {"payment-processing": {"concurrency": 1}}},
        "services.payment-processing.concurrency",
        ">= 2",
    ),
    (
        "dev",
        {"services": {"payment-processing": {"speed": 1}}},
        "services.payment-processing.speed",
        "no setting has this name",
    ),
    ("dev", {"services": {"payments": {}}}, "services.payments", "no service has this name"),
    ("dev", {"services": {"payment-processing": 7}}, "services.payment-processing", "`object`"),
    (
        "dev",
        {"services": {"payment-processing": {"memory": {}}}},
        "services.payment-processing.memory",
        "`int | null`",
    ),
    ("dev", {"tags": {"Team": 7}}, "tags.Team", "Expected `str`"),
    ("dev", {"tags": {"Team": {"a": "b"}}}, "tags.Team", "Expected `str`"),
    ("dev", {"tags": {"environment": "test"}}, "tags.environment", "the program's own"),
    ("dev", {"notificationEmail": "the operators"}, "notificationEmail", "matching regex"),
    ("dev", {"services": "[]"}, "services", "Expected `object`"),
    ("dev", {"services": "{"}, "services", "Expected `object`"),
    ("dev", {"visibilityTimeout": 179}, "visibilityTimeout", "6 x the timeout"),
    ("dev", {"visibilityTimeout": 43201}, "visibilityTimeout", "<= 43200"),
    ("dev", {"queueRetention": 1209601}, "queueRetention", "<= 1209600"),
    ("dev", {"deadLetterRetention": 86400}, "deadLetterRetention", "at least queueRetention"),
    ("dev", {"maxReceiveCount": 1001}, "maxReceiveCount", "<= 1000"),
    ("dev", {"coolDownCap": 1209}, "coolDownCap", "above queueRetention"),
    ("dev", {"retryBackoffCap": 1209}, "retryBackoffCap", "above queueRetention"),
    ("dev", {"maxReceiveCount": 600, "coolDownCap": 3600}, "retryBackoffCap", "queueRetention"),
    ("dev", {"maxReceiveCount": 600, "retryBackoffCap": 3600}, "coolDownCap", "queueRetention"),
    ("dev", {"coolDown": 3600}, "coolDown", "not be above coolDownCap"),
    ("dev", {"retryBackoff": 2000}, "retryBackoff", "not be above retryBackoffCap"),
    ("dev", {"dataLossCritical": 300000}, "dataLossCritical", "not be above dataLossWarning"),
    ("dev", {"dataLossWarning": 1300000}, "dataLossWarning", "not be above queueRetention"),
    ("dev", {"ledgerRetention": 86400}, "ledgerRetention", "23 days"),
    ("dev", {"bankReadTimeout": "27"}, "bankReadTimeout", "under payment-processing's timeout"),
    ("dev", {"bankReadTimeout": "0"}, "bankReadTimeout", "from 0.001 to 900"),
    ("dev", {"bankReadTimeout": "NaN"}, "bankReadTimeout", "from 0.001 to 900"),
    ("dev", {"rampConcurrency": 51}, "rampConcurrency", "concurrency of payment-processing"),
    ("dev", {"rampConcurrency": 1}, "rampConcurrency", ">= 2"),
    ("dev", {"failureRate": "1.1"}, "failureRate", "from 0.0001 to 1"),
    ("dev", {"feeRate": "-0.1"}, "feeRate", "from 0 to 1"),
    ("dev", {"feeThreshold": "a lot"}, "feeThreshold", "decimal"),
    ("dev", {"missingAccount": "shrug"}, "missingAccount", "Invalid enum value"),
    ("dev", {"logRetentionDays": 31}, "logRetentionDays", "Invalid enum value"),
    ("dev", {"architecture": "mips"}, "architecture", "Invalid enum value"),
    ("dev", {"protect": "perhaps"}, "protect", "Expected `bool`"),
    ("dev", {"topicArchiveDays": 366}, "topicArchiveDays", "<= 365"),
    ("dev", {"bankUrl": "bank.example.com"}, "bankUrl", "matching regex"),
    ("dev", {"bankUrl": "http://bank.example.com"}, "bankUrl", "must be https"),
    ("dev", {"turn": 1}, "turn", "must be 60"),
    ("prod", {"turn": 300}, "turn", "must be 60"),
    ("dev", {"baseImage": "python:3.14"}, "baseImage", "pinned by digest"),
    ("staging", {"verifyChecksum": False}, "verifyChecksum", "must be true"),
    ("prod", {"guide": "docs/troubleshooting.md"}, "guide", "must be https"),
    ("prod", {"verifyChecksum": False}, "verifyChecksum", "must be true"),
    ("prod", {"protect": False}, "protect", "must be true"),
    ("prod", {"deletionProtection": False}, "deletionProtection", "must be true"),
    ("prod", {"consecutiveFailures": 1}, "consecutiveFailures", "above 1"),
    ("prod", {"operatorPrincipals": ["arn:aws:iam::777788889999:root"]}, *EVERYBODY),
    ("prod", {"operatorPrincipals": ["777788889999"]}, *NO_PRINCIPAL),
    ("dev", {"operatorPrincipals": ["*"]}, *NO_PRINCIPAL),
    ("dev", {"operatorPrincipals": ["arn:aws:iam::777788889999:role/*"]}, *NO_PRINCIPAL),
    ("dev", {"operatorPrincipals": ["arn:aws:sts::777788889999:assumed-role/r/s"]}, *NO_PRINCIPAL),
]


@pytest.mark.parametrize(("stack", "changes", "key", "rule"), WRONG)
def test_a_wrong_value_is_named_with_its_rule(
    stack: str, changes: dict[str, Any], key: str, rule: str
) -> None:
    found = violations(stack, changes)
    assert set(found) == {key}
    assert rule in found[key]


def test_a_missing_setting_is_named() -> None:
    values = dict(configuration("dev").values)
    del values[f"{PROJECT}:bankUrl"]
    with pytest.raises(SettingsError, match=re.escape("bankUrl = None: it must be set")):
        read_settings("dev", "us-east-2", values)


@pytest.mark.parametrize("stack", ["Dev", "a" * 17, "1st", "", "dev-"])
def test_a_stack_name_that_aws_names_cannot_carry_is_refused(stack: str) -> None:
    values = configuration("dev").values
    with pytest.raises(SettingsError, match="stack = "):
        read_settings(stack, "us-east-2", values)


def test_a_stack_whose_names_another_stacks_rights_would_cover_is_refused() -> None:
    """A grant on `utility-customer-system-dev-*` reaches all that is of `dev-eu`."""
    with pytest.raises(SettingsError, match="stack = 'dev-eu'"):
        read_settings("dev-eu", "us-east-2", configuration("dev").values)


@pytest.mark.parametrize("region", ["us-gov-west-1", "cn-north-1"])
def test_a_region_whose_arns_begin_otherwise_is_refused(region: str) -> None:
    with pytest.raises(SettingsError, match=f"region = '{region}': .* partition aws"):
        read_settings("dev", region, configuration("dev").values)


def test_every_tag_that_the_program_gives_stays_its_own() -> None:
    for tag in stack_tags(read("dev")):
        assert set(violations("dev", {"tags": {tag: "x"}})) == {f"tags.{tag}"}


def test_all_wrong_values_are_reported_at_once_with_their_values() -> None:
    wrong = {"accountId": "1", "managerTimeout": 901, "nonsense": "x"}
    with pytest.raises(SettingsError) as error:
        read("dev", wrong)
    for part in ("accountId = '1'", "managerTimeout = '901'", "nonsense = 'x'"):
        assert part in str(error.value)


def test_all_broken_rules_are_reported_at_once() -> None:
    wrong = {"turn": 1, "bankUrl": "http://bank.example.com", "coolDownCap": 1000}
    assert set(violations("dev", wrong)) == {"turn", "bankUrl", "coolDownCap"}


def test_a_wrong_value_stops_the_program_before_any_resource() -> None:
    aws = PretendedAws("210987654321")
    with pytest.raises(Exception, match="managerTimeout = '901': Expected `int` <= 900"):
        run("dev", {"managerTimeout": 901}, aws=aws)
    assert aws.made == []


def test_another_account_stops_the_program_before_any_resource() -> None:
    aws = PretendedAws("999999999999")
    with pytest.raises(Exception, match=r"accountId = '210987654321', but .* '999999999999'"):
        run("dev", aws=aws)
    assert aws.made == []


def test_without_credentials_the_program_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused() -> None:
        raise RuntimeError("invoke of x failed: x returned an error: No valid credential sources")

    monkeypatch.setattr("pulumi_aws.get_caller_identity", refused)
    with pytest.raises(NoAccountError, match="say no account: No valid credential sources"):
        confirm_account("210987654321")


def test_defaults_trip_at_once_in_local_and_dev_and_by_rate_in_staging_and_prod() -> None:
    assert [read(stack).consecutive_failures for stack in STACKS] == [1, 1, 5, 5]
    for stack in ("staging", "prod"):
        settings = read(stack)
        rule = (str(settings.failure_rate), settings.minimum_volume, settings.failure_window)
        assert rule == ("0.5", 20, 60)


def test_the_checksum_is_verified_in_staging_and_prod() -> None:
    assert [read(stack).verify_checksum for stack in STACKS] == [False, False, True, True]


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_shared_stacks_keep_messages_as_long_as_sqs_can(stack: str) -> None:
    settings = read(stack)
    assert settings.queue_retention == settings.dead_letter_retention == 14 * 24 * 3600
    assert settings.max_receive_count == 1000


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_time_to_data_loss_is_told_at_72_and_at_24_hours(stack: str) -> None:
    settings = read(stack)
    assert (settings.data_loss_warning, settings.data_loss_critical) == (72 * 3600, 24 * 3600)


def test_fees_and_the_banks_memory_are_as_agreed() -> None:
    settings = read("prod")
    assert (str(settings.fee_rate), str(settings.fee_threshold)) == ("0.025", "100")
    assert settings.bank_key_memory == 24 * 3600
