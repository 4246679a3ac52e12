"""The channels that notices go out by, a file each."""
