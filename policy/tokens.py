"""Pulumi type tokens that the controls judge, under the names that AWS uses."""

from typing import Final

QUEUE: Final = "aws:sqs/queue:Queue"
QUEUE_POLICY: Final = "aws:sqs/queuePolicy:QueuePolicy"
QUEUE_REDRIVE: Final = "aws:sqs/redrivePolicy:RedrivePolicy"
QUEUE_REDRIVE_ALLOW: Final = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"

TOPIC: Final = "aws:sns/topic:Topic"
TOPIC_POLICY: Final = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"

FUNCTION: Final = "aws:lambda/function:Function"
FUNCTION_URL: Final = "aws:lambda/functionUrl:FunctionUrl"
PERMISSION: Final = "aws:lambda/permission:Permission"
MAPPING: Final = "aws:lambda/eventSourceMapping:EventSourceMapping"
INVOKE_CONFIG: Final = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"

REPOSITORY: Final = "aws:ecr/repository:Repository"
REPOSITORY_POLICY: Final = "aws:ecr/repositoryPolicy:RepositoryPolicy"
REPOSITORY_LIFECYCLE: Final = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
IMAGE: Final = "docker:index/image:Image"
BUILD_IMAGE: Final = "docker-build:index:Image"

ROLE: Final = "aws:iam/role:Role"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
ROLE_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ATTACHMENT: Final = "aws:iam/policyAttachment:PolicyAttachment"
EXCLUSIVE_ATTACHMENTS: Final = (
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
)
USER_ATTACHMENT: Final = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
GROUP_ATTACHMENT: Final = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
MANAGED_POLICY: Final = "aws:iam/policy:Policy"
USER_POLICY: Final = "aws:iam/userPolicy:UserPolicy"
GROUP_POLICY: Final = "aws:iam/groupPolicy:GroupPolicy"

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE_ALARM: Final = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
EVENT_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"

BUCKET_NOTIFICATION: Final = "aws:s3/bucketNotification:BucketNotification"

KEY: Final = "aws:kms/key:Key"
KEY_ALIAS: Final = "aws:kms/alias:Alias"
KEY_POLICY: Final = "aws:kms/keyPolicy:KeyPolicy"

TABLE: Final = "aws:dynamodb/table:Table"
TABLE_POLICY: Final = "aws:dynamodb/resourcePolicy:ResourcePolicy"
SCALING_TARGET: Final = "aws:appautoscaling/target:Target"
BACKUP_SELECTION: Final = "aws:backup/selection:Selection"
DAX_CLUSTER: Final = "aws:dax/cluster:Cluster"

SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105 (a type token)
SECRET_POLICY: Final = "aws:secretsmanager/secretPolicy:SecretPolicy"  # noqa: S105 (a type token)
SECRET_VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105 (a type token)

SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
SCHEDULE_GROUP: Final = "aws:scheduler/scheduleGroup:ScheduleGroup"

TRACE_POLICY: Final = "aws:xray/resourcePolicy:ResourcePolicy"

STACK: Final = "pulumi:pulumi:Stack"

IDENTITY_DOCUMENT: Final = "*identity-document"
"""Not a Pulumi type: every resource that carries permissions of an identity (see `policy.iam`)."""

RESOURCE_DOCUMENT: Final = "*resource-document"
"""Not a Pulumi type: every resource that carries a resource policy (queue, topic, key, ...)."""

NAMED: Final = (
    QUEUE,
    TOPIC,
    FUNCTION,
    ROLE,
    TABLE,
    SECRET,
    LOG_GROUP,
    REPOSITORY,
    ALARM,
    KEY_ALIAS,
    SCHEDULE,
    SCHEDULE_GROUP,
)
"""What a program gives a name that people and policies know it by."""
