"""The link to one's own calendar: shown once, told of afterwards, ended at will."""

from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.ui.account.state import AccountState
from tests.support.builders import build_employee, build_site
from tests.support.reflex_events import browser_of, push


async def test_a_link_is_shown_once_and_told_of_in_every_tab(session: AsyncSession):
    bob = await build_employee(session, await build_site(session), name="Bob Worker")
    await session.commit()
    async with browser_of(bob.id) as tab, browser_of(bob.id) as other:
        await tab.open("/account")
        await other.open("/account")
        assert tab.state(AccountState).feed.made_label == ""

        await tab.send(AccountState.make_link)
        await push({f"employee:{bob.id}"})

        assert "/calendar/" in tab.state(AccountState).link
        assert other.state(AccountState).link == ""
        assert other.state(AccountState).feed.made_label != ""
        assert other.state(AccountState).feed.read_label == "not yet"
        await tab.send(AccountState.show_link, {"is_open": False})
        assert tab.state(AccountState).link == ""

        await tab.send(AccountState.end_link)

        assert tab.state(AccountState).feed.made_label == ""
        await tab.send(AccountState.end_link)
        assert tab.alert == "There is no link any more."
