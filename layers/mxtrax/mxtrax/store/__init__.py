"""The tables and every query and transaction on them: the only room that deals with tables, keys and conditions."""
