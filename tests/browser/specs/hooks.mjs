// Hooks in the real client: their life, what they and their view tell each other, commands that the view sends, and what
// the page's own script brings.
import assert from "node:assert/strict";
import { isMarked, mark, open, withCopy, withRunning, withServer } from "../browser.mjs";
import { network } from "../network.mjs";
import { test } from "../runner.mjs";
import { serve } from "../server.mjs";

const app = "tests/browser/hooks";
const lost = { expectErrors: [/WebSocket connection/, /ERR_CONNECTION/] };

/** A page of the app. */
const hooks = (body, options) => () => withServer(app, async (server) => {
  const opened = await open(server.url, options);
  await opened.joined();
  await body(opened, server);
  await opened.close();
});

const press = (page, name) => page.click(`button:text-is("${name}")`);
const shows = (page, selector, text) => page.waitForFunction(
  ([selector, text]) => document.querySelector(selector)?.textContent === text, [selector, text]);
/** What hooks have noted since it was asked for last, of one element. */
const notes = (page, id) => page.evaluate((id) => {
  const noted = window.notes ?? [];
  window.notes = [];
  return noted.filter((note) => note.startsWith(`${id} `)).map((note) => note.slice(id.length + 1));
}, id);

test("a hook lives with its element: mounted, updated, destroyed and mounted again", hooks(async ({ page }) => {
  assert.deepEqual(await notes(page, "life"), ["mounted"]);
  await press(page, "Count");
  await shows(page, "#life", "Counted to 1");
  assert.deepEqual(await notes(page, "life"), ["beforeUpdate 0 to 1", "updated to 1"]);
  await page.evaluate(() => talk.pushEvent("say", { text: "elsewhere" }));
  await shows(page, "#said", "elsewhere");
  assert.deepEqual(await notes(page, "life"), [], "what did not change is not told");
  await press(page, "Show");
  await page.waitForSelector("#life", { state: "detached" });
  assert.deepEqual(await notes(page, "life"), ["destroyed"]);
  await press(page, "Show");
  await page.waitForSelector("#life");
  assert.deepEqual(await notes(page, "life"), ["mounted"]);
}));

test("a hook is told that its connection is lost and there again, and its element is the same", () => withServer(app, async (server) => {
  const way = await network(server.port);
  const { page, joined, close } = await open(way.url, lost);
  await joined();
  await press(page, "Count");
  await shows(page, "#life", "Counted to 1");
  await notes(page, "life");
  await mark(page);
  await way.refuse();
  await page.waitForSelector(".phx-client-error");
  assert.deepEqual(await notes(page, "life"), ["disconnected"]);
  await way.accept();
  await shows(page, "#life", "Counted to 0");
  const back = await notes(page, "life");
  assert.ok(back.includes("reconnected") && !back.includes("mounted") && !back.includes("destroyed"), back.join());
  await press(page, "Tell");
  await shows(page, "#life", "Counted to 1");
  assert.deepEqual(await notes(page, "talk"), ["told 1"], "once, by the same hook");
  assert.ok(await isMarked(page));
  await close();
  way.close();
}));

test("a view that breaks takes no hook along", hooks(async ({ page }) => {
  await notes(page, "life");
  await press(page, "Count");
  await press(page, "Break");
  await shows(page, "#life", "Counted to 0");
  const noted = await notes(page, "life");
  assert.ok(noted.includes("disconnected") && noted.includes("reconnected") && !noted.includes("destroyed"), noted.join());
}, { expectErrors: [/./] }));

test("hooks go with their page on a live navigation and come with the next", hooks(async ({ page }) => {
  await mark(page);
  await notes(page, "life");
  await press(page, "Count");
  await shows(page, "#life", "Counted to 1");
  await notes(page, "life");
  await page.click("a:text-is('Second')");
  await page.waitForURL("**/second");
  await shows(page, "#life", "Counted to 0");
  assert.deepEqual(await notes(page, "life"), ["destroyed", "mounted"]);
  assert.equal(await page.textContent("#own"), "shown by a hook of the view's own");
  await press(page, "Tell");
  await shows(page, "#life", "Counted to 1");
  assert.deepEqual(await notes(page, "talk"), ["told 1"], "the hook of the page before hears nothing any more");
  assert.ok(await isMarked(page));
}));

