"""The JSON API as it is today: a file is its path."""
