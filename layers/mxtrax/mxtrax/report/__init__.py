"""Notices and reports in words: values in, values out. page.py decides once what a mail says; alert.py is the mail."""
