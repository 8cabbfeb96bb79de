"""`python -m control COMMAND`: what an operator sees and does, on any stack."""

import sys
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from control.cli import app
from control.errors import ControlError, Exit


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; whatever goes wrong is one message and an exit code."""
    try:
        app(arguments, prog_name="control")
    except ControlError as error:
        sys.stderr.write(f"{error}\n")
        return error.code
    except (ClientError, BotoCoreError) as error:
        sys.stderr.write(f"AWS: {error}\n")
        return Exit.FAILED
    return Exit.DONE


if __name__ == "__main__":
    sys.exit(main())
