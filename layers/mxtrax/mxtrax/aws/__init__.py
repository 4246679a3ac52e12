"""The AWS calls other than tables: each once, with what its failures mean."""
