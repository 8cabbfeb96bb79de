"""The secret for the bank's API key. The program never holds its value."""

import pulumi
import pulumi_aws as aws

from components.encryption import EncryptionKey
from components.stage import Component, Stage

RECOVERY_WINDOW_DAYS = 7
"""The least that Secrets Manager allows; in the local stack a name must be free at once: 0."""


class BankSecret(Component):
    """A secret without a value: an operator puts it, and rotates it, without a deployment."""

    def __init__(
        self,
        name: str,
        stage: Stage,
        key: EncryptionKey,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, stage, {"secretName": stage.names.bank_secret}, opts)
        self.secret = aws.secretsmanager.Secret(
            name,
            name=stage.names.bank_secret,
            description="The API key with which the workers call the bank",
            kms_key_id=stage.names.key_alias,
            recovery_window_in_days=RECOVERY_WINDOW_DAYS if stage.settings.protect else 0,
            opts=self.child(key.alias, protect=True),
        )
        self.register_outputs({"name": stage.names.bank_secret})
