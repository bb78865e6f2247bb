"""An observation that stands in the way becomes an obstacle in one step, each naming the other."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from app import db
from app.domain import audit, obstacles
from app.domain.access import Actor, require
from app.domain.observations.flow import CLOSED, FLOW, SUBJECT
from app.domain.observations.observing import store
from app.domain.observations.views import ObservationView, one
from app.domain.obstacles import NewObstacle
from app.errors import RuleBroken
from app.i18n import N_

LONGEST: Final = 2000  # of an obstacle's text


@dataclass(frozen=True, slots=True)
class NewHindrance:
    """The obstacle that is made: its id, kind, who can resolve it; its text by default that of the observation."""

    id: uuid.UUID
    kind: str = "other"
    resolver: str = ""
    text: str = ""


def raise_obstacle(
    actor: Actor, observation_id: uuid.UUID, new: NewHindrance, *, illustrative: bool = False
) -> ObservationView:
    """Raise what was observed as an obstacle of the same thing, on the day it was observed. Again changes nothing.

    RuleBroken `observation_raised` where another obstacle stands for it, `observation_subject` for what is about the unit
    in general, `observation_state` once closed; further refusals are those of `obstacles.create`.
    """
    require(actor, "obstacle.raise")
    with db.transaction(write=True) as session:
        standing = one(session, actor, observation_id, lock=True)
        if standing.obstacle_id not in (None, new.id):
            message = N_("Ý kiến này đã thành vướng mắc.")
            raise RuleBroken("observation_raised", message, held=str(standing.obstacle_id), asked=str(new.id))
        if standing.subject is None:
            message = N_(
                "Vướng mắc gắn với một công trình hay mô hình; ý kiến này về đơn vị nói chung. Nêu vướng mắc từ trang công trình."
            )
            raise RuleBroken("observation_subject", message, asked="raise", held="unit")
        if standing.state == CLOSED and standing.obstacle_id is None:
            message = N_("Ý kiến đã khép lại: mở lại rồi mới nêu thành vướng mắc.")
            raise RuleBroken(FLOW.state_rule, message, asked="raise", held=standing.state)
        kind, id_ = standing.subject
        text = new.text.strip() or _shortened(standing.text)
        wanted = NewObstacle(new.id, kind, id_, text, new.kind, new.resolver, standing.observed_on)
        _, fresh = obstacles.put(session, actor, wanted, illustrative=illustrative)
        if standing.obstacle_id is not None and not fresh:
            return standing
        store(session, standing, obstacle_id=new.id)
        audit.record(
            session, actor, "observation.raise", SUBJECT, observation_id, standing.unit_id, obstacle_id=new.id
        )
        return one(session, actor, observation_id)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
