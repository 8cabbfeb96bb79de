"""What code runs, and that nothing else does."""

from policy.values import UNKNOWN
from tests.policy.cases import Case
from tests.policy.sound.edits import given, option, unknown
from tests.policy.sound.parts import ACCOUNT
from tests.policy.sound.program import resources

ZIP = {"packageType": None, "imageUri": None, "filename": "x.zip"}

CASES = (
    Case(
        "lambda-supported-runtime",
        (given("pay-function", **ZIP), given("pay-function", **ZIP, runtime="python3.8")),
        (option("pay-function", inputs={"filename": "x", "runtime": UNKNOWN}),),
        (given("pay-function", **ZIP, runtime="python3.14"),),
    ),
    Case(
        "lambda-code-signing",
        (given("pay-function", codeSigningConfigArn=None),),
        (),
        (unknown("pay-function", "codeSigningConfigArn"),),
        base=(
            given("pay-function", codeSigningConfigArn="x"),
            given("clock-function", codeSigningConfigArn="x"),
        ),
    ),
    Case(
        "lambda-image-digest",
        (
            given("pay-function", imageUri="repo:latest"),
            given("pay-function", imageUri=f"repo:tag@sha256:{'a' * 64}"),
            given("pay-function", imageUri="repo@sha256:short"),
        ),
        (unknown("pay-function", "imageUri"),),
        (given("pay-function", imageUri=f"1.dkr.ecr.x.amazonaws.com/repo@sha256:{'a' * 64}"),),
    ),
    Case(
        "lambda-image-single-manifest",
        (
            given("pay-image", build={"platform": "linux/arm64"}),
            given("pay-image", build={}),
            given("pay-function", architectures=["arm64"]),
        ),
        (unknown("pay-image", "build"), unknown("pay-function", "architectures")),
    ),
    Case(
        "lambda-image-repository",
        (
            given("pay-image", imageName="docker.io/x:1"),
            given(
                "pay-image",
                imageName=f"{ACCOUNT}.dkr.ecr.us-east-2.amazonaws.com/shop-dev-pay:latest",
            ),
            given("pay-image", registry=None),
            given("pay-image", registry={"server": "other"}),
            given("pay-image", skipPush=True),
        ),
        (unknown("pay-image", "imageName"),),
    ),
    Case(
        "lambda-image-base-pinned",
        (
            given("pay-image", build={"args": {"BASE_IMAGE": "python:3"}}),
            given("pay-image", build={"args": {}}),
        ),
        (unknown("pay-image", "build"),),
    ),
    Case(
        "lambda-image-own",
        (option("pay-function", edges={"imageUri": (resources()["clock-image"].urn,)}),),
        (),
    ),
    Case(
        "lambda-package",
        (
            given("pay-function", packageType="Jar"),
            given("pay-function", packageType=None),
            given("pay-function", imageUri=None),
        ),
        (unknown("pay-function", "packageType"),),
    ),
)
