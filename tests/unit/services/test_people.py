"""Users: invited, changed, removed, and never without an owner."""

import asyncio
from collections.abc import Awaitable

import pytest

from ontologie.errors import OntologieError
from ontologie.model.user import Role, User
from ontologie.services import access, people
from ontologie.services.context import Context


async def code(work: Awaitable[object]) -> str:
    with pytest.raises(OntologieError) as raised:
        await work
    return raised.value.code


async def first_owner(context: Context) -> User:
    found = await access.link_user(context, await access.login_link(context))
    assert found is not None
    return found[0]


async def invited(context: Context, name: str, role: Role) -> User:
    return (await people.invite(context, name=name, email=f"{name.lower()}@example.com", role=role)).user


async def test_an_invited_user_logs_in_with_their_link_and_has_their_role(context: Context) -> None:
    invitation = await people.invite(context, name="  Zoé   Martin ", email=" zoe@example.com ", role=Role.EDITOR)
    assert invitation.user.name == "Zoé Martin"
    assert invitation.token not in repr(invitation)
    session = await access.redeem_login_link(context, invitation.token, password="quite a long one")
    assert session is not None
    user = await access.session_user(context, session)
    assert user == User(id=invitation.user.id, name="Zoé Martin", role=Role.EDITOR, email="zoe@example.com")
    assert await access.log_in(context, "ZOE@example.com", "quite a long one")
    listed = {member.name: member for member in await people.every(context)}
    assert listed["Zoé Martin"].has_password
    assert listed["Zoé Martin"].last_login_at == context.clock.now()
    assert not listed["Zoé Martin"].invited


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [
        ("", "a@example.com", "USER_NAME_MALFORMED"),
        ("a@b", "a@example.com", "USER_NAME_MALFORMED"),
        ("x" * 81, "a@example.com", "USER_NAME_MALFORMED"),
        ("a\x00b", "a@example.com", "USER_NAME_MALFORMED"),
        ("Ann", "", "EMAIL_MALFORMED"),
        ("Ann", "ann", "EMAIL_MALFORMED"),
        ("Ann", "ann@example.com\nBcc: x@example.com", "EMAIL_MALFORMED"),
        ("Ann", "a@b@c", "EMAIL_MALFORMED"),
        ("Ann", "ann@[", "EMAIL_MALFORMED"),
    ],
)
async def test_names_and_addresses_are_checked(context: Context, name: str, email: str, expected: str) -> None:
    assert await code(people.invite(context, name=name, email=email, role=Role.VIEWER)) == expected


async def test_names_and_addresses_are_taken_once_whatever_their_case(context: Context) -> None:
    await invited(context, "Max", Role.VIEWER)
    again = people.invite(context, name="MAX", email="other@example.com", role=Role.VIEWER)
    assert await code(again) == "USER_TAKEN"
    again = people.invite(context, name="Other", email="MAX@example.com", role=Role.VIEWER)
    assert await code(again) == "USER_TAKEN"
    other = await invited(context, "Lea", Role.VIEWER)
    mine = context.acting_as(other)
    assert await code(people.change_my_profile(mine, name="max", email="lea@example.com")) == "USER_TAKEN"
    await people.change_my_profile(mine, name="LEA", email="")


async def test_the_last_owner_stays_one(context: Context) -> None:
    owner = await first_owner(context)
    assert await code(people.change_role(context, owner.id, Role.ADMIN)) == "LAST_OWNER"
    assert await code(people.remove(context, owner.id)) == "LAST_OWNER"
    second = await invited(context, "Second", Role.OWNER)
    results = await asyncio.gather(
        people.change_role(context, owner.id, Role.ADMIN),
        people.change_role(context, second.id, Role.ADMIN),
        return_exceptions=True,
    )
    assert [type(result).__name__ for result in results].count("UsageError") == 1
    assert [member.role for member in await people.every(context)].count(Role.OWNER) == 1


async def test_an_admin_touches_no_owner_and_makes_none(context: Context) -> None:
    owner = await first_owner(context)
    admin = context.acting_as(await invited(context, "Adm", Role.ADMIN))
    for refused in (
        people.change_role(admin, owner.id, Role.VIEWER),
        people.remove(admin, owner.id),
        people.new_link(admin, owner.id),
        people.invite(admin, name="New", email="new@example.com", role=Role.OWNER),
        people.change_role(admin, admin.actor.id, Role.OWNER),
    ):
        assert await code(refused) == "PERMISSION_MISSING"


async def test_a_new_link_ends_the_earlier_ones(context: Context) -> None:
    first = await people.invite(context, name="Ivy", email="ivy@example.com", role=Role.VIEWER)
    second = await people.new_link(context, first.user.id)
    assert await access.redeem_login_link(context, first.token) is None
    assert await access.redeem_login_link(context, second.token) is not None


async def test_removal_ends_the_sessions_and_a_new_role_holds_at_once(context: Context) -> None:
    invitation = await people.invite(context, name="Kim", email="kim@example.com", role=Role.EDITOR)
    session = await access.redeem_login_link(context, invitation.token)
    assert session is not None
    await people.change_role(context, invitation.user.id, Role.VIEWER)
    user = await access.session_user(context, session)
    assert user is not None
    assert user.role is Role.VIEWER
    await people.remove(context, invitation.user.id)
    assert await access.session_user(context, session) is None
    assert await code(people.remove(context, invitation.user.id)) == "USER_UNKNOWN"


async def test_the_owner_may_take_another_name_and_stays_the_one_owner(context: Context) -> None:
    owner = await first_owner(context)
    await people.change_my_profile(context.acting_as(owner), name="Camille", email="camille@example.com")
    assert (await first_owner(context)).id == owner.id
