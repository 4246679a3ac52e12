"""Doubles of the services that get notices: each accepts what the service accepts, and refuses what it refuses."""
