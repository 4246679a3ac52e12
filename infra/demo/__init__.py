"""The demonstration: every kind of customer misbehaves, our own inbox is cut off, one recovers; and what is made of it."""
