"""The paths outside of /api/, for those who watch the monitor: health and metrics."""
