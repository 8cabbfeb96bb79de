"""The real Pulumi engine on this machine: built or found, and run over the embedded AWS."""
