"""Who acts, and through which door."""

from mxtrax.frozen import dataclass
from mxtrax.model import Door


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who acts. `customer` is the codename of the one customer that they see, "" where they see all."""

    name: str
    door: Door
    customer: str = ""

    def sees(self, customer: str) -> bool:
        """Say whether what belongs to a customer may be seen."""
        return not self.customer or self.customer == customer
