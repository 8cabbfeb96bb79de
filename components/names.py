"""Names, and the ARNs that follow from them before anything exists.

A policy document, a redrive policy or a filter made from these is known in the first preview,
so that policies can judge it there. Keep a `depends_on` where a name replaces an output.
"""

from dataclasses import dataclass

PROJECT = "utility-customer-system"
MANAGER = "subscription-manager"


@dataclass(frozen=True, kw_only=True)
class Names:
    """All names of one stack."""

    stack: str
    account: str
    region: str

    @property
    def prefix(self) -> str:
        """What every name begins with."""
        return f"{PROJECT}-{self.stack}"

    def of(self, what: str) -> str:
        """The name of a role, function, repository, alarm and the like."""
        return f"{self.prefix}-{what}"

    def arn(self, service: str, resource: str, *, regional: bool = True) -> str:
        """The ARN of a resource in this account."""
        return f"arn:aws:{service}:{self.region if regional else ''}:{self.account}:{resource}"

    def queue(self, what: str) -> str:
        """The name of a FIFO queue."""
        return f"{self.of(what)}.fifo"

    def dead_letter_queue(self, what: str) -> str:
        """The name of the FIFO queue for the dead letters of a queue."""
        return self.queue(f"{what}-dlq")

    def delivery_queue(self, what: str) -> str:
        """The name of the FIFO queue for what SNS could not deliver to a queue."""
        return self.queue(f"{what}-delivery-dlq")

    @property
    def manager_dead_letter_queue(self) -> str:
        """The name of the manager's standard queue for what did not reach it."""
        return self.of(f"{MANAGER}-dlq")

    def queue_arn(self, name: str) -> str:
        """The ARN of a queue by its full name."""
        return self.arn("sqs", name)

    def queue_url(self, name: str) -> str:
        """The URL of a queue, by its full name, as SQS itself makes it.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
        """
        return f"https://sqs.{self.region}.amazonaws.com/{self.account}/{name}"

    @property
    def transaction_topic(self) -> str:
        """The name of the topic on which transactions arrive."""
        return f"{self.of('transaction-processing')}.fifo"

    @property
    def control_topic(self) -> str:
        """The name of the topic for commands, trips and alarms."""
        return self.of("subscription-control")

    @property
    def outcomes_topic(self) -> str:
        """The name of the topic on which every transaction's end is announced."""
        return f"{self.of('outcomes')}.fifo"

    @property
    def notifications_topic(self) -> str:
        """The name of the topic for people."""
        return self.of("notifications")

    def topic_arn(self, name: str) -> str:
        """The ARN of a topic by its full name."""
        return self.arn("sns", name)

    def function_arn(self, service: str) -> str:
        """The ARN of a service's function."""
        return self.arn("lambda", f"function:{self.of(service)}")

    def role_arn(self, what: str) -> str:
        """The ARN of a role."""
        return self.arn("iam", f"role/{self.of(what)}", regional=False)

    @property
    def boundary(self) -> str:
        """The name of the bootstrap program's policy under which the stack's roles are."""
        return f"{PROJECT}-boundary-{self.stack}"

    def log_group(self, service: str) -> str:
        """The name of a function's log group."""
        return f"/aws/lambda/{self.of(service)}"

    @property
    def ledger_table(self) -> str:
        """The name of the table of transactions."""
        return self.of("ledger")

    @property
    def circuit_table(self) -> str:
        """The name of the table of circuits and their histories."""
        return self.of("circuit")

    def table_arn(self, name: str) -> str:
        """The ARN of a table by its full name."""
        return self.arn("dynamodb", f"table/{name}")

    @property
    def key_alias(self) -> str:
        """The alias of the stack's key, as AWS services take it."""
        return f"alias/{self.prefix}"

    @property
    def fingerprint_alias(self) -> str:
        """The alias of the key from which the secret of the ledger's fingerprints follows."""
        return f"{self.key_alias}-fingerprints"

    @property
    def bank_secret(self) -> str:
        """The name of the secret that holds the bank's API key."""
        return self.of("bank-api-key")

    @property
    def bank_secret_arn(self) -> str:
        """The secret's ARN; Secrets Manager ends it with a dash and six random characters."""
        return self.arn("secretsmanager", f"secret:{self.bank_secret}-??????")

    @property
    def registry(self) -> str:
        """The host of the account's ECR registry."""
        return f"{self.account}.dkr.ecr.{self.region}.amazonaws.com"

    def backstop_alarm(self, service: str) -> str:
        """The name of the alarm that trips a circuit when no code inside can."""
        return self.of(f"{service}-errors")

    def alarm_arn(self, name: str) -> str:
        """The ARN of an alarm, or of a pattern of alarms, by name."""
        return self.arn("cloudwatch", f"alarm:{name}")

    def every(self, service: str) -> tuple[str, ...]:
        """The ARNs that a stack's resources of an AWS service have."""
        own = f"{self.prefix}-*"
        dashboard = self.arn("cloudwatch", f"dashboard/{self.prefix}", regional=False)
        by_service = {
            "sqs": (self.arn("sqs", own),),
            "sns": (self.arn("sns", own),),
            "dynamodb": (self.table_arn(own),),
            "lambda": (self.function_arn("*"),),
            "ecr": (self.arn("ecr", f"repository/{own}"),),
            "iam": (self.role_arn("*"),),
            "logs": (self.arn("logs", f"log-group:{self.log_group('*')}"),),
            "cloudwatch": (self.alarm_arn(own), dashboard),
            "scheduler": (
                self.arn("scheduler", f"schedule-group/{self.prefix}"),
                self.arn("scheduler", f"schedule/{self.prefix}/*"),
            ),
            "secretsmanager": (self.arn("secretsmanager", f"secret:{own}"),),
        }
        return by_service[service]
