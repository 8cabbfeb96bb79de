"""A table's inputs as DynamoDB's calls take them."""

from collections.abc import Iterator

from local.resources.kind import Properties, changed


def key_schema(holder: Properties) -> list[Properties]:
    """The keys of a table or an index."""
    keys = [{"AttributeName": holder["hashKey"], "KeyType": "HASH"}]
    if holder.get("rangeKey"):
        keys.append({"AttributeName": holder["rangeKey"], "KeyType": "RANGE"})
    return keys


def attribute_definitions(inputs: Properties) -> list[Properties]:
    """The types of all keys."""
    return [
        {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}
        for attribute in inputs.get("attributes", [])
    ]


def _index(index: Properties) -> Properties:
    projection: Properties = {"ProjectionType": index["projectionType"]}
    if index.get("nonKeyAttributes"):
        projection["NonKeyAttributes"] = index["nonKeyAttributes"]
    return {"IndexName": index["name"], "KeySchema": _index_keys(index), "Projection": projection}


def _index_keys(index: Properties) -> list[Properties]:
    if "keySchemas" in index:
        return [
            {"AttributeName": key["attributeName"], "KeyType": key["keyType"]}
            for key in index["keySchemas"]
        ]
    return key_schema(index)


def secondary_indexes(inputs: Properties) -> Properties:
    """The indexes, where there are any."""
    indexes = inputs.get("globalSecondaryIndexes")
    return {"GlobalSecondaryIndexes": [_index(index) for index in indexes]} if indexes else {}


def throughput(inputs: Properties) -> Properties:
    """The capacity, unless it is paid for by the request."""
    if inputs.get("billingMode") == "PAY_PER_REQUEST":
        return {}
    units = {
        "ReadCapacityUnits": inputs.get("readCapacity", 1),
        "WriteCapacityUnits": inputs.get("writeCapacity", 1),
    }
    return {"ProvisionedThroughput": units}


def encryption(inputs: Properties) -> Properties:
    """The key, where one is named."""
    wanted = inputs.get("serverSideEncryption")
    if not wanted:
        return {}
    setting: Properties = {"Enabled": wanted["enabled"]}
    if wanted.get("kmsKeyArn"):
        setting |= {"SSEType": "KMS", "KMSMasterKeyId": wanted["kmsKeyArn"]}
    return {"SSESpecification": setting}


def table_changes(old: Properties, new: Properties) -> Iterator[Properties]:
    """The calls that an update takes: AWS changes one index, and one kind of thing, at a time."""
    for key, member in (
        ("deletionProtectionEnabled", "DeletionProtectionEnabled"),
        ("tableClass", "TableClass"),
    ):
        if changed(old, new, key):
            default = {"tableClass": "STANDARD"}.get(key, False)
            yield {member: new.get(key, default)}
    if changed(old, new, "billingMode", "readCapacity", "writeCapacity"):
        yield {"BillingMode": new.get("billingMode", "PROVISIONED"), **throughput(new)}
    if changed(old, new, "serverSideEncryption"):
        yield encryption(new) or {"SSESpecification": {"Enabled": False}}
    before = {index["name"]: index for index in old.get("globalSecondaryIndexes") or []}
    after = {index["name"]: index for index in new.get("globalSecondaryIndexes") or []}
    for name, index in before.items():
        if after.get(name) != index:
            yield {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": name}}]}
    for name, index in after.items():
        if before.get(name) != index:
            yield {
                "AttributeDefinitions": attribute_definitions(new),
                "GlobalSecondaryIndexUpdates": [{"Create": _index(index)}],
            }
