"""The demonstration: every kind of customer misbehaves, then our own inbox is cut off; and what is made of it."""
