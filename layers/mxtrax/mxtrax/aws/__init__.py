"""The AWS calls that are no tables: each once, with what its failures mean."""
