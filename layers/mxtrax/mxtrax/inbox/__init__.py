"""Where arrivals come from: what is there, read one, done with it, set it aside."""
