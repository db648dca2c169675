"""What the view does, without how it looks."""

import json
from dataclasses import dataclass, field

from guest import refuse
from wit_world.imports.types import (
    Event, FailureKind, Message, Message_Timer, Pair, Payload_Form, Payload_Json,
)

MAX_ENTRIES = 100
MAX_NAME_CHARACTERS = 20


@dataclass(frozen=True)
class Entry:
    id: int
    by: int
    count: int

    @property
    def line(self) -> str:
        return f"{self.by:+d}: {self.count}"


@dataclass
class State:
    count: int = 0
    ticks: int = 0
    name: str = ""
    name_error: str | None = None
    last_id: int = 0
    # The newest is the first.
    entries: tuple[Entry, ...] = field(default=())


# An instance belongs to one page of one browser and its calls are serial. The state is the module's, as the object that
# a call is made on is another for each call.
state = State()

# What people do, to be played before there are any.
REHEARSAL = [
    Event("increment", None, Payload_Json('{"value":""}')),
    Event("rename", None, Payload_Form([Pair("name", "somebody")])),
    Event("remove", None, Payload_Json('{"id":"1"}')),
]


def handle_event(event: Event) -> None:
    match event.name, event.payload:
        case "increment", _:
            add(1)
        case "decrement", _:
            add(-1)
        case "rename", Payload_Form(pairs):
            rename(next((pair.value for pair in pairs if pair.name == "name"), None))
        case "remove", Payload_Json(value):
            remove(int(json.loads(value).get("id", "0")))
        case "refuse", _:
            refuse(FailureKind.BAD_INPUT, "refused, as asked")
        case "trap", _:
            raise RuntimeError("trap, as asked")
        case "spin", _:
            while True:
                pass
        case "grow", _:
            blocks = []
            while True:
                blocks.append(bytearray(1 << 16))
        case _:
            refuse(FailureKind.BAD_INPUT, "there is no such event")


def handle_info(message: Message) -> None:
    if message == Message_Timer("tick"):
        state.ticks += 1


def add(by: int) -> None:
    state.count += by
    state.last_id += 1
    state.entries = (Entry(state.last_id, by, state.count), *state.entries[: MAX_ENTRIES - 1])


def remove(id: int) -> None:
    others = tuple(entry for entry in state.entries if entry.id != id)
    if len(others) == len(state.entries):
        refuse(FailureKind.BAD_INPUT, "there is no such entry")
    state.entries = others


def rename(name: str | None) -> None:
    if name is None:
        refuse(FailureKind.BAD_INPUT, "the form has no name")
    state.name = name
    if name == "":
        state.name_error = "The name is required."
    elif len(name) > MAX_NAME_CHARACTERS:
        state.name_error = "The name has at most 20 characters."
    else:
        state.name_error = None
