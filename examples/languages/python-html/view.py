"""The counter again, as plain HTML: for a guest that has a template engine of its own, or none."""

from html import escape

import guest
from counter import REHEARSAL, Entry, handle_event, handle_info, state
from guest import Tasks as Tasks
from wit_world.imports.types import Document, Document_Html


def row(entry: Entry) -> str:
    return (
        f'<li id="entry-{entry.id}"><span class="grow">{entry.line}</span>'
        f'<button phx-click="remove" phx-value-id="{entry.id}">remove</button></li>'
    )


def render(_everything: bool) -> Document:
    # The host cleans what it is given; that text stays text is up to us.
    error = f'<p id="name-error" role="alert">{state.name_error}</p>' if state.name_error else ""
    return Document_Html(f"""<main>
  <h1>The same view</h1>
  <nav class="row">
    <a href="/rust">Rust</a>
    <a href="/typescript">TypeScript</a>
    <a href="/python">Python</a>
    <a href="/c">C</a>
    <a href="/go">Go</a>
  </nav>
  <p class="number" id="count">{state.count}</p>
  <p class="row">
    <button phx-click="decrement">-1</button>
    <button class="primary" phx-click="increment">+1</button>
  </p>
  <p>Ticks: <span id="ticks">{state.ticks}</span></p>
  <form id="rename" phx-change="rename" phx-submit="rename">
    <label>Name <input name="name" autocomplete="off" value="{escape(state.name)}"></label>
    {error}
  </form>
  <ol id="history" class="rows">{"".join(map(row, state.entries))}</ol>
  <p class="row">
    <button phx-click="refuse">refuse</button>
    <button phx-click="trap">trap</button>
    <button phx-click="spin">spin</button>
    <button phx-click="grow">grow</button>
  </p>
</main>""")


Lifecycle = guest.warm(guest.lifecycle(handle_event, handle_info, render), state, REHEARSAL)
