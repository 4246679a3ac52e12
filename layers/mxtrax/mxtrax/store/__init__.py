"""The tables and every query and transaction on them: the only room that says table, key and condition."""
