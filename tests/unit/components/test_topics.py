import json
from typing import Any

from tests.unit.components.harness import SERVICES, Graph, document, run

PREFIX = "utility-customer-system-dev"
ROLE = f"arn:aws:iam::210987654321:role/{PREFIX}"
WORKERS = [f"{ROLE}-{name}" for name in SERVICES]


def statements(stack: Graph, topic: str) -> dict[str, dict[str, Any]]:
    policy = stack.one("TopicPolicy", f"{topic}-policy").inputs["policy"]
    return {statement["Sid"]: statement for statement in document(policy)}


def publishers(stack: Graph, topic: str) -> list[str]:
    deny = statements(stack, topic)["DenyOtherPublishers"]
    assert deny["Effect"] == "Deny"
    assert deny["Principal"] == "*"
    assert deny["Action"] == "sns:Publish"
    assert deny["Condition"]["Bool"] == {"aws:PrincipalIsAWSService": "false"}
    found: list[str] = deny["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
    return found


def test_transactions_and_outcomes_are_fifo_the_others_are_not(dev: Graph) -> None:
    fifo = {
        topic.inputs["name"]: topic.inputs.get("fifoTopic", False) for topic in dev.all("Topic")
    }
    assert fifo == {
        f"{PREFIX}-transaction-processing.fifo": True,
        f"{PREFIX}-subscription-control": False,
        f"{PREFIX}-outcomes.fifo": True,
        f"{PREFIX}-notifications": False,
    }


def test_fifo_topics_scale_by_customer_and_deduplicate_by_id(dev: Graph) -> None:
    for name in ("transactions", "outcomes"):
        inputs = dev.one("Topic", name).inputs
        assert inputs["fifoThroughputScope"] == "MessageGroup"
        assert inputs["contentBasedDeduplication"] is False


def test_every_topic_is_encrypted_with_the_stacks_key(any_stack: Graph) -> None:
    alias = any_stack.one("Alias", "key-alias")
    for topic in any_stack.all("Topic"):
        assert topic.inputs["kmsMasterKeyId"] == alias.inputs["name"]
        assert alias.urn in topic.dependencies


def test_no_topic_takes_a_message_without_tls(any_stack: Graph) -> None:
    for topic in any_stack.all("Topic"):
        deny = statements(any_stack, topic.name)["DenyPlainHttp"]
        assert (deny["Effect"], deny["Principal"]) == ("Deny", "*")
        assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_no_other_account_publishes_transactions(dev: Graph) -> None:
    deny = statements(dev, "transactions")["DenyOtherAccounts"]
    assert deny["Condition"]["StringNotEquals"] == {"aws:PrincipalAccount": "210987654321"}


def test_workers_alone_publish_outcomes(dev: Graph) -> None:
    assert publishers(dev, "outcomes") == WORKERS


def test_the_manager_alone_publishes_notifications(dev: Graph) -> None:
    assert publishers(dev, "notifications") == [f"{ROLE}-subscription-manager"]


def test_workers_alone_publish_on_the_control_topic_where_there_is_no_operator(dev: Graph) -> None:
    assert publishers(dev, "control") == WORKERS
    assert "utility-customer-system-dev-operator" not in dev.names("Role")


def test_named_operators_publish_on_the_control_topic_too() -> None:
    operator = "arn:aws:iam::210987654321:role/oncall"
    stack = run("dev", {"operatorPrincipals": [operator]})
    assert publishers(stack, "control") == [*WORKERS, f"{ROLE}-operator", operator]
    (trust,) = document(stack.one("Role", "operator-role").inputs["assumeRolePolicy"])
    assert trust["Principal"] == {"AWS": [operator]}


def test_an_operator_reads_and_publishes_commands_and_changes_nothing_else(local: Graph) -> None:
    policy = local.one("RolePolicy", "operator-policy").inputs["policy"]
    actions = {action for s in document(policy) for action in s["Action"]}
    changing = {a for a in actions if not a.split(":")[1].startswith(("Get", "Describe", "Query"))}
    assert changing == {
        "sns:Publish",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "logs:FilterLogEvents",
    }


def test_alarms_of_the_stack_publish_to_control_and_notifications_only(dev: Graph) -> None:
    allowed = {t.name for t in dev.all("Topic") if "AllowAlarms" in statements(dev, t.name)}
    assert allowed == {"control", "notifications"}
    for topic in allowed:
        allow = statements(dev, topic)["AllowAlarms"]
        assert allow["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert allow["Condition"] == {
            "ArnLike": {
                "aws:SourceArn": f"arn:aws:cloudwatch:us-east-2:210987654321:alarm:{PREFIX}-*"
            },
            "StringEquals": {"aws:SourceAccount": "210987654321"},
        }


def test_no_statement_allows_everybody(any_stack: Graph) -> None:
    for kind in ("TopicPolicy", "QueuePolicy"):
        for policy in any_stack.all(kind):
            for statement in document(policy.inputs["policy"]):
                assert statement["Effect"] == "Deny" or statement["Principal"] != "*"


def test_an_e_mail_address_is_subscribed_where_there_is_one(dev: Graph) -> None:
    assert not [s for s in dev.all("TopicSubscription") if s.inputs["protocol"] == "email"]
    stack = run("dev", {"notificationEmail": "oncall@example.com"})
    inputs = stack.one("TopicSubscription", "notifications-email").inputs
    assert (inputs["protocol"], inputs["endpoint"]) == ("email", "oncall@example.com")


def test_a_mail_address_is_a_setting_that_can_be_changed() -> None:
    """Another address is another subscription: the engine replaces none that is protected."""
    stack = run("prod", {"notificationEmail": "oncall@example.com"})
    assert not stack.one("TopicSubscription", "notifications-email").protect


def test_staging_and_prod_archive_what_was_published(dev: Graph, prod: Graph) -> None:
    assert "archivePolicy" not in dev.one("Topic", "transactions").inputs
    archive = json.loads(prod.one("Topic", "transactions").inputs["archivePolicy"])
    assert archive == {"MessageRetentionPeriod": "14"}, "as SNS writes it: a text"


def test_every_topic_is_traced_and_may_send_its_part_to_x_ray(any_stack: Graph) -> None:
    assert {t.inputs["tracingConfig"] for t in any_stack.all("sns/topic:Topic")} == {"Active"}
    (policy,) = any_stack.all("xray/resourcePolicy:ResourcePolicy")
    (statement,) = document(policy.inputs["policyDocument"])
    prefix = policy.inputs["policyName"].removesuffix("topics")
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statement["Condition"]["StringLike"]["aws:SourceArn"].endswith(f":{prefix}*")
    assert set(statement["Condition"]) == {"StringEquals", "StringLike"}
