"""What the container `bank` of docker-compose.yml runs."""

import os
import sys

import msgspec

from local.bank.__main__ import main
from local.bank.desk import Settings

PORT = 8600

if __name__ == "__main__":
    settings = msgspec.json.encode(Settings(api_key=os.environ["BANK_API_KEY"])).decode()
    sys.argv[1:] = ["--port", str(PORT), "--settings", settings]
    sys.exit(main())
