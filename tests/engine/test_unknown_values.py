"""Why names are explicit: what a rule of the SDK does where a first preview knows no value.

https://github.com/pulumi/pulumi-policy/issues/258
"""

from pathlib import Path

import pytest

from local.engine.place import Place
from local.engine.workspace import lay_out_pack
from tests.engine.project import ROOT, Project

RULE = ROOT / "bench" / "rivals" / "one_rule"

PROGRAM = """
import pulumi
import pulumi_aws as aws

queue = aws.sqs.Queue("queue")
statement = {{"Effect": "Allow", "Action": "sqs:*", "Resource": {resource}}}
policy = pulumi.Output.json_dumps({{"Version": "2012-10-17", "Statement": [statement]}})
aws.iam.RolePolicy("grants", role="worker", policy=policy)
"""

PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy


def narrow(args, report_violation):
    if args.resource_type == "aws:iam/rolePolicy:RolePolicy" and "sqs:*" in args.props["policy"]:
        report_violation("it may do everything", None)


PolicyPack(
    "naive",
    [ResourceValidationPolicy("narrow", "A role may not do everything", narrow)],
    enforcement_level=EnforcementLevel.MANDATORY,
)
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The rule, mandatory, in the form in which the engine here can start it."""
    folder = lay_out_pack(Place(root=ROOT), RULE, tmp_path / "pack")
    (folder / "__main__.py").write_text(PACK)
    return folder


@pytest.fixture
def project(source: Path, tmp_path: Path) -> Project:
    made = Project(source=source, folder=tmp_path / "made", stack="dev", environment={})
    made.init()
    return made


@pytest.mark.parametrize(
    ("resource", "refused", "says"),
    [("'*'", True, "[mandatory]"), ("queue.arn", False, "[advisory]")],
    ids=["known", "unknown"],
)
def test_a_mandatory_rule_is_skipped_with_exit_code_0_where_its_value_is_unknown(
    project: Project, pack: Path, resource: str, *, refused: bool, says: str
) -> None:
    (project.program / "__main__.py").write_text(PROGRAM.format(resource=resource))
    done = project.pulumi("preview", "--stack", "dev", "--policy-pack", str(pack), check=False)
    assert (done.returncode != 0, says in done.stdout) == (refused, True), done.stdout + done.stderr
