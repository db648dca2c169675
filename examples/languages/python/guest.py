"""Between the contract and the view: what every call has in common."""

import traceback
from collections.abc import Callable
from functools import wraps
from typing import NoReturn

from componentize_py_types import Err
from wit_world.imports import environment
from wit_world.imports.types import (
    Document, Event, Failure, FailureKind, Message, Outcome, RenderScope, RenderScope_Changes,
    RenderScope_Everything,
)


def refuse(kind: FailureKind, message: str) -> NoReturn:
    """Declares a failure: the view lives on, and the page shows the message."""
    raise Err(Failure(kind, message))


def reported(call: Callable) -> Callable:
    """What escapes from a call ends the instance with a trap that says nothing: its message is logged before."""

    @wraps(call)
    def guarded(*arguments):
        try:
            return call(*arguments)
        except Err:
            raise
        except BaseException as error:
            environment.log(environment.Level.ERROR, description(error))
            raise

    return guarded


def description(error: BaseException) -> str:
    """Where it was raised, and what it says. The module's own formatting would open the source files: there are none."""
    frames = [
        f"{frame.f_code.co_filename}:{line} in {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return "\n".join([*frames, *traceback.format_exception_only(error)])


def lifecycle(
    handle_event: Callable[[Event], None],
    handle_info: Callable[[Message], None],
    render: Callable[[bool], Document],
) -> type:
    """The contract's exports for a view that asks for no effects."""

    class Lifecycle:
        def mount(self, context) -> Outcome:
            return Outcome([])

        def connected(self, context) -> Outcome:
            return Outcome([])

        def handle_params(self, uri, params) -> Outcome:
            return Outcome([])

        @reported
        def handle_event(self, event: Event) -> Outcome:
            handle_event(event)
            return Outcome([])

        @reported
        def handle_info(self, message: Message) -> Outcome:
            handle_info(message)
            return Outcome([])

        def handle_task(self, done) -> Outcome:
            return Outcome([])

        @reported
        def render(self, scope: RenderScope) -> Document:
            return render(isinstance(scope, RenderScope_Everything))

        def components_removed(self, cids) -> Outcome:
            return Outcome([])

        def terminate(self, reason) -> None:
            pass

        def snapshot(self) -> bytes | None:
            return None

        def restore(self, state, context) -> Outcome:
            refuse(FailureKind.UNAVAILABLE, "this view keeps no snapshots")

    return Lifecycle


def warm(lifecycle: type, state: object, events: list[Event]) -> type:
    """Plays events while the component is made: what the interpreter prepares when a function is first run is then
    shared by all views. Leaves no trace: the state is put back, and the host asks for everything first."""
    before = dict(vars(state))
    view = lifecycle()
    for _ in range(32):
        view.render(RenderScope_Everything())
        for event in events:
            view.handle_event(event)
            view.render(RenderScope_Changes())
        vars(state).update(before)
    return lifecycle


class Tasks:
    def run_task(self, name, input) -> bytes:
        refuse(FailureKind.NOT_FOUND, "this view has no tasks")
