"""Once per AWS account: what the GitHub workflows need before the first deployment."""

import sys
from pathlib import Path

import pulumi

# The components lie beside this folder, and the engine starts the program in it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from components.account import confirm_account
from components.pipeline import Pipeline, PipelineProps

config = pulumi.Config()
account = config.require("accountId")
confirm_account(account)
pipeline = Pipeline(
    "pipeline",
    PipelineProps(
        account=account,
        region=pulumi.Config("aws").require("region"),
        repository=config.require("repository"),
        stacks=tuple(config.require_object("stacks")),
        state_bucket=config.get("stateBucket") or "",
        state_key=config.get("stateKey") or "",
        knows_github=config.get_bool("knowsGithub") or False,
    ),
)
pulumi.export("role_arns", pipeline.arns)
