"""MXTRAX: a test mail goes out, the customer's mailbox returns it, and its journey tells how their mail is doing."""
