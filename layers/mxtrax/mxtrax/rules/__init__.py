"""The rules: values in, values out. They know no clock, no table and no client."""
