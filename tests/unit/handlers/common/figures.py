"""The service of these tests, and its times in seconds."""

from handlers.common.worker.attempts import Retry

SERVICE = "payment-processing"
RETRY = Retry(max_attempts=3, backoff=5, backoff_cap=900, key_memory=86_400, bank_timeout=12)
TIMEOUT = 30.0
VISIBILITY = 180.0
