"""What the workflows promise and their linters do not know: who may what, and what they call."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.making import make
from tests.unit.docs.commands import asked_targets, named_commands

ROOT = Path(__file__).parents[2]
WORKFLOWS = {path.stem: path for path in sorted((ROOT / ".github/workflows").glob("*.yaml"))}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
STEP = re.compile(r"\bmake (?:--silent )?(?:-C \w+ )?((?:[a-z-]+ ?)+)")
BESIDES = {
    # Main's rules in the place of the pull request's; and the target of a matrix.
    "rm -rf policy policy.json && cp -R judge/policy judge/policy.json .",
    'make "$TARGET"',
}

USES = re.compile(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v[\d.]+)$")


def jobs(workflow: str) -> dict[str, dict[str, Any]]:
    return yaml.safe_load(WORKFLOWS[workflow].read_text())["jobs"]


def every_job() -> Iterator[tuple[str, dict[str, Any]]]:
    for workflow in WORKFLOWS:
        for name, job in jobs(workflow).items():
            yield f"{workflow}: {name}", job


def runs() -> list[str]:
    return [step["run"] for _, job in every_job() for step in job.get("steps", []) if "run" in step]


def test_an_action_is_pinned_by_commit_and_by_the_same_everywhere() -> None:
    pins = dict[str, str]()
    for text in (path.read_text() for path in WORKFLOWS.values()):
        for line in re.findall(r"uses: .*", text):
            if not line.startswith("uses: ./"):
                found = USES.fullmatch(line)
                assert found, line
                assert pins.setdefault(found[1], found[2]) == found[2]


@pytest.mark.parametrize("run", sorted(set(runs()) - BESIDES))
def test_a_step_calls_a_target_that_people_call(run: str) -> None:
    called = STEP.search(run)
    assert called, run
    assert set(called[1].split()) - {"echo"} <= TARGETS


def test_the_matrix_of_tests_names_targets() -> None:
    assert set(jobs("pull-request")["test"]["strategy"]["matrix"]["target"]) <= TARGETS


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_a_job_has_only_what_it_names_and_no_secret(workflow: str) -> None:
    text = WORKFLOWS[workflow].read_text()
    assert yaml.safe_load(text)["permissions"] == {}
    assert "secrets." not in text
    assert "pull_request_target" not in text
    assert all("permissions" in job for job in jobs(workflow).values())


def test_a_job_has_an_identity_only_for_an_environment() -> None:
    """The environment is what the roles on AWS trust."""
    for name, job in every_job():
        identity = job["permissions"].get("id-token") == "write"
        assert identity == ("environment" in job or "uses" in job), name


@pytest.mark.parametrize(
    "guard",
    [
        "github.event.pull_request.head.repo.full_name == github.repository",
        "github.triggering_actor != 'dependabot[bot]'",
    ],
)
def test_neither_a_fork_nor_packages_that_nobody_looked_at_get_an_identity(guard: str) -> None:
    for name, job in jobs("pull-request").items():
        if "id-token" in job["permissions"]:
            assert guard in job["if"].split(" && "), name


def test_a_stack_is_changed_only_after_the_one_before_it_and_only_from_the_chosen_commit() -> None:
    deploy = jobs("deploy")
    assert [name for name in deploy if "uses" in deploy[name]] == ["dev", "staging", "prod"]
    assert (deploy["dev"]["needs"], deploy["staging"]["needs"], deploy["prod"]["needs"]) == (
        ["commit", "test"],
        ["commit", "dev"],
        ["commit", "staging"],
    )
    for name in ("dev", "staging", "prod"):
        assert deploy[name]["with"] == {
            "stack": name,
            "commit": "${{ needs.commit.outputs.sha }}",
        }


def test_a_deployment_is_neither_overlapped_nor_cut_off_and_makes_no_stack() -> None:
    concurrency = yaml.safe_load(WORKFLOWS["deploy"].read_text())["concurrency"]
    assert concurrency == {"group": "deploy", "cancel-in-progress": False}
    (update,) = [step for step in jobs("deploy-stack")["up"]["steps"] if commanded(step)]
    assert update["with"]["command"] == "up"
    assert "upsert" not in update["with"]


def commanded(step: dict[str, Any]) -> bool:
    """Whether the step gives the engine a command; without one it only installs it."""
    return "command" in step.get("with", {})


def test_a_pull_request_passes_what_ci_proves_and_is_judged_by_mains_pack() -> None:
    proven = re.findall(r"proven make (\S+)", (ROOT / ".ci/run").read_text())
    found = jobs("pull-request")
    assert found["test"]["strategy"]["matrix"]["target"] == proven
    assert "make check workflows" in [step.get("run") for step in found["check"]["steps"]]
    for name in ("policy", "preview"):
        places = [step["with"] for step in found[name]["steps"] if "path" in step.get("with", {})]
        assert [(place["ref"], place["path"]) for place in places] == [("main", "judge")]
    (preview,) = [step["with"] for step in found["preview"]["steps"] if commanded(step)]
    assert preview["command"] == "preview"
    assert preview["policyPacks"] == "judge/policy"


def test_whoever_contributes_is_told_every_target_that_a_pull_request_must_pass() -> None:
    found = jobs("pull-request")
    steps = [STEP.search(step.get("run", "")) for step in found["check"]["steps"]]
    asked = {target for step in steps if step for target in step[1].split()}
    asked |= set(found["test"]["strategy"]["matrix"]["target"])
    told = [command for page, command in named_commands() if page == "CONTRIBUTING.md"]
    assert asked <= {t for c in told if c.startswith("make ") for t in asked_targets(c)}


def test_each_stack_is_previewed_and_once_a_day_compared_by_who_only_reads() -> None:
    for job in (jobs("pull-request")["preview"], jobs("scheduled")["drift"]):
        assert job["strategy"]["matrix"]["stack"] == ["dev", "staging", "prod"]
        assert job["environment"] == "preview-${{ matrix.stack }}"
    (schedule,) = re.findall(r'cron: "(.*)"', WORKFLOWS["scheduled"].read_text())
    assert schedule.split()[2:] == ["*", "*", "*"]
    assert "--policy-pack policy --policy-pack-config policy.json" in make(ROOT, "-n", "drift")


def test_the_engine_is_the_one_that_the_tests_build() -> None:
    built = re.search(r"pulumi/pkg/v3 v(\S+)", (ROOT / "tools/go.mod").read_text())
    assert built
    for name, job in every_job():
        for step in job.get("steps", []):
            if step.get("uses", "").startswith("pulumi/actions"):
                assert step["with"]["pulumi-version"] == built[1], name


GRANTS = re.compile(r'\bGrant\(|\bdocument\(|"Effect"')
"""How a module says who may do what."""


@pytest.mark.parametrize(
    "path",
    [
        "policy/PulumiPolicy.yaml",
        "policy.json",
        ".github/workflows/deploy.yaml",
        "components/pipeline_actions.py",
        *sorted(
            str(path.relative_to(ROOT))
            for path in (ROOT / "components").glob("*.py")
            if GRANTS.search(path.read_text())
        ),
    ],
)
def test_rules_and_rights_have_owners(path: str) -> None:
    lines = (ROOT / ".github/CODEOWNERS").read_text().splitlines()
    owned = [line.split()[0] for line in lines if line and not line.startswith("#")]
    assert (ROOT / path).exists()
    assert all((ROOT / entry.lstrip("/")).exists() for entry in owned)
    assert any(f"/{path}" == entry or f"/{path}".startswith(f"{entry}") for entry in owned)


def test_what_is_locked_is_kept_new() -> None:
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
    watched = {
        (update["package-ecosystem"], Path(directory).relative_to("/"))
        for update in updates
        for directory in (update.get("directories") or [update["directory"]])
    }
    listed = [
        *ROOT.glob("tools/**/go.mod"),
        *ROOT.glob("handlers/Dockerfile"),
        *ROOT.glob("local/**/Dockerfile"),
        *ROOT.glob("requirements/*.in"),
    ]
    kinds = {"go.mod": "gomod", "Dockerfile": "docker"}
    assert {path.name for path in listed} >= {*kinds, "handlers.in"}
    for path in listed:
        assert (kinds.get(path.name, "pip"), path.parent.relative_to(ROOT)) in watched


def test_the_base_image_is_the_same_wherever_it_is_named() -> None:
    named = {
        path: set(re.findall(r"public\.ecr\.aws/lambda/python\S*@sha256:[0-9a-f]{64}", text))
        for path in ("handlers/Dockerfile", "local/containers/Dockerfile", "Pulumi.yaml")
        for text in [(ROOT / path).read_text()]
    }
    compose = (ROOT / "docker-compose.yml").read_text()
    assert len(set.union(*named.values())) == 1
    for (image,) in named.values():
        assert image in compose
