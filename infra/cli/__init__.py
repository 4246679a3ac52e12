"""The `mxtrax` command for operators."""
