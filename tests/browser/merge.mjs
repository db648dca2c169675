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

/** Attributes that the client adds to track elements, and stand-ins for those it did not render again. */
const plain = (html) => html.replaceAll(/ data-phx-(?:id|skip|magic-id)(?:="[^"]*")?/g, "");

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
      const rendered = new Rendered("phx-test", exchange.rendered);
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
