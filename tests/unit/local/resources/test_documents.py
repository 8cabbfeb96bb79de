import json

from local.resources.documents import policy_document


def test_a_document_is_written_as_iam_reads_it() -> None:
    arguments = {
        "statements": [
            {
                "sid": "Send",
                "actions": ["sqs:SendMessage"],
                "resources": ["a", "b"],
                "principals": [{"type": "Service", "identifiers": ["sns.amazonaws.com"]}],
                "conditions": [
                    {"test": "ArnEquals", "variable": "aws:SourceArn", "values": ["t"]},
                    {"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"]},
                ],
            }
        ]
    }
    assert json.loads(policy_document(arguments)["json"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Sid": "Send",
                "Action": "sqs:SendMessage",
                "Resource": ["a", "b"],
                "Principal": {"Service": "sns.amazonaws.com"},
                "Condition": {
                    "ArnEquals": {"aws:SourceArn": "t"},
                    "Bool": {"aws:SecureTransport": "true"},
                },
            }
        ],
    }


def test_everybody_is_a_star() -> None:
    star = [{"type": "*", "identifiers": ["*"]}]
    statements = [{"effect": "Deny", "actions": ["*"], "resources": ["*"], "principals": star}]
    document = json.loads(policy_document({"statements": statements})["minifiedJson"])
    assert document["Statement"][0]["Principal"] == "*"
