"""What a function gets from its environment: variables, clock, log."""
