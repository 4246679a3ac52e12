"""Which open incidents are shown as one: domains of one provider that fail alike, and others that fail alike."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Final

FEWEST_ALIKE: Final = 3
"""Domains of different providers that must fail alike before they are shown as one: two may do so by chance."""


def grouped[T](them: Sequence[T], kinds: Sequence[tuple[str, Hashable]]) -> list[list[T]]:
    """Group what belongs together, in the order of the first of each group.

    `kinds` gives for each its provider, "" if that is not known, and its cause.
    """
    of_provider = Counter(kind for kind in kinds if kind[0])
    alone = Counter(cause for provider, cause in kinds if of_provider[provider, cause] < 2)
    found: dict[Hashable, list[T]] = {}
    for place, (it, (provider, cause)) in enumerate(zip(them, kinds, strict=True)):
        name: Hashable = place
        if of_provider[provider, cause] > 1:
            name = provider, cause
        elif cause and alone[cause] >= FEWEST_ALIKE:
            name = "", cause
        found.setdefault(name, []).append(it)
    return list(found.values())
