"""What is open to all, and what monitoring systems read: health, metrics, public status pages."""
