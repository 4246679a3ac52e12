"""What people do, written once: actor, time and request in, record and audit out. API and command line only translate.

Every door has the same checks and limits, and the same sentence for the same mistake. A door may say which version of a
record its person has seen (`seen`); otherwise the current one is used. Either way, nothing overwrites what somebody
else has changed meanwhile: that raises Changed, with the current record.
"""
