"""What people do, written once: actor, now and wish in, record and audit out. API and command line only translate.

Every door has the same checks and limits, and the same sentence for the same mistake. A door may say
which version of a record its person has seen (`seen`); one that says none takes what is there. Either way nothing is
written over what somebody else has changed meanwhile: that is Changed, with the record as it is now.
"""
