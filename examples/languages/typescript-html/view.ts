// The counter again, as plain HTML: for a guest that has a template engine of its own, or none.
import type { Document } from "hothouse:live/lifecycle@0.1.0";
import * as counter from "../typescript/counter.ts";
import { exported } from "../typescript/guest.ts";

function render(): Document {
  const { count, ticks, name, nameError, entries } = counter.state;
  return {
    tag: "html",
    val: `<main>
  <h1>The same view</h1>
  <nav class="row">
    <a href="/rust">Rust</a>
    <a href="/typescript">TypeScript</a>
    <a href="/python">Python</a>
    <a href="/c">C</a>
    <a href="/go">Go</a>
  </nav>
  <p class="number" id="count">${count}</p>
  <p class="row">
    <button phx-click="decrement">-1</button>
    <button class="primary" phx-click="increment">+1</button>
  </p>
  <p>Ticks: <span id="ticks">${ticks}</span></p>
  <form id="rename" phx-change="rename" phx-submit="rename">
    <label>Name <input name="name" autocomplete="off" value="${escaped(name)}"></label>
    ${nameError === undefined ? "" : `<p id="name-error" role="alert">${nameError}</p>`}
  </form>
  <ol id="history" class="rows">${entries.map(row).join("")}</ol>
  <p class="row">
    <button phx-click="refuse">refuse</button>
    <button phx-click="trap">trap</button>
    <button phx-click="spin">spin</button>
    <button phx-click="grow">grow</button>
  </p>
</main>`,
  };
}

const row = (entry: counter.Entry): string =>
  `<li id="entry-${entry.id}"><span class="grow">${counter.line(entry)}</span>` +
  `<button phx-click="remove" phx-value-id="${entry.id}">remove</button></li>`;

/** The host cleans what it is given; that text stays text is up to us. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export const { lifecycle, tasks } = exported({ ...counter, render });
