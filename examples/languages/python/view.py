"""A counter with its history, written against the contract itself: `wit_world` is generated from wit/live.wit."""

from dataclasses import replace

import guest
from counter import REHEARSAL, State, handle_event, handle_info, state
from guest import Tasks as Tasks
from wit_world.imports.types import (
    Document, Document_Tree, Each, Node, Row, Slot, Slot_Each, Slot_Empty, Slot_Node, Slot_Text, Slot_Unchanged,
    Template, Tree,
)

PAGE, ENTRY, NAME_ERROR = 1, 2, 3

TEMPLATES = {
    PAGE: [
        '<main><h1>The same view</h1><nav class="row"><a href="/rust">Rust</a><a href="/typescript">TypeScript</a>'
        '<a href="/python">Python</a><a href="/c">C</a><a href="/go">Go</a></nav><p class="number" id="count">',
        '</p><p class="row"><button phx-click="decrement">-1</button><button class="primary" phx-click="increment">+1'
        '</button></p><p>Ticks: <span id="ticks">',
        '</span></p><form id="rename" phx-change="rename" phx-submit="rename"><label>Name <input name="name" '
        'autocomplete="off" value="',
        '"></label>',
        '</form><ol id="history" class="rows">',
        '</ol><p class="row"><button phx-click="refuse">refuse</button><button phx-click="trap">trap</button>'
        '<button phx-click="spin">spin</button><button phx-click="grow">grow</button></p></main>',
    ],
    ENTRY: [
        '<li id="',
        '"><span class="grow">',
        '</span><button phx-click="remove" phx-value-id="',
        '">remove</button></li>',
    ],
    NAME_ERROR: ['<p id="name-error" role="alert">', "</p>"],
}

# Templates that the host has, and the state of the last document.
sent: set[int] = set()
last = State()


class Rendering:
    """A document that is being made."""

    def __init__(self, everything: bool) -> None:
        self.everything = everything
        self.nodes: list[Node] = []
        self.lists: list[Each] = []
        self.templates: list[Template] = []

    def page(self) -> Slot:
        fields = {
            "count": lambda: text(state.count),
            "ticks": lambda: text(state.ticks),
            "name": lambda: text(state.name),
            "name_error": self.name_error,
            "entries": self.history,
        }
        if not any(self.differs(name) for name in fields):
            return Slot_Unchanged()
        slots = [slot() if self.differs(name) else Slot_Unchanged() for name, slot in fields.items()]
        return Slot_Node(self.node(PAGE, slots))

    def name_error(self) -> Slot:
        if state.name_error is None:
            return Slot_Empty()
        return Slot_Node(self.node(NAME_ERROR, [text(state.name_error)]))

    def history(self) -> Slot:
        known = set() if self.everything else {entry.id for entry in last.entries}
        changed = [
            Row(entry.id, self.node(ENTRY, [text(f"entry-{entry.id}"), text(entry.line), text(entry.id)]))
            for entry in state.entries
            if entry.id not in known
        ]
        self.lists.append(Each(self.uses(ENTRY), [entry.id for entry in state.entries], changed, None))
        return Slot_Each(len(self.lists) - 1)

    def differs(self, name: str) -> bool:
        return self.everything or getattr(state, name) != getattr(last, name)

    def node(self, template: int, slots: list[Slot]) -> int:
        self.nodes.append(Node(self.uses(template), slots))
        return len(self.nodes) - 1

    def uses(self, template: int) -> int:
        if template not in sent:
            sent.add(template)
            self.templates.append(Template(template, TEMPLATES[template]))
        return template


def text(value: object) -> Slot:
    return Slot_Text(str(value))


def render(everything: bool) -> Document:
    global last
    if everything:
        sent.clear()
    rendering = Rendering(everything)
    root = rendering.page()
    last = replace(state)
    return Document_Tree(Tree(root, rendering.nodes, rendering.lists, [], [], [], rendering.templates))


Lifecycle = guest.warm(guest.lifecycle(handle_event, handle_info, render), state, REHEARSAL)
