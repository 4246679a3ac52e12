"""Notices and reports in words: values in, values out. What a mail says is laid out once (page.py); alert.py is the mail."""
