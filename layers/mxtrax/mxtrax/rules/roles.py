"""What people may do, by the groups of the user pool that they are in.

A person in the group `customer:<codename>` is a viewer of that one customer, whatever other groups there are: anybody
who loses that group, at any moment, sees less and never more.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import IntEnum
from typing import Final

from mxtrax.model import CUSTOMER_GROUP, ROLES


class Role(IntEnum):
    """What somebody may do; each role includes the ones before it."""

    VIEWER = 1
    OPERATOR = 2
    ADMIN = 3


GROUPS: Final[Mapping[str, Role]] = dict(zip(ROLES, Role, strict=True))
"""People's roles, by group."""


def access_of(groups: AbstractSet[str]) -> tuple[Role | None, str]:
    """Give the role of somebody in these groups, and the one customer they see; "" if they see all."""
    customers = {group.removeprefix(CUSTOMER_GROUP) for group in groups if group.startswith(CUSTOMER_GROUP)}
    if not customers:
        return highest(GROUPS, groups), ""
    if len(customers) > 1 or customers == {""}:
        return None, min(customers)
    return Role.VIEWER, customers.pop()


def groups_of(role: Role, customer: str) -> frozenset[str]:
    """Give the groups that somebody needs for this; a person bound to a customer needs only the customer's."""
    if customer:
        return frozenset({f"{CUSTOMER_GROUP}{customer}"})
    return frozenset(name for name, given in GROUPS.items() if given is role)


def highest(roles: Mapping[str, Role], given: AbstractSet[str]) -> Role | None:
    """Give the most that any of these names stands for."""
    return max((role for name, role in roles.items() if name in given), default=None)
