"""The counter again, as plain HTML: Jinja2 renders the whole page, and the host finds out what has changed in it."""

import guest
from counter import REHEARSAL, handle_event, handle_info, state
from guest import Tasks as Tasks
from jinja2 import Environment
from wit_world.imports.types import Document, Document_Html

# What is typed is text: without `autoescape` it would be markup, and the host would clean it and show the rest.
page = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""\
<main>
  <h1>The same view</h1>
  <nav class="row">
    <a href="/rust">Rust</a>
    <a href="/typescript">TypeScript</a>
    <a href="/python">Python</a>
    <a href="/c">C</a>
    <a href="/go">Go</a>
  </nav>
  <p class="number" id="count">{{ count }}</p>
  <p class="row">
    <button phx-click="decrement">-1</button>
    <button class="primary" phx-click="increment">+1</button>
  </p>
  <p>Ticks: <span id="ticks">{{ ticks }}</span></p>
  <form id="rename" phx-change="rename" phx-submit="rename">
    <label>Name <input name="name" autocomplete="off" value="{{ name }}"></label>
    {% if name_error %}
    <p id="name-error" role="alert">{{ name_error }}</p>
    {% endif %}
  </form>
  <ol id="history" class="rows">
    {% for entry in entries %}
    <li id="entry-{{ entry.id }}"><span class="grow">{{ entry.line }}</span><button phx-click="remove" phx-value-id="{{ entry.id }}">remove</button></li>
    {% endfor %}
  </ol>
  <p class="row">
    <button phx-click="refuse">refuse</button>
    <button phx-click="trap">trap</button>
    <button phx-click="spin">spin</button>
    <button phx-click="grow">grow</button>
  </p>
</main>
""")


def render(_everything: bool) -> Document:
    return Document_Html(page.render(vars(state)))


Lifecycle = guest.warm(guest.lifecycle(handle_event, handle_info, render), state, REHEARSAL)