test("hooks of a view's own are named by its component, and import what the app has", hooks(async ({ page }) => {
  await shows(page, "#own", "shown by a hook of the view's own");
  assert.deepEqual(await notes(page, "own"), ["mounted"]);
}));

test("what a hook pushes is answered by what the view replies", hooks(async ({ page, frames }) => {
  const { sent } = await frames(async () => {
    assert.deepEqual(await page.evaluate(() => talk.pushEvent("add", { x: 2, y: 40 })), { sum: 42 });
  });
  assert.match(sent[0], /"type":"hook","event":"add","value":\{"x":2,"y":40\}/);
  assert.deepEqual(await page.evaluate(() => new Promise((resolve) => talk.pushEvent("add", { x: -1, y: 1 }, (reply) => resolve(reply)))), { sum: 0 });
  // Each waits for its own.
  const sums = await page.evaluate(() => Promise.all([1, 2, 3].map((x) => talk.pushEvent("add", { x, y: 10 }))));
  assert.deepEqual(sums, [{ sum: 11 }, { sum: 12 }, { sum: 13 }]);
  assert.equal(await page.evaluate(async () => (await talk.pushEvent("say", { text: "no answer" })) ?? "nothing"), "nothing");
  await shows(page, "#said", "no answer");
}));

test("what is no object, or has a value of another type, is told at the page and changes nothing", hooks(async ({ page }) => {
  const refused = async (event, payload, message) => {
    await page.evaluate(([event, payload]) => talk.pushEvent(event, payload), [event, payload]);
    await shows(page, "#hothouse-notices p", message);
  };
  for (const payload of [[1, 2], "text", 7, true]) {
    await refused("add", payload, 'event "add": the payload is not a JSON object');
    await refused("add", { x: 1 }, 'event "add": "y" is missing');
  }
  await refused("add", { x: 1, y: { z: 1 } }, 'event "add": "y" is not a whole number from -2147483648 to 2147483647');
  await refused("say", { text: ["a"] }, 'event "say": "text" is not text');
  assert.deepEqual(await page.evaluate(() => talk.pushEvent("add", { x: 1, y: 1 })), { sum: 2 });
}));

test("events for components reach one by its element, and all that a selector finds", hooks(async ({ page }) => {
  const push = (target, by) => page.evaluate(async ([target, by]) => {
    const settled = await talk.pushEventTo(target === "element" ? document.querySelector("#cell-2") : target, "bump", { by });
    return settled.map(({ status, value }) => `${status} ${JSON.stringify(value?.reply)}`);
  }, [target, by]);
  assert.deepEqual(await push("element", 2), ['fulfilled {"count":2,"number":2}']);
  assert.deepEqual(await push("#cell-1", 1), ['fulfilled {"count":1,"number":1}']);
  assert.deepEqual(await push(".cell", 3), [
    'fulfilled {"count":4,"number":1}', 'fulfilled {"count":5,"number":2}', 'fulfilled {"count":3,"number":3}',
  ]);
  assert.deepEqual(await page.$$eval(".cell", (cells) => cells.map((cell) => cell.textContent)), ["4", "5", "3"]);
  await push("#cell-3", 7);
  await shows(page, "#hothouse-notices p", "a cell counts to 9");
}));

test("what the view tells the page reaches hooks after the page shows it", hooks(async ({ page }) => {
  await page.evaluate(() => talk.handleEvent("told", ({ count }) => { window.seen = [count, document.querySelector("#life").textContent]; }));
  await press(page, "Tell");
  await page.waitForFunction(() => window.seen);
  assert.deepEqual(await page.evaluate(() => window.seen), [1, "Counted to 1"]);
  assert.deepEqual(await notes(page, "talk"), ["told 1"]);
}));

