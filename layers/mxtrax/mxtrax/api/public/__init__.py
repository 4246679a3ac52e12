"""The paths outside of /api/, for those who watch the watcher: health and metrics."""
