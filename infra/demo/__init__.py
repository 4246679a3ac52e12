"""The demonstration: every kind of customer misbehaves, our own inbox is cut off, one recovers; and all is checked."""