test("commands that a view sends are carried out on what it shows with them, and stay", hooks(async ({ page }) => {
  await press(page, "Command");
  await page.waitForSelector("#panel.lit");
  await page.waitForSelector("#inside:focus");
  await page.waitForSelector("[data-phx-main].commanded");
  await press(page, "Count");
  await shows(page, "#life", "Counted to 1");
  assert.ok(await page.$("#panel.lit"), "what commands have changed stays when the view renders again");
}));

test("the focus goes round inside of what wraps it", hooks(async ({ page }) => {
  await press(page, "Panel");
  await page.waitForSelector("#first:focus");
  for (const next of ["inside", "first", "inside"]) {
    await page.keyboard.press("Tab");
    await page.waitForSelector(`#${next}:focus`);
  }
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await page.waitForSelector("#inside:focus");
}));

test("a button copies a value or a text, says so to everybody, and nothing is sent", hooks(async ({ page, frames, accessible }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const exchanged = await frames(async () => {
    for (const [of, text] of [["link", "https://hothouse.example/?a=1&b"], ["code", "cargo xtask demo"]]) {
      await page.click(`#copy-${of}`);
      await shows(page, `#copy-${of}-status`, "Copied");
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
      assert.ok(await page.$(`#copy-${of}.hh-copied`));
      await shows(page, `#copy-${of}-status`, "");
      assert.equal(await page.$(".hh-copied"), null);
    }
  });
  assert.deepEqual(exchanged, { sent: [], received: [] });
  await accessible();
}));

test("a button that may not copy says so", hooks(async ({ page }) => {
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("not now")); });
  await page.click("#copy-link");
  await shows(page, "#copy-link-status", "Could not be copied");
}, { expectErrors: [/nothing was copied/] }));

test("a script of hooks that fails is told in the console, and the page lives", () => withCopy(app, async ({ folder, write, read }) => {
  write("assets/hooks.js", "export default {\n");
  write("views/hooks/hooks.js", `${read("views/hooks/hooks.js")}\nthrow new Error("out of order");`);
  await withRunning(serve(folder), async (server) => {
    const told = [];
    const { page, joined, close } = await open(server.url, { expectErrors: [/are not there/, /unknown hook/i, /no hook/i] });
    page.on("console", (message) => told.push(message.text()));
    await page.reload();
    await joined();
    await press(page, "Count");
    await shows(page, "#life", "Counted to 1");
    assert.match(told.join("\n"), /the hooks in .*\/assets\/hooks-.*\.js are not there/);
    assert.match(told.join("\n"), /the hooks in .*\/_hothouse\/hooks\/hooks-.*\.js are not there: .*out of order/);
    await close();
  });
}));

test("a script of hooks that does not come is not waited for", () => withServer(app, async (server) => {
  const { page, joined, close } = await open("about:blank", { expectErrors: [/unknown hook/i, /no hook/i] });
  // Asked for, and never answered.
  await page.route(/assets\/hooks-/, () => {});
  await page.goto(server.url, { waitUntil: "commit" });
  await joined();
  await press(page, "Count");
  await shows(page, "#life", "Counted to 1");
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await close();
}));

test("events of the host are not to be had by a command", hooks(async ({ page, frames }) => {
  const exchanged = await frames(() => page.evaluate(() => {
    const main = document.querySelector("[data-phx-main]");
    const dispatch = (event, detail) => ["dispatch", { event, detail }];
    liveSocket.execJS(main, JSON.stringify([
      dispatch("phx:hothouse:failure", { message: "forged" }),
      dispatch("phx:hothouse:ticket", { ticket: "forged" }),
      dispatch("phx:hothouse:session", {}),
      dispatch("phx:hothouse:js", { js: [["add_class", { names: ["forged"] }]] }),
    ]));
  }));
  assert.deepEqual(exchanged, { sent: [], received: [] });
  assert.equal(await page.textContent("#hothouse-notices"), "");
  assert.equal(await page.$(".forged"), null);
}));
