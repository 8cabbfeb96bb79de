"""bank-account-setup: puts customers' bank accounts on file with the bank."""

from typing import Any

from handlers.bank_account_setup.accounts import BankAccounts
from handlers.common.service import Context, service
from handlers.common.settings import one_of
from handlers.common.standalone import standalone


def _accounts() -> BankAccounts:
    if standalone():
        return BankAccounts(verify_checksum=False)
    return BankAccounts(verify_checksum=one_of("VERIFY_CHECKSUM", "true", "false") == "true")


_service = service(_accounts())


def handler(event: object, context: Context) -> dict[str, Any]:
    """Lambda's entry point."""
    return _service.handle(event, context)
