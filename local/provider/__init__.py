"""A Pulumi resource provider over the embedded AWS, for the real engine.

The engine starts it under the names `pulumi-resource-aws` and `pulumi-resource-docker` and speaks
gRPC with it (github.com/pulumi/pulumi, proto/pulumi/provider.proto). The resources themselves are
those of `local.resources`. It applies to nothing but an address on this machine; without one it
can preview.
"""
