"""Doubles of the services that notices go out to: each takes what the service takes, and refuses what it refuses."""
