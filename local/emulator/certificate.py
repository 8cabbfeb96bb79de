from pathlib import Path

import trustme


def issue(directory: Path) -> tuple[Path, Path]:
    """Make a throw-away authority and a server certificate for the loopback names.

    Returns:
        The authority's certificate, for `AWS_CA_BUNDLE`, and the server's key with its chain.
    """
    authority = trustme.CA(organization_name="embedded AWS of this machine")
    server = authority.issue_cert("127.0.0.1", "localhost", "*.localhost")
    bundle, chain = directory / "ca.pem", directory / "server.pem"
    chain.touch(mode=0o600)
    server.private_key_and_cert_chain_pem.write_to_path(chain)
    authority.cert_pem.write_to_path(bundle)
    return bundle, chain
