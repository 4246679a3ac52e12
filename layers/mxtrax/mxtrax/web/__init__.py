"""What a browser gets that is no JSON: the console's own files, the public status page."""
