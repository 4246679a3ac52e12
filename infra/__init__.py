"""Everything around the functions: the world on one machine and the operators' commands."""
