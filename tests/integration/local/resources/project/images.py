"""A repository, and the image in it."""

import json

import pulumi_aws as aws
import pulumi_docker as docker

from tests.integration.local.resources.project.documents import document


def make_image(key: aws.kms.Key) -> docker.Image:
    repository = aws.ecr.Repository(
        "repository",
        name="repository",
        image_tag_mutability="IMMUTABLE",
        image_scanning_configuration={"scan_on_push": True},
        encryption_configurations=[{"encryption_type": "KMS", "kms_key": key.arn}],
        force_delete=True,
    )
    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5},
        "action": {"type": "expire"},
    }
    aws.ecr.LifecyclePolicy(
        "lifecycle", repository=repository.name, policy=json.dumps({"rules": [rule]})
    )
    aws.ecr.RepositoryPolicy(
        "repository-policy",
        repository=repository.name,
        policy=document("ecr:BatchGetImage", "*", "lambda.amazonaws.com"),
    )
    token = aws.ecr.get_authorization_token_output()
    return docker.Image(
        "image",
        image_name=repository.repository_url.apply(lambda url: f"{url}:1"),
        build=docker.DockerBuildArgs(
            context="context", dockerfile="context/Dockerfile", args={"SERVICE": "one"}
        ),
        registry=docker.RegistryArgs(username=token.user_name, password=token.password),
    )
