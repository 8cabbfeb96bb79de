"""Who may take a role."""

from tests.policy.cases import Case
from tests.policy.sound.edits import Edit, given, unknown
from tests.policy.sound.parts import Json, arn, document, trust

SAML = arn("iam", "saml-provider/ours", regional=False)
GITLAB = arn("iam", "oidc-provider/gitlab.com", regional=False)
GITHUB = arn("iam", "oidc-provider/token.actions.githubusercontent.com", regional=False)


def trusts(principal: Json, action: str = "sts:AssumeRole", **condition: Json) -> Edit:
    found = {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition}
    return given("pay-role", assumeRolePolicy=document(found))


def github(subject: str | list[str], audience: str = "sts.amazonaws.com") -> Edit:
    keys = {
        "token.actions.githubusercontent.com:sub": subject,
        "token.actions.githubusercontent.com:aud": audience,
    }
    return trusts({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", StringLike=keys)


CASES = (
    Case(
        "iam-trust",
        (
            trusts("*"),
            trusts({"AWS": arn("iam", "root", regional=False)}),
            trusts({"AWS": "arn:aws:iam::999999999999:role/x"}),
            trusts({"Service": "lambda.amazonaws.com"}, "sts:*"),
            trusts({"Federated": SAML}, "sts:AssumeRoleWithSAML"),
            trusts(
                {"Federated": GITLAB},
                "sts:AssumeRoleWithWebIdentity",
                StringEquals={"gitlab.com:aud": "sts.amazonaws.com"},
            ),
        ),
        (unknown("pay-role", "assumeRolePolicy"),),
        (
            trusts({"AWS": arn("iam", "role/x", regional=False)}),
            trusts(
                {"Federated": SAML},
                "sts:AssumeRoleWithSAML",
                StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"},
            ),
            trusts(
                {"Federated": GITLAB},
                "sts:AssumeRoleWithWebIdentity",
                StringEquals={"gitlab.com:sub": "project_path:me/it:ref_type:branch:ref:main"},
            ),
        ),
    ),
    Case(
        "iam-trust-service",
        (
            given("turn-role", assumeRolePolicy=trust("scheduler.amazonaws.com")),
            given("turn-role", assumeRolePolicy=trust("states.us-east-2.amazonaws.com")),
            given(
                "turn-role",
                assumeRolePolicy=trust(
                    "scheduler.amazonaws.com",
                    StringEquals={
                        "aws:SourceAccount": "999999999999",
                        "aws:SourceArn": arn("scheduler", "schedule-group/x"),
                    },
                ),
            ),
        ),
        (unknown("turn-role", "assumeRolePolicy"),),
    ),
    Case(
        "iam-oidc-subject",
        (
            github("repo:me/it:*"),
            github("repo:me/*:ref:refs/heads/main"),
            github("*"),
            github("repo:me/it:pull_request"),
            github("repo:me/it:ref:refs/heads/main", "*"),
        ),
        (unknown("pay-role", "assumeRolePolicy"),),
        (github("repo:me/it:ref:refs/heads/main"), github(["repo:me/it:environment:prod"])),
    ),
)
