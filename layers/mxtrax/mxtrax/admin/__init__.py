"""What people do, written once: actor, now and wish in, record and audit out. API and command line only translate."""
