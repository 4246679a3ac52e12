"""The functions: one flat module each, event in, one call, result out. Lambda imports them by their own names."""
