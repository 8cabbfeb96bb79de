import pytest

from local.compute.settings import MappingSettings


@pytest.mark.parametrize(
    ("state", "enabled"),
    [
        ("Enabled", True),
        ("Updating", True),
        ("Creating", False),
        ("Enabling", False),
        ("Disabling", False),
        ("Disabled", False),
        ("Deleting", False),
    ],
)
def test_a_mapping_delivers_in_its_settled_states_only(state: str, *, enabled: bool) -> None:
    mapping = {
        "UUID": "u",
        "EventSourceArn": "arn:aws:sqs:us-east-2:123456789012:q.fifo",
        "FunctionArn": "arn:aws:lambda:us-east-2:123456789012:function:f",
        "State": state,
    }

    settings = MappingSettings.of(mapping)

    assert settings.enabled is enabled
    assert settings.function == "f"
