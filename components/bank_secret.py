"""The secret for the bank's API key. The program never holds its value."""

import pulumi
import pulumi_aws as aws

from components.encryption import Foundation
from components.stage import Component

RECOVERY_WINDOW_DAYS = 7
"""The least that Secrets Manager allows; in the local stack a name must be free at once: 0."""


class BankSecret(Component):
    """A secret without a value: an operator puts it, and rotates it, without a deployment."""

    def __init__(
        self, name: str, base: Foundation, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, base.stage, {"secretName": base.names.bank_secret}, opts)
        self.secret = aws.secretsmanager.Secret(
            name,
            name=base.names.bank_secret,
            description="The API key with which the workers call the bank",
            # By ARN or id, says the provider's page: an alias may come back as another text.
            kms_key_id=base.key.arn,
            recovery_window_in_days=RECOVERY_WINDOW_DAYS if base.settings.protect else 0,
            opts=self.child(protect=True),
        )
        self.register_outputs({"name": base.names.bank_secret})
