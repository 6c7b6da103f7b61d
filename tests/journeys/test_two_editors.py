"""Two people edit one draft at once, and one of them loses the connection while typing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import together
from tests.journeys.browsing import Watch, audit_page
from tests.journeys.conftest import Visit
from tests.journeys.together import WRITERS

#: What a browser says of a save that was refused, and of a server that is away.
SAID = r"412|WebSocket|ERR_INTERNET_DISCONNECTED"
#: The full number is for `make proof-together`.
EDITS, SEED = 12, 1


def test_no_edit_of_two_people_is_lost_and_none_of_one_without_a_connection(
    visit: Visit, watch: Watch
) -> None:
    first, second = (visit(name) for name in WRITERS)
    draft = together.shared_draft(first, visit("Helena Brandt"), WRITERS[1])
    with watch.expecting(SAID):
        outcome = together.work(first, second, draft, edits=EDITS, seed=SEED)
        assert outcome.lost == []
        assert outcome.meetings > 0
        expect(first.locator(".people-here")).to_contain_text(WRITERS[1])
        assert audit_page(first) == []
        together.cut_while_typing(first, seconds=1)
    names = {one["name"] for one in together.model_of(second, draft).values()}
    assert together.TYPED in names
