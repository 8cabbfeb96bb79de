"""AWS resources as a Pulumi provider makes them, through boto3.

The same functions stand behind the in-process deployment (`local.deployment`) and behind the
provider plugin of the real engine (`local.provider`). Nothing here knows Pulumi's runtime.
"""
