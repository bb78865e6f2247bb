"""Support models (dự án, mô hình hỗ trợ): proposed, appraised, run, evaluated; members, inputs, money, deliveries, visits."""

from __future__ import annotations

from app.domain.support.deliveries import (
    DeliveryView,
    NewDelivery,
    deliver,
    deliver_all,
    delivered,
    deliveries,
    withdraw,
)
from app.domain.support.earlier import Earlier
from app.domain.support.flow import MOVES, STATES
from app.domain.support.mix import Mix, MixLine, MixSum, mix
from app.domain.support.moving import evaluate, history, move, open_moves
from app.domain.support.offers import Asked, LineChoice, Offer, Text, offer, text
from app.domain.support.parts import NewBudget, NewInput, NewMember
from app.domain.support.people import LastVisit, Person, Supported, at_hand, members
from app.domain.support.proposing import LISTS, NewModel, create, update
from app.domain.support.readiness import Missing
from app.domain.support.register import (
    ModelFilter,
    TemplateView,
    Whole,
    count,
    get,
    models,
    sheet,
    templates,
    waiting,
    waiting_for,
    waiting_rows,
    whole,
    with_money,
    with_parts,
    years,
)
from app.domain.support.views import BudgetView, InputView, MemberView, ModelView
from app.domain.support.visits import NewVisit, VisitView, visit, visited, visits

__all__ = [
    "LISTS", "MOVES", "STATES", "Asked", "BudgetView", "DeliveryView", "Earlier", "InputView", "LastVisit", "LineChoice", "MemberView",
    "Missing", "Mix", "MixLine", "MixSum", "ModelFilter", "ModelView", "NewBudget", "NewDelivery", "NewInput",
    "NewMember", "NewModel", "NewVisit", "Offer", "Person", "Supported", "TemplateView", "Text", "VisitView", "Whole", "at_hand",
    "count", "create", "deliver", "deliver_all", "delivered", "deliveries", "evaluate", "get", "history", "members", "mix",
    "models", "move", "offer", "open_moves", "sheet", "templates", "text", "update", "visit", "visited", "visits", "waiting", "waiting_for", "waiting_rows", "whole",
    "with_money", "with_parts", "withdraw", "years",
]  # fmt: skip
