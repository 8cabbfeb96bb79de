"""What `up`, `down` and `send` say to the user."""

import shlex
import sys
from pathlib import Path
from urllib.parse import urlsplit

from local.access import State
from local.errors import AlreadyRunningError, LocalError
from local.supervisor import find, start, stop

PAYMENT = (
    '{"message_id": "\'$ID\'", "transaction_type": "payment", "customer_id": "cust-001", '
    '"amount": "120.00", "payment_method": "card"}'
)


def up(directory: Path, port: int | None) -> int:
    """Start a system in the background, or find the one that runs, and say how to use it.

    Raises:
        LocalError: the one that runs is at another port than the one that is asked for.
    """
    try:
        state, news = start(directory, port), "is running"
    except AlreadyRunningError:
        state, news = find(directory), "was running already"
        if port not in {None, urlsplit(state.endpoint).port}:
            raise LocalError(
                f"a system is running already, at {state.endpoint}: "
                f"make down stops it, then make up PORT={port}"
            ) from None
    sys.stdout.write(
        f"The system {news} (process {state.pid}); `make control ARGS=status` shows it, "
        "`make down` stops it.\n\n"
    )
    sys.stdout.write(guide(state))
    return 0


def down(directory: Path) -> int:
    """Stop the system and remove what it left."""
    sys.stdout.write(f"{stop(directory)}\n")
    return 0


def send(directory: Path, file: Path) -> int:
    """Send a file of transactions into the running system."""
    from rich.console import Console  # noqa: PLC0415 - `up` and `down` are quicker without

    from local.scenario.send import send_file  # noqa: PLC0415 - the same

    return send_file(find(directory).access(), file, Console())


def guide(state: State) -> str:
    """Where everything is, and three commands for the AWS CLI."""
    outputs = state.outputs
    environment = {
        "AWS_ENDPOINT_URL": state.endpoint,
        "AWS_CA_BUNDLE": state.ca_bundle,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": state.region,
    }
    exports = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
    attributes = '{"transaction_type": {"DataType": "String", "StringValue": "payment"}}'
    publish = (
        f"ID=pay-$(date +%s); aws sns publish --topic-arn {outputs.transaction_topic_arn} "
        f"--message-group-id cust-001 --message-deduplication-id $ID "
        f"--message-attributes '{attributes}' --message '{PAYMENT}'"
    )
    control = f"aws sns publish --topic-arn {outputs.control_topic_arn} --message "
    pause, resume = (
        control + shlex.quote(f'{{"action": "{action}", "service": "payment-processing"}}')
        for action in ("disable", "enable")
    )
    facts = {
        "page": state.page_url,
        "endpoint": state.endpoint,
        "bank": f"{state.bank_url} (books: {state.bank_control_url}/_bank/books)",
        "transaction topic": outputs.transaction_topic_arn,
        "control topic": outputs.control_topic_arn,
        "outcomes topic": outputs.outcomes_topic_arn,
    }
    said = "".join(f"{name:18} {value}\n" for name, value in facts.items() if value)
    return (
        f"{said}\nFor the AWS CLI:\n\n"
        # What the shell has of another account would go before these, or with them.
        f"unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION; export {exports}\n\n"
        f"# publish a payment\n{publish}\n\n"
        f"# pause\n{pause}\n\n"
        f"# resume\n{resume}\n"
    )
