"""The channels that notices go out by, a file each, and the one client for whatever is called that is not AWS's."""
