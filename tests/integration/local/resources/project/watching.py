"""Logs, alarms, a dashboard and traces."""

import json

import pulumi
import pulumi_aws as aws

from tests.integration.local.resources.project.documents import document


def make_logs(key: aws.kms.Key) -> aws.cloudwatch.LogGroup:
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
    return log_group


def make_alarms(function: aws.lambda_.Function, dead: aws.sqs.Queue, topic: aws.sns.Topic) -> None:
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


def allow_traces() -> None:
    aws.xray.ResourcePolicy(
        "traces",
        policy_name="everything",
        policy_document=document("xray:PutTraceSegments", "*", "sns.amazonaws.com"),
    )
