"""Roles are an order: each may do what the next one may."""

import itertools

from ontologie.model.user import SYSTEM, Role


def test_each_role_allows_itself_and_those_after_it_and_no_other() -> None:
    order = [Role.OWNER, Role.ADMIN, Role.EDITOR, Role.VIEWER]
    for (place, mine), (other, needed) in itertools.product(enumerate(order), repeat=2):
        assert mine.allows(needed) == (place <= other)


def test_the_system_may_do_everything() -> None:
    assert all(SYSTEM.role.allows(role) for role in Role)
