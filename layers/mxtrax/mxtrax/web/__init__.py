"""What a browser gets besides JSON: the console's own files, the public status page."""
