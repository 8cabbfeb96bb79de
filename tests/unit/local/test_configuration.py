from pathlib import Path

import pytest

from local.configuration import ConfigurationError, read_configuration

PROJECT = """
name: shop
config:
  timeout: {type: integer, default: 10}
  strict: {type: boolean, default: true}
  services: {type: object, default: {}}
  accountId: {type: string}
  bare: five
"""


def project(root: Path, **stacks: str) -> Path:
    (root / "Pulumi.yaml").write_text(PROJECT)
    for stack, text in stacks.items():
        (root / f"Pulumi.{stack}.yaml").write_text(text)
    return root


def test_the_stacks_value_goes_before_the_schemas_default(tmp_path: Path) -> None:
    root = project(tmp_path, dev="config: {shop:timeout: 30, accountId: '1'}")
    assert read_configuration(root, "dev").values["shop:timeout"] == "30"


def test_a_default_holds_where_the_stack_says_nothing(tmp_path: Path) -> None:
    root = project(tmp_path, dev="config: {accountId: '1'}")
    assert read_configuration(root, "dev").values["shop:strict"] == "true"


def test_a_key_without_a_namespace_is_the_projects(tmp_path: Path) -> None:
    root = project(tmp_path, dev="config: {accountId: '1', aws:region: eu-west-1}")
    assert set(read_configuration(root, "dev").values) == {
        "shop:timeout",
        "shop:strict",
        "shop:services",
        "shop:accountId",
        "shop:bare",
        "aws:region",
    }


def test_objects_come_as_json(tmp_path: Path) -> None:
    root = project(tmp_path, dev="config: {accountId: '1', services: {payment: {timeout: 5}}}")
    values = read_configuration(root, "dev").values
    assert values["shop:services"] == '{"payment": {"timeout": 5}}'


def test_text_that_reads_as_the_type_is_taken_as_the_engine_takes_it(tmp_path: Path) -> None:
    root = project(tmp_path, dev="config: {accountId: '1', strict: 'false', timeout: '30'}")
    values = read_configuration(root, "dev").values
    assert (values["shop:strict"], values["shop:timeout"]) == ("false", "30")


def test_a_missing_stack_names_those_that_exist(tmp_path: Path) -> None:
    root = project(tmp_path, dev="", prod="")
    with pytest.raises(ConfigurationError, match=r"no stack 'test': the project has dev, prod"):
        read_configuration(root, "test")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: {}", "no value for shop:accountId"),
        ("config: {accountId: '1', timeout: soon}", "shop:timeout is 'soon'.*type integer"),
        ("config: {accountId: '1', timeout: true}", "shop:timeout is True.*type integer"),
        ("config: {accountId: {secure: abc}}", "accountId is encrypted"),
        ("- a list", "is no mapping"),
        ("config: [", "is no YAML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read_configuration(project(tmp_path, dev=text), "dev")
