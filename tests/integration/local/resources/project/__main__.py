"""One resource of every kind, wired to each other as in the real program."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker

ACCOUNT = aws.get_caller_identity().account_id
REGION = pulumi.Config("aws").require("region")
TIMEOUT = pulumi.Config().require_int("timeout")


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def document(action: str, resource: str, service: str | None = None) -> str:
    principal = {"Principal": {"Service": service}} if service else {}
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **principal}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(service: str) -> str:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": service},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Everything(pulumi.ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("every-kind:index:Everything", name, {"timeout": TIMEOUT})
        self.register_outputs({})


parent = Everything("everything")
child = pulumi.ResourceOptions(parent=parent)

owner = {
    "Effect": "Allow",
    "Action": "kms:*",
    "Resource": "*",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
}
key = aws.kms.Key(
    "key",
    description="everything",
    enable_key_rotation=True,
    deletion_window_in_days=7,
    policy=json.dumps({"Version": "2012-10-17", "Statement": [owner]}),
    opts=child,
)
alias = aws.kms.Alias("alias", name="alias/everything", target_key_id=key.key_id, opts=child)

dead = aws.sqs.Queue("dead", name="dead.fifo", fifo_queue=True, opts=child)
queue = aws.sqs.Queue(
    "queue",
    name="queue.fifo",
    fifo_queue=True,
    visibility_timeout_seconds=60,
    kms_master_key_id="alias/everything",
    redrive_policy=json.dumps(
        {"deadLetterTargetArn": arn("sqs", "dead.fifo"), "maxReceiveCount": 10}
    ),
    tags={"Role": "work"},
    opts=pulumi.ResourceOptions(parent=parent, depends_on=[dead, alias]),
)
aws.sqs.QueuePolicy(
    "queue-policy",
    queue_url=queue.url,
    policy=document("sqs:SendMessage", arn("sqs", "queue.fifo"), "sns.amazonaws.com"),
)
plain = aws.sqs.Queue("plain", name="plain", message_retention_seconds=600)
plain_dead = aws.sqs.Queue("plain-dead", name="plain-dead")
aws.sqs.RedrivePolicy(
    "redrive",
    queue_url=plain.url,
    redrive_policy=plain_dead.arn.apply(
        lambda target: json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": 5})
    ),
)
aws.sqs.RedriveAllowPolicy(
    "redrive-allow",
    queue_url=plain_dead.url,
    redrive_allow_policy=plain.arn.apply(
        lambda source: json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [source]})
    ),
)

topic = aws.sns.Topic(
    "topic",
    name="topic.fifo",
    fifo_topic=True,
    content_based_deduplication=True,
    kms_master_key_id="alias/everything",
    opts=pulumi.ResourceOptions(depends_on=[alias]),
)
aws.sns.TopicPolicy(
    "topic-policy",
    arn=topic.arn,
    policy=document("sns:Publish", arn("sns", "topic.fifo"), "cloudwatch.amazonaws.com"),
)
aws.sns.TopicSubscription(
    "subscription",
    topic=topic.arn,
    protocol="sqs",
    endpoint=queue.arn,
    raw_message_delivery=True,
    filter_policy=json.dumps({"kind": ["payment"]}),
    redrive_policy=json.dumps({"deadLetterTargetArn": arn("sqs", "dead.fifo")}),
)

table = aws.dynamodb.Table(
    "table",
    name="table",
    billing_mode="PAY_PER_REQUEST",
    hash_key="id",
    attributes=[
        {"name": "id", "type": "S"},
        {"name": "group", "type": "S"},
        {"name": "at", "type": "N"},
    ],
    global_secondary_indexes=[
        {"name": "by_group", "hash_key": "group", "range_key": "at", "projection_type": "ALL"}
    ],
    ttl={"attribute_name": "expires_at", "enabled": True},
    point_in_time_recovery={"enabled": True},
    server_side_encryption={"enabled": True, "kms_key_arn": key.arn},
    deletion_protection_enabled=False,
)
aws.dynamodb.ResourcePolicy(
    "table-policy",
    resource_arn=table.arn,
    policy=document("dynamodb:GetItem", arn("dynamodb", "table/table"), "lambda.amazonaws.com"),
)

repository = aws.ecr.Repository(
    "repository",
    name="repository",
    image_tag_mutability="IMMUTABLE",
    image_scanning_configuration={"scan_on_push": True},
    encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}],
    force_delete=True,
)
rule = {
    "rulePriority": 1,
    "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5},
    "action": {"type": "expire"},
}
aws.ecr.LifecyclePolicy(
    "lifecycle", repository=repository.name, policy=json.dumps({"rules": [rule]})
)
aws.ecr.RepositoryPolicy(
    "repository-policy",
    repository=repository.name,
    policy=document("ecr:BatchGetImage", "*", "lambda.amazonaws.com"),
)
token = aws.ecr.get_authorization_token_output()
image = docker.Image(
    "image",
    image_name=repository.repository_url.apply(lambda url: f"{url}:1"),
    build=docker.DockerBuildArgs(
        context="context", dockerfile="context/Dockerfile", args={"SERVICE": "one"}
    ),
    registry=docker.RegistryArgs(username=token.user_name, password=token.password),
)

role = aws.iam.Role(
    "role", name="role", assume_role_policy=trust("lambda.amazonaws.com"), tags={"Role": "worker"}
)
aws.iam.Policy("boundary", name="boundary", policy=document("sqs:*", "*"))
rights = aws.iam.RolePolicy(
    "rights",
    role=role.name,
    policy=aws.iam.get_policy_document_output(
        statements=[
            aws.iam.GetPolicyDocumentStatementArgs(
                actions=["sqs:*"], resources=[arn("sqs", "queue.fifo")]
            ),
            aws.iam.GetPolicyDocumentStatementArgs(
                actions=["kms:Decrypt"],
                resources=[key.arn],  # pyright: ignore[reportArgumentType] - an output is taken too
            ),
        ]
    ).json,
)
aws.iam.OpenIdConnectProvider(
    "issuer",
    url="https://token.actions.githubusercontent.com",
    client_id_lists=["sts.amazonaws.com"],
    thumbprint_lists=["6938fd4d98bab03faadb97b34396831e3780aea1"],
)

log_group = aws.cloudwatch.LogGroup(
    "logs", name="/aws/lambda/function", retention_in_days=30, kms_key_id=key.arn
)
aws.cloudwatch.LogMetricFilter(
    "filter",
    name="errors",
    log_group_name=log_group.name,
    pattern="ERROR",
    metric_transformation={"name": "Errors", "namespace": "Every", "value": "1"},
)
aws.cloudwatch.QueryDefinition(
    "query",
    name="slowest",
    query_string="fields @timestamp | sort @duration desc",
    log_group_names=[log_group.name],
)
function = aws.lambda_.Function(
    "function",
    name="function",
    package_type="Image",
    image_uri=image.repo_digest,
    role=role.arn,
    timeout=TIMEOUT,
    memory_size=256,
    architectures=["x86_64"],
    environment={"variables": {"SERVICE": "one"}},
    tracing_config={"mode": "Active"},
    logging_config={"log_format": "JSON", "log_group": log_group.name},
    opts=pulumi.ResourceOptions(depends_on=[rights, log_group]),
)
aws.lambda_.EventSourceMapping(
    "mapping",
    event_source_arn=queue.arn,
    function_name=function.name,
    batch_size=10,
    function_response_types=["ReportBatchItemFailures"],
    scaling_config={"maximum_concurrency": 5},
    opts=pulumi.ResourceOptions(ignore_changes=["enabled", "scalingConfig"]),
)
aws.lambda_.Permission(
    "permission",
    statement_id="topic",
    action="lambda:InvokeFunction",
    function=function.name,
    principal="sns.amazonaws.com",
    source_arn=topic.arn,
)
aws.lambda_.FunctionEventInvokeConfig(
    "asynchronous",
    function_name=function.name,
    maximum_retry_attempts=1,
    destination_config={"on_failure": {"destination": plain_dead.arn}},
)

alarm = aws.cloudwatch.MetricAlarm(
    "alarm",
    name="errors",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=1,
    threshold=0.5,
    metric_queries=[
        {"id": "rate", "expression": "errors / 1", "label": "rate", "return_data": True},
        {
            "id": "errors",
            "metric": {
                "metric_name": "Errors",
                "namespace": "AWS/Lambda",
                "period": 60,
                "stat": "Sum",
                "dimensions": {"FunctionName": function.name},
            },
        },
    ],
    alarm_actions=[topic.arn],
)
single = aws.cloudwatch.MetricAlarm(
    "single",
    name="depth",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=1,
    threshold=0,
    metric_name="ApproximateNumberOfMessagesVisible",
    namespace="AWS/SQS",
    period=60,
    statistic="Maximum",
    dimensions={"QueueName": dead.name},
)
aws.cloudwatch.CompositeAlarm(
    "composite",
    alarm_name="anything",
    alarm_rule="ALARM(errors) OR ALARM(depth)",
    opts=pulumi.ResourceOptions(depends_on=[alarm, single]),
)
aws.cloudwatch.Dashboard(
    "dashboard", dashboard_name="everything", dashboard_body=json.dumps({"widgets": []})
)

group = aws.scheduler.ScheduleGroup("schedules", name="everything")
aws.scheduler.Schedule(
    "schedule",
    name="turn",
    group_name=group.name,
    schedule_expression="rate(1 minute)",
    flexible_time_window={"mode": "OFF"},
    target={"arn": function.arn, "role_arn": role.arn, "input": json.dumps({"action": "turn"})},
)

secret = aws.secretsmanager.Secret(
    "secret", name="bank", kms_key_id=key.arn, recovery_window_in_days=0
)
aws.secretsmanager.SecretPolicy(
    "secret-policy",
    secret_arn=secret.arn,
    policy=document("secretsmanager:GetSecretValue", "*", "lambda.amazonaws.com"),
)
aws.xray.ResourcePolicy(
    "traces",
    policy_name="everything",
    policy_document=document("xray:PutTraceSegments", "*", "sns.amazonaws.com"),
)

pulumi.export("queue", queue.url)
pulumi.export("function", function.arn)
pulumi.export("digest", image.repo_digest)
pulumi.export("tags", queue.tags_all)
