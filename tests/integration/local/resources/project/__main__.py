"""One resource of every kind, wired to each other as in the real program."""

import pulumi
import pulumi_aws as aws

from tests.integration.local.resources.project import (
    functions,
    images,
    messaging,
    stores,
    watching,
)
from tests.integration.local.resources.project.documents import Place

TIMEOUT = pulumi.Config().require_int("timeout")


class Everything(pulumi.ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("every-kind:index:Everything", name, {"timeout": TIMEOUT})
        self.register_outputs({})


parent = Everything("everything")
place = Place(
    account=aws.get_caller_identity().account_id, region=pulumi.Config("aws").require("region")
)

key, alias = stores.make_key(place, parent)
stores.make_table(place, key)
stores.make_secret(key)
queues = messaging.make_queues(place, parent, alias)
topic = messaging.make_topic(place, alias, queues.queue)

image = images.make_image(key)
role, rights = functions.make_role(place, key)
log_group = watching.make_logs(key)
function = functions.make_function(image, role, rights, log_group, TIMEOUT)
functions.make_ways(function, queues, topic)
functions.make_schedule(function, role)

watching.make_alarms(function, queues.dead, topic)
watching.allow_traces()

pulumi.export("queue", queues.queue.url)
pulumi.export("function", function.arn)
pulumi.export("digest", image.repo_digest)
pulumi.export("tags", queues.queue.tags_all)
