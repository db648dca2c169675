// A counter with its history, written against the contract itself: the types are generated from wit/live.wit.
import type { Document } from "hothouse:live/lifecycle@0.1.0";
import type { Each, Node, Slot, Template } from "hothouse:live/types@0.1.0";
import * as counter from "./counter.ts";
import { exported } from "./guest.ts";

const PAGE = 1;
const ENTRY = 2;
const NAME_ERROR = 3;

const TEMPLATES: Record<number, string[]> = {
  [PAGE]: [
    '<main><h1>The same view</h1><nav class="row"><a href="/rust">Rust</a><a href="/typescript">TypeScript</a>' +
      '<a href="/python">Python</a><a href="/c">C</a><a href="/go">Go</a></nav><p class="number" id="count">',
    '</p><p class="row"><button phx-click="decrement">-1</button><button class="primary" phx-click="increment">+1' +
      '</button></p><p>Ticks: <span id="ticks">',
    '</span></p><form id="rename" phx-change="rename" phx-submit="rename"><label>Name <input name="name" ' +
      'autocomplete="off" value="',
    '"></label>',
    '</form><ol id="history" class="rows">',
    '</ol><p class="row"><button phx-click="refuse">refuse</button><button phx-click="trap">trap</button>' +
      '<button phx-click="spin">spin</button><button phx-click="grow">grow</button></p></main>',
  ],
  [ENTRY]: [
    '<li id="',
    '"><span class="grow">',
    '</span><button phx-click="remove" phx-value-id="',
    '">remove</button></li>',
  ],
  [NAME_ERROR]: ['<p id="name-error" role="alert">', "</p>"],
};

/** Which the host has. */
const sent = new Set<number>();
/** The state of the last document. */
let last = { ...counter.state };

function render(everything: boolean): Document {
  const { state } = counter;
  const nodes: Node[] = [];
  const lists: Each[] = [];
  const templates: Template[] = [];
  if (everything) sent.clear();

  const uses = (id: number): number => {
    if (!sent.has(id)) {
      sent.add(id);
      templates.push({ id, statics: TEMPLATES[id]! });
    }
    return id;
  };
  const node = (template: number, slots: Slot[]): number => {
    nodes.push({ template: uses(template), slots });
    return nodes.length - 1;
  };
  const differs = (...fields: (keyof typeof state)[]): boolean =>
    everything || fields.some((field) => state[field] !== last[field]);
  const unchanged: Slot = { tag: "unchanged" };

  const nameError = (): Slot =>
    state.nameError === undefined
      ? { tag: "empty" }
      : { tag: "node", val: node(NAME_ERROR, [text(state.nameError)]) };
  const history = (): Slot => {
    const known = new Set(everything ? [] : last.entries);
    const changed = state.entries.filter((entry) => !known.has(entry)).map((entry) => ({
      id: entry.id,
      node: node(ENTRY, [text(`entry-${entry.id}`), text(counter.line(entry)), text(entry.id)]),
    }));
    const order = Uint32Array.from(state.entries, ({ id }) => id);
    lists.push({ template: uses(ENTRY), order, changed, streamOps: undefined });
    return { tag: "each", val: lists.length - 1 };
  };

  const root: Slot = differs("count", "ticks", "name", "nameError", "entries")
    ? {
        tag: "node",
        val: node(PAGE, [
          differs("count") ? text(state.count) : unchanged,
          differs("ticks") ? text(state.ticks) : unchanged,
          differs("name") ? text(state.name) : unchanged,
          differs("nameError") ? nameError() : unchanged,
          differs("entries") ? history() : unchanged,
        ]),
      }
    : unchanged;
  last = { ...state };
  return { tag: "tree", val: { root, nodes, lists, streams: [], components: [], children: [], templates } };
}

const text = (value: string | number): Slot => ({ tag: "text", val: String(value) });

export const { lifecycle, tasks } = exported({ ...counter, render });
