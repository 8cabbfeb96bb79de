"""What the environment of a handler is in every benchmark; what is asked of AWS differs."""

import os

import msgspec

from bench.simulator.stack import stack


def of_service(service: str) -> dict[str, str]:
    """The variables that lead nowhere: this process's own, prod's rules, the settings' values."""
    return {
        **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
        "ENVIRONMENT": "bench",
        "SERVICE": service,
        "POWERTOOLS_SERVICE_NAME": service,
        "LOG_LEVEL": "INFO",
        "CIRCUIT": msgspec.json.encode(stack("prod").rules).decode(),
        "BANK_CONNECT_TIMEOUT": "2",
        "BANK_READ_TIMEOUT": "10",
        "BANK_KEY_MEMORY": "86400",
        "MAX_ATTEMPTS": "5",
        "RETRY_BACKOFF": "5",
        "RETRY_BACKOFF_CAP": "900",
        "LEDGER_RETENTION": "7776000",
        "FEE_THRESHOLD": "100",
        "FEE_RATE": "0.025",
        "MISSING_ACCOUNT": "reject",
        "VERIFY_CHECKSUM": "true",
    }
