"""What the container `bank` of docker-compose.yml runs."""

import os
import sys

import msgspec

from local.bank.__main__ import main
from local.bank.desk import SETTINGS, Settings

PORT = 8600

if __name__ == "__main__":
    settings = Settings(api_key=os.environ["BANK_API_KEY"])
    os.environ[SETTINGS] = msgspec.json.encode(settings).decode()
    sys.argv[1:] = ["--port", str(PORT)]
    sys.exit(main())
