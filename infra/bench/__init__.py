"""The project's measurements of itself."""
