"""The channels that notices go out through, one file each, and the one client for all calls outside AWS."""
