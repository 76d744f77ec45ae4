"""The queue at more than one page: every task can be found, and the list keeps its place."""

import re

import pytest

from app.runtime import SYSTEM, InboxList
from app.runtime.instances.instances import NewInstance
from app.web.inbox.pages import PAGE_SIZE
from tests.runtime.diagrams import END, START, diagram, user_task
from tests.web.program import program
from tests.web.site import Site

COUNT = PAGE_SIZE + 5
TASK = re.compile(r'<a href="(/inbox/([0-9a-f-]{36})[^"]*)"')


@pytest.fixture
def busy(site: Site) -> Site:
    """More tasks for Ben's group than a page holds, each of a case of its own."""
    site.runtime.deployments.deploy(
        SYSTEM, {"many.bpmn": diagram("many", START, user_task(groups="support-agents"), END)}
    )
    cases = [NewInstance({"supplier": f"Supplier {each}"}, f"INV-{each:05}") for each in range(COUNT)]
    site.runtime.instances.start_many(SYSTEM, "many", cases)
    return site


def test_the_last_task_is_found_by_its_case(busy: Site) -> None:
    """The search asks the database, not the page: what lies behind the first page is found, by page and by API."""
    ben = busy.visitor("ben")
    last = f"INV-{COUNT - 1:05}"
    assert last not in ben.get("/inbox/").text
    found = ben.get("/inbox/?view=available&q=" + last.lower()).text
    assert len(TASK.findall(found)) == 1
    assert last in found
    listed = program(busy, "ben").call("GET", f"/tasks?q={last}").json
    assert listed is not None
    assert [task["business_key"] for task in listed["items"]] == [last]


def test_all_words_must_be_there_and_nothing_is_a_pattern(busy: Site) -> None:
    """Words are found wherever they stand; what is a wildcard elsewhere is a letter here; nothing found is said."""
    ben = busy.visitor("ben")
    assert len(TASK.findall(ben.get("/inbox/?q=decide+inv-00003").text)) == 1
    assert "No task fits" in ben.get("/inbox/?q=decide+nothing").text
    assert "No task fits" in ben.get("/inbox/?q=%25").text
    assert "No task fits" in ben.get("/inbox/?q=INV_00003").text


def test_a_search_shows_nobody_more_than_their_list(busy: Site) -> None:
    """The words are a filter on top of what is offered: Anna's group is offered nothing."""
    assert "No task fits" in busy.visitor("anna").get("/inbox/?view=available&q=INV").text


def test_a_task_of_the_second_page_leaves_the_list_where_it_is(busy: Site) -> None:
    """Its link, its tabs, its forms and what they lead to keep list, search and page."""
    ben = busy.visitor("ben")
    following = re.search(r'rel="next" href="([^"]+)"', ben.get("/inbox/?view=available&q=INV").text)
    assert following is not None
    second = ben.get(following[1].replace("&amp;", "&")).text
    address, task_id = TASK.findall(second)[0]
    page = ben.get(address.replace("&amp;", "&"))
    assert 'class="card is-selected" data-row' in page.text
    place = dict(re.findall(r'<input type="hidden" name="(view|q|after)" value="([^"]+)">', page.text))
    assert set(place) == {"view", "q", "after"}
    claimed = ben.post(f"/inbox/{task_id}/claim", **place)
    assert claimed.status_code == 303
    assert "q=INV" in claimed.location
    assert "after=" in claimed.location


def test_next_walks_the_queue(busy: Site) -> None:
    """Each task once, in the order of the list, across its pages; from the last one it begins again."""
    ben = busy.visitor("ben")
    expected = [each.id for each in busy.runtime.inbox.list(busy.actor("ben"), InboxList.AVAILABLE, limit=200).items]
    walked = []
    address = "/inbox/next?view=available"
    for _ in range(COUNT + 1):
        here = ben.get(address).location
        walked.append(here[len("/inbox/") :][:36])
        kept = here.partition("?")[2]
        address = f"/inbox/next?{kept}&leaving={walked[-1]}"
    assert walked == [*expected, expected[0]]
    assert "is-selected" in ben.get(here).text
