"""What a function is told by its surroundings: environment, clock, log."""
