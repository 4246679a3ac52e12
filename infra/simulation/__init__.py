"""How true are the alarms? Whole days of drawn fleets, played with the real jobs and held against what was true.

`draw` draws a fleet and its fate from a seed, `world` says what becomes of each mail, `play` lets the product live through
it with a clock of its own, `score` holds what people were told against what was so. `product` alone knows the product.
"""
