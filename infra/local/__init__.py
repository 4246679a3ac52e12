"""The world on one machine: MiniStack, a stand-in for SES, and customers that behave and misbehave.

trouble <- smtp, aws <- ministack, build <- deploy; ses and customers meet only over SMTP; world starts them all, and
metronome runs its minutes if they are short.
"""
