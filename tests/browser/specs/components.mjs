// Live components in the real client: their own events, their state wherever they stand, their removal in two steps.
import assert from "node:assert/strict";
import { join } from "node:path";
import { open, results, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const showcase = "examples/showcase";
const testApp = "tests/browser/app";

const order = (page) => page.$$eval("#todos > li", (rows) => rows.map((row) => row.id));

/** Waits until the first todos are these. */
const ordered = (page, expected) => page.waitForFunction(
  (expected) => [...document.querySelectorAll("#todos > li")].map((row) => row.id).join() === expected,
  expected.join(),
);

const payload = (frame) => JSON.parse(frame)[4].response;

test("a click on a todo's button changes only that todo", () => withServer(showcase, async (server) => {
  const { page, joined, received, close } = await open(`${server.url}/todos`);
  await joined();
  assert.deepEqual(await order(page), ["todo-1", "todo-2", "todo-3"]);
  assert.equal(await page.getAttribute("#todo-2", "data-phx-component"), "2");
  await page.click("#todo-2 [type=checkbox]");
  await page.waitForSelector("#todo-2 .done");
  const { diff } = payload(received().at(-1));
  assert.deepEqual([Object.keys(diff), Object.keys(diff.c)], [["c"], ["2"]]);
  assert.ok(received().at(-1).length < 200, received().at(-1));
  assert.equal(await page.$$eval("#todos .done", (done) => done.length), 1);
  await close();
}));

test("a todo is edited in its place, keeps its state when it moves, and is gone for good when it is removed", () => withServer(showcase, async (server) => {
  const { page, sockets, joined, received, receivedOne, close } = await open(`${server.url}/todos`);
  await joined();
  await page.click("#todo-3 span");
  await page.waitForSelector("#todo-3 input:focus");
  await page.screenshot({ path: join(results, "todos.png") });
  await page.fill("#todo-3 [name=text]", "Fix the <pump>");
  await page.press("#todo-3 [name=text]", "Enter");
  await page.waitForSelector("#todo-3 span:has-text('Fix the <pump>')");
  // What is typed stays where it is while another moves.
  await page.click("#todo-1 span");
  await page.fill("#todo-1 [name=text]", "half typed");
  await page.$eval("#todo-3", (row) => { row.mark = "the same element"; });
  await page.click("#todo-3 [aria-label=Up]");
  await ordered(page, ["todo-1", "todo-3", "todo-2"]);
  assert.equal(await page.$eval("#todo-3", (row) => row.mark), "the same element");
  assert.equal(await page.inputValue("#todo-1 [name=text]"), "half typed");
  assert.equal(payload(received().at(-1)).diff.c, undefined, "nothing of a component is sent");
  await page.click("#reverse");
  await ordered(page, ["todo-2", "todo-3", "todo-1"]);
  assert.equal(await page.textContent("#todo-3 span"), "Fix the <pump>");
  await page.press("#todo-1 [name=text]", "Escape");
  await page.waitForSelector("#todo-1 span:has-text('Prune the roses')");
  // Both steps of the client's own.
  await page.click("#todo-3 [aria-label=Remove]");
  await ordered(page, ["todo-2", "todo-1"]);
  await receivedOne((frame) => frame.includes("\"cids\":[3]"));
  const said = sockets[0].sent.filter((frame) => frame.includes("cids_")).map((frame) => JSON.parse(frame).slice(3));
  assert.deepEqual(said, [["cids_will_destroy", { cids: [3] }], ["cids_destroyed", { cids: [3] }]]);
  // A new one takes its literal parts from one that is there.
  await page.fill("#new input", "Order seeds");
  await page.press("#new input", "Enter");
  await ordered(page, ["todo-2", "todo-1", "todo-4"]);
  assert.equal(payload(received().at(-1)).diff.c["4"].s, -1);
  assert.equal(await page.textContent("#todo-4 span"), "Order seeds");
  assert.deepEqual([await page.inputValue("#new input"), await page.evaluate(() => document.activeElement.name)], ["", "text"]);
  await page.click("#todo-4 [type=checkbox]");
  await page.waitForSelector("#todo-4 .done");
  assert.deepEqual(await page.$$eval("#history > :not(.only)", (entries) => entries.map((entry) => entry.textContent)), [
    "added “Order seeds”", "removed number 3", "turned the list round",
  ]);
  await close();
}));

/** Sends events one after the other, without waiting for answers. */
const push = (page, events) => page.evaluate((events) => {
  const main = document.querySelector("[data-phx-main]");
  for (const [event, value] of events) window.liveSocket.js().push(main, event, { value });
}, events);

const said = (page, text) => page.waitForFunction(
  (text) => document.querySelector("section > button")?.textContent === text,
  text,
);

test("a component that flickers keeps its state, and one that was gone begins anew", () => withServer(testApp, async (server) => {
  const { page, joined, sockets, receivedOne, close } = await open(`${server.url}/live-components?cards=1,2`);
  await joined();
  await page.click("div > section > button");
  await said(page, "first 1");
  await push(page, [["show", { shown: "false" }], ["show", { shown: "true" }]]);
  await page.waitForFunction(() => document.querySelectorAll("section").length === 3);
  await page.click("div > section > button");
  await said(page, "first 2");
  await push(page, [["move", {}]]);
  await page.waitForSelector("aside > section");
  await said(page, "first 2");
  // In another element, with its own events.
  await page.click("aside > section > button");
  await said(page, "first 3");
  await push(page, [["root", {}]]);
  await page.waitForSelector("article > section");
  await said(page, "first 3");
  await push(page, [["root", {}]]);
  await page.waitForSelector("main > aside > section");
  await said(page, "first 3");
  await push(page, [["show", { shown: "false" }]]);
  await receivedOne((frame) => frame.includes("\"cids\":[1]"));
  await push(page, [["show", { shown: "true" }]]);
  await page.waitForSelector("aside > section");
  await said(page, "first 0");
  // A join begins anew, cids as well.
  await page.evaluate(() => window.liveSocket.getSocket().conn.close(3000));
  await receivedOne((frame, socket) => socket === 1 && frame.includes("rendered"));
  await joined();
  assert.equal(sockets.length, 2);
  await page.click("div > section > button");
  await said(page, "first 1");
  await close();
}));

test("streams in components keep their rows, and components in components their events", () => withServer(testApp, async (server) => {
  const { page, joined, close } = await open(`${server.url}/live-components?cards=1`);
  await joined();
  const push = (event, value) => page.evaluate(
    ([event, value]) => new Promise((resolve) => {
      const card = document.querySelector("#row-1 section");
      window.liveSocket.js().push(card, event, { target: card, value, callback: resolve });
    }),
    [event, value],
  );
  const rows = () => page.$$eval("#lines-card-1 > li", (rows) => rows.map((row) => row.textContent));
  await push("say", { text: "one" });
  await push("say", { text: "two" });
  assert.deepEqual(await rows(), ["one", "two"]);
  await push("open", {});
  await page.click("#row-1 .inner button");
  await page.waitForSelector("#row-1 .inner button:has-text('in card 1 1')");
  assert.equal(await page.textContent("#row-1 section > button"), "card 1 2");
  assert.deepEqual(await rows(), ["one", "two"]);
  await close();
}));
