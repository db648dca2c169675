// The real client's merge code on exchanges that the protocol tests recorded.
//
// The published module keeps its `Rendered` class to itself. It is imported from a copy under target/ that exports it;
// nothing else of it is changed.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { run, test } from "./runner.mjs";
import { root } from "./server.mjs";

const published = join(root, "host/server/client/node_modules/phoenix_live_view/priv/static/phoenix_live_view.esm.js");
const source = readFileSync(published, "utf8");
assert.match(source, /^var Rendered = class/m, "the published client has a class Rendered");
const folder = join(root, "target/merge");
mkdirSync(folder, { recursive: true });
const copy = join(folder, "phoenix_live_view.mjs");
writeFileSync(copy, `${source}\nexport { Rendered };\n`);

// What the module touches while it is loaded.
globalThis.window ??= globalThis;
globalThis.document ??= { createElement: () => ({ content: {} }), createRange: () => ({}) };
const { Rendered } = await import(pathToFileURL(copy));

/**
 * The client's tree with as much of a page as streams need: their rows, by ref. Which rows a message has, what it does to
 * them and that the tree forgets them is the client's own code; where they go is its DOM's, which is not in Node: here it
 * is said once more, and the browser's tests compare it with the real one.
 */
class Page extends Rendered {
  comprehensionToBuffer(rendered, templates, output, changeTracking) {
    this.refs ??= new WeakMap();
    if (rendered.stream) this.refs.set(rendered, rendered.stream[0]);
    const ref = this.refs.get(rendered);
    if (ref === undefined) return super.comprehensionToBuffer(rendered, templates, output, changeTracking);
    const rows = [];
    const outside = output.buffer;
    const inside = new outside.constructor();
    let start = 0;
    inside.beginKeyedEntry = () => { start = inside.length; };
    inside.endKeyedEntry = () => rows.push(inside.html.slice(start));
    output.buffer = inside;
    super.comprehensionToBuffer(rendered, templates, output, changeTracking);
    output.buffer = outside;
    const change = [...output.streams].find(([changed]) => changed === ref);
    if (change === undefined) assert.deepEqual(rows, [], "rows that no operation is for");
    const before = this.before.get(ref) ?? [];
    this.shown.set(ref, change === undefined ? before : patched(before, change, rows));
    for (const { html } of this.shown.get(ref)) outside.write(html);
  }

  toString() {
    this.before = this.shown ?? new Map();
    // Rows go with the element that they stand in.
    this.shown = new Map();
    return super.toString();
  }
}

/** The rows of a stream after one message. */
function patched(before, [, inserts, deletes, reset], rows) {
  let after = reset === undefined ? before.filter(({ id }) => !deletes.includes(id)) : [];
  for (const html of rows) {
    const id = html.match(/ id="([^"]*)"/)[1];
    const [, at, limit, updateOnly] = inserts.find(([inserted]) => inserted === id);
    const known = after.find((row) => row.id === id);
    if (known) known.html = html;
    if (known || updateOnly) continue;
    after.splice(at < 0 ? after.length : at, 0, { id, html });
    if (limit !== null) after = limit < 0 ? after.slice(limit) : after.slice(0, limit);
  }
  return after;
}

/** Attributes that the client adds to track elements, and stand-ins for those it did not render again. */
const plain = (html) => html.replaceAll(/ data-phx-(?:id|skip|magic-id|component|view)(?:="[^"]*")?/g, "");

/** A tree that renders everything each time: stand-ins are how the client saves work, not what it holds. */
function html(rendered) {
  const forget = (node) => {
    if (node === null || typeof node !== "object") return;
    delete node.magicId;
    delete node.newRender;
    Object.values(node).forEach(forget);
  };
  forget(rendered.rendered);
  return plain(rendered.toString().buffer);
}

const recorded = join(root, "target/recorded");
for (const file of readdirSync(recorded).sort()) {
  for (const line of readFileSync(join(recorded, file), "utf8").trim().split("\n")) {
    const exchange = JSON.parse(line);
    test(`the client's merge of ${exchange.name} gives the same page`, () => {
      const rendered = new Page("phx-test", exchange.rendered);
      html(rendered);
      for (const diff of exchange.diffs) {
        const { diff: tree } = Rendered.extract(diff);
        rendered.mergeDiff(tree);
        html(rendered);
      }
      assert.equal(html(rendered), exchange.html);
    });
  }
}
await run();
