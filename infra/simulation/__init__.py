"""How accurate are the alarms? Whole days of randomly drawn fleets, run with the real jobs and compared with the truth.

`draw` draws a fleet and its faults from a seed, `world` says what becomes of each mail, `play` runs the product in it
with a simulated clock, `score` compares what people were told with the truth. Only `product` knows the product's code.
"""
