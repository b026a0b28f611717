"""Every public method of a state is a door. Each of ours has the one guard, and what is no handler of ours is none."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import reflex as rx
from reflex.istate.storage import ClientStorageBase
from reflex.state import BaseState
from reflex_base.registry import RegistrationContext

import schedule_app.services
from schedule_app.domain.permissions import GRANTS, Permission
from schedule_app.schedule_app import app
from schedule_app.ui.guard import Payload, Policy
from schedule_app.ui.known_events import knows_event
from tests.support.handlers import Handler, all_handlers, own_handlers

#: Of Reflex's own events, the ones that its script sends; with arguments it sends.
SENT_BY_REFLEX: dict[str, dict[str, Any]] = {
    "State.hydrate_and_load": {"hashes": ["0123456789abcdef"]},
    "OnLoadInternalState.on_load_internal": {},
    "FrontendEventExceptionState.handle_frontend_exception": {"info": "TypeError", "component_stack": ""},
}
#: Services that act for nobody: who signs in or out is only just being found out, and hashing is arithmetic.
FOR_NOBODY = {
    *("sign_in", "sign_out", "note_attempt", "accept_invitation", "hash_password", "verify_password"),
    # What the process says that carries out a search which somebody was allowed to ask for.
    *("claim_run", "note_better", "note_reasons", "note_alive", "end_run", "end_lost_runs"),
    # What time brings about: requests and offers that are overtaken.
    *("settle_claims", "advance_waves"),
    # Whoever can start the program may say who leads it.
    "make_admin",
    # Time passes.
    *("expire_swaps", "expire_missed_answers", "remind_of_shifts", "remind_to_answer", "tell_of_ending_qualifications"),
    *("watch_published", "remove_expired_notifications", "remove_leftovers"),
    # What the worker says of a job.
    *("note_failure", "note_channels"),
    # What was told goes its way.
    *("dispatch_notifications", "pick_up_lost", "claim_message", "note_sent", "note_failed"),
    *("leave_to_another", "leave_for_later"),
    # Who knows a link has read a calendar.
    "note_feed_read",
}
#: What the handlers that change something demand, though the services behind them ask again. By hand.
DEMANDS = {
    Permission.MANAGE_RULES: {"TrialState.confirm", "RuleState.delete", "WeightsState.save"},
    Permission.ASSIGN: {
        "AssignState.submit",
        "FillState.start",
        "FillState.stop",
        "FillState.keep",
        "FillState.discard",
        "ProposalsState.keep",
        "ProposalsState.discard",
        "CoverState.assign",
        *("AssignmentState.take_off", "AssignmentState.find_another"),
        "MoveState.move",
        "SwapState.swap",
        "SwapState.choose",
        "MoveState.place",
        "MoveState.unassign",
        "UndoState.undo",
        "UndoState.redo",
        "UndoState.skip",
        "BulkState.go_ahead",
        *(f"ClaimsState.{step}" for step in ("approve", "reject")),
        "CoverState.offer",
        "SwapRequestsState.approve",
        "SwapRequestsState.reject",
    },
    Permission.OVERRIDE_WARNING: {"MoveState.go_ahead", "CoverState.assign_anyway"},
    Permission.CREATE_SCHEDULE: {
        *(f"BoardState.{step}" for step in ("create", "create_from_last", "revise", "discard")),
        "RestoreState.restore",
        "RestoreState.discard",
    },
    Permission.EDIT_SHIFTS: {
        "ShiftState.save",
        "ShiftState.delete",
        "CopyState.copy_now",
        "TemplateState.use",
        "TemplateState.save",
        "TemplateState.remove",
        *(f"TemplatesState.{step}" for step in ("save", "save_week", "delete")),
        "SplitState.split",
        "RepeatState.repeat",
        "MoveState.resize",
        "BulkState.delete_shifts",
        "BulkState.copy_shifts",
    },
    Permission.SUBMIT: {"BoardState.submit"},
    Permission.APPROVE: {"ApproveState.sign", "BoardState.approve", "BoardState.reject", "RejectState.send_back"},
    Permission.PUBLISH: {"PublishState.publish"},
    Permission.RESPOND: {
        *(
            "AnswerState.confirm",
            "AnswerState.confirm_all",
            "AnswerState.decline",
            "MyShiftState.object",
            "MyShiftState.withdraw",
        ),
        "TimeOffState.check",
        "TimeOffState.send",
        "TimeOffState.withdraw",
        "AvailabilityState.save",
        *(f"AvailabilityState.check_{what}" for what in ("week", "removing_week", "date", "removing_date")),
        "OpenState.claim",
        "OpenState.withdraw",
        "CallOutState.say",
        "ProposeState.send",
        *(f"SwapsState.{step}" for step in ("accept", "decline", "withdraw")),
    },
    Permission.DECIDE_TIME_OFF: {"TimeOffRequestsState.ask", "TimeOffRequestsState.decide"},
    Permission.MANAGE_SESSIONS: {"AccountState.end", "AccountState.end_all"},
    Permission.VIEW_OWN: {
        *("AccountState.make_link", "AccountState.end_link"),
        *("DevicesState.switch_on", "DevicesState.switch_off"),
        "WishesState.save",
    },
    Permission.ANNOUNCE: {"AnnouncementsState.send", "AnnouncementsState.withdraw"},
    Permission.MANAGE_PEOPLE: {
        "PersonState.save",
        *(f"AccessState.{step}" for step in ("invite", "revoke", "leave", "come_back")),
    },
    Permission.MANAGE_SITE: {
        "SiteState.save",
        "SiteMessagesState.save",
        *(f"DepartmentsState.{step}" for step in ("save", "delete", "move")),
    },
    Permission.CREATE_SITE: {"SiteState.begin"},
    Permission.OPERATE: {f"OperationState.{step}" for step in ("retry", "retry_all", "resend", "resend_all")},
}


def unguarded(handlers: Iterable[Handler]) -> list[str]:
    """Handlers of ours without a policy."""
    own = [each for each in handlers if each.is_own]
    return [each.name for each in own if not isinstance(getattr(each.function, "policy", None), Policy)]


def own_states() -> list[type[BaseState]]:
    """The states that we wrote."""
    states: list[type[BaseState]] = [rx.State]
    found = []
    while states:
        state = states.pop()
        states += state.get_substates()
        found += [state] if state.__module__.startswith("schedule_app") else []
    return found


def test_every_handler_is_guarded():
    assert len(own_handlers()) > 40
    assert unguarded(all_handlers()) == []


def test_a_handler_without_guard_would_be_noticed():
    async def forgotten(self: object) -> None:
        """A public method that somebody wrote."""

    async def looks_guarded(self: object) -> None:
        """One with something of the same name."""

    looks_guarded.policy = "admins only"  # type: ignore[attr-defined]
    doors = [Handler("S.forgotten", "s.forgotten", forgotten, True), Handler("S.other", "s.other", looks_guarded, True)]
    assert unguarded(doors) == ["S.forgotten", "S.other"]


def test_the_walk_finds_every_handler_that_reflex_has_registered():
    assert app is not None
    assert {each.full_name for each in all_handlers()} == set(RegistrationContext.get().event_handlers)
    assert len(own_handlers()) == sum(each.is_own for each in all_handlers())


def test_every_demand_is_one_of_the_table():
    for handler in own_handlers().values():
        assert handler.policy.permission in GRANTS, handler.name


@pytest.mark.parametrize("permission", DEMANDS)
def test_what_changes_something_demands_the_permission_for_it(permission: Permission):
    assert {own_handlers()[name].policy.permission for name in DEMANDS[permission]} == {permission}


def test_every_payload_refuses_what_it_does_not_know():
    for handler in own_handlers().values():
        model = handler.policy.payload
        if model is not None:
            assert issubclass(model, Payload), handler.name
            assert model.model_config.get("extra") == "forbid", handler.name
            assert model.model_config.get("frozen"), handler.name


def test_what_the_server_calls_to_refresh_a_view_takes_no_payload():
    pushed = {name: handler.policy for name, handler in own_handlers().items() if name.endswith(".refresh")}

    assert {name for name, handler in own_handlers().items() if handler.policy.is_push} == set(pushed)
    assert all(policy.payload is None for policy in pushed.values())


def test_states_stand_alone_and_keep_nothing_in_the_browser():
    for state in own_states():
        assert state.get_parent_state() is rx.State, state
        assert not issubclass(state, rx.SharedState), state
        for name, field in state.get_fields().items():
            assert not isinstance(field.default_value(), ClientStorageBase), f"{state}.{name}"


def test_handlers_neither_block_nor_run_in_the_background():
    for handler in own_handlers().values():
        assert inspect.iscoroutinefunction(handler.function), handler.name
        assert not getattr(handler.function, "_reflex_background_task", False), handler.name


@pytest.mark.parametrize("handler", all_handlers(), ids=lambda each: each.name)
def test_a_browser_may_name_our_handlers_and_what_reflex_itself_sends(handler: Handler):
    arguments = SENT_BY_REFLEX.get(handler.name, {"payload": {}})

    assert knows_event(handler.full_name, arguments) == (handler.is_own or handler.name in SENT_BY_REFLEX)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("State.hydrate_and_load", {"vars": {}}),
        ("State.hydrate_and_load", {"hashes": "0123"}),
        ("State.hydrate_and_load", {"hashes": [1]}),
        ("OnLoadInternalState.on_load_internal", {"payload": {}}),
        ("FrontendEventExceptionState.handle_frontend_exception", {}),
        ("FrontendEventExceptionState.handle_frontend_exception", {"info": {}, "component_stack": ""}),
        ("FrontendEventExceptionState.handle_frontend_exception", {"info": "", "component_stack": "", "more": 1}),
    ],
)
def test_reflex_s_own_events_carry_what_its_script_gives_them(name: str, arguments: dict[str, Any]):
    [full_name] = [handler.full_name for handler in all_handlers() if handler.name == name]
    assert not knows_event(full_name, arguments)


def test_every_service_acts_for_somebody():
    for verb in _verbs():
        first = next(iter(inspect.signature(verb).parameters), None)
        # What takes a session is a step of another verb, which has asked already.
        assert first in {"actor", "session"} or verb.__name__ in FOR_NOBODY, verb


def _verbs() -> list[Callable[..., Any]]:
    found = []
    for module_info in pkgutil.iter_modules(schedule_app.services.__path__, "schedule_app.services."):
        module = importlib.import_module(module_info.name)
        for name, value in vars(module).items():
            function = inspect.unwrap(value) if callable(value) else None
            is_own = getattr(function, "__module__", "") == module.__name__
            if inspect.iscoroutinefunction(function) and is_own and not name.startswith("_"):
                found.append(function)
    assert len(found) > 15
    return found


def test_permissions_are_asked_for_by_some_handler_or_for_later():
    asked = {handler.policy.permission for handler in own_handlers().values()}
    later = {Permission.VIEW_AUDIT, Permission.VIEW_COST}
    assert asked | later == set(Permission)
