# What the emulator's front answers itself, beside AWS.
RUNNER = "/_local/runner"
RECORD = "/_local/record"
