"""What tasks are tied to, and when they may be reported: of one's own unit, one above or below, while the target stands."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest

from app.domain import targets, tasks
from app.domain.criteria import assessing
from app.domain.tasks import NewProgress, NewTask, Owner
from app.errors import NotFound, Stale
from tests.support.assessing import DISTRICT, HAMLET, aim, assess, barred, untouched
from tests.support.planning import hamlet_plan, plan
from tests.support.world import World, actor, line, work


def test_a_task_is_tied_to_nothing_of_a_commune_beside_it(world: World) -> None:
    beside = actor("officer", "20773@legacy")
    road, money = work(), line()
    ties: tuple[dict[str, Any], ...] = ({"work_id": road.id}, {"budget_line_id": money.id})
    for tie in ties:
        with untouched(NotFound):
            aim(6, actor("officer", DISTRICT), unit_code="20773@legacy", tasks=(NewTask("Đường", **tie),))
        with untouched(NotFound):
            plan(beside, unit_code="20773@legacy", items=(NewTask("Đường", **tie),))
        assert len(aim(6, tasks=(NewTask("Đường", **tie),)).tasks) == 1
        assert plan(items=(NewTask("Đường", **tie),)).state == "draft"
    assert len(aim(6, beside, unit_code="20773@legacy", tasks=(NewTask("Đường"),)).tasks) == 1


def test_it_may_be_tied_to_what_stands_above_and_a_hamlets_to_its_commune(world: World) -> None:
    above = line(actor("client:write", DISTRICT), unit_code=DISTRICT)
    tied = (NewTask("Đường", budget_line_id=above.id),)
    made = aim(6, actor("officer", DISTRICT), tasks=tied)
    assert [t.budget_line_id for t in made.tasks] == [above.id]
    assert hamlet_plan(items=(NewTask("Đường", work_id=work().id),)).unit_code == HAMLET.replace("01", "02")


def test_a_target_that_was_given_up_takes_no_report(world: World) -> None:
    made = aim(6, tasks=(NewTask("Xây nhà văn hóa"),))
    before, after = (NewProgress(uuid.uuid4(), Decimal(n)) for n in (10, 20))
    owner: Owner = ("target", made.id)
    task = made.tasks[0].id
    tasks.report(actor("officer"), owner, task, before)
    targets.drop(actor("officer"), made.id, "Huyện điều chỉnh")
    with barred("target_state", asked="report", held="dropped"):
        tasks.report(actor("officer"), owner, task, after)
    assert tasks.report(actor("officer"), owner, task, before)[1] is False


def test_nobody_verifies_a_figure_that_changed_since_they_read_it(world: World) -> None:
    made = assess("3.1", value=85)
    changed = assessing.update(actor("officer"), made.id, made.version, {"value": Decimal(95)})
    with pytest.raises(Stale) as caught:
        assessing.verify(actor("reviewer", DISTRICT), made.id, True, seen=made.version)
    assert caught.value.current == changed
    told = assessing.verify(actor("reviewer", DISTRICT), made.id, True, seen=changed.version)
    assert told.verdict == "agreed"
