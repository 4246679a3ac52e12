"""The jobs: each reads, decides with the rules, and writes. `now` comes from the edge."""
