// Views of the examples and of the tests: what a person does, what the page shows, what went over the wire.
import assert from "node:assert/strict";
import { join } from "node:path";
import { open, results, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const showcase = "examples/showcase";
const testApp = "tests/browser/app";

test("the showcase lists the example views and its links work", () => withServer(showcase, async (server) => {
  const { page, joined, close } = await open(server.url);
  await joined();
  const links = await page.$$eval("[data-phx-main] a", (links) => links.map((link) => link.getAttribute("href")));
  assert.ok(links.includes("/counter") && links.includes("/tasks"), `${links}`);
  await page.click("a[href='/counter']");
  await page.waitForURL("**/counter");
  await joined();
  await close();
}));

test("a click changes the number and the socket carries a diff of a few bytes", () => withServer(showcase, async (server) => {
  const { page, joined, received, close } = await open(`${server.url}/counter`);
  await joined();
  assert.equal(await page.textContent(".number"), "0");
  await page.click("button:has-text('+')");
  await page.waitForFunction(() => document.querySelector(".number").textContent === "1");
  const diff = received().at(-1);
  assert.match(diff, /"phx_reply",\{"status":"ok","response":\{"diff":\{"0":"1"\}\}\}\]$/);
  assert.ok(diff.length <= 99, `${diff.length} bytes: ${diff}`);
  await page.click("button:has-text('-')");
  await page.click("button:has-text('-')");
  await page.waitForFunction(() => document.querySelector(".number").textContent === "-1");
  await close();
}));

test("without JavaScript the page shows the first render", () => withServer(showcase, async (server) => {
  const { page, close } = await open(`${server.url}/counter`, { javaScriptEnabled: false });
  assert.equal(await page.textContent(".number"), "0");
  await close();
}));

test("rows that move keep their elements", () => withServer(showcase, async (server) => {
  const { page, joined, close } = await open(`${server.url}/tasks`);
  await joined();
  assert.equal(await page.title(), "Tasks");
  const order = () => page.$$eval("#tasks > li", (rows) => rows.map((row) => row.id));
  await page.$eval("#task-3", (row) => { row.mark = "the same element"; });
  await page.click("#task-3 [aria-label='up']");
  await page.waitForFunction(() => document.querySelectorAll("#tasks > li")[1].id === "task-3");
  await page.click("#task-3 [aria-label='up']");
  await page.waitForFunction(() => document.querySelectorAll("#tasks > li")[0].id === "task-3");
  assert.deepEqual(await order(), ["task-3", "task-1", "task-2"]);
  assert.equal(await page.$eval("#task-3", (row) => row.mark), "the same element");
  await page.screenshot({ path: join(results, "tasks.png") });
  await close();
}));

test("markup comes and goes with what it depends on", () => withServer(showcase, async (server) => {
  const { page, joined, close } = await open(`${server.url}/tasks`);
  await joined();
  for (const row of ["1", "2", "3"]) await page.click(`#task-${row} [aria-label='remove']`);
  await page.waitForSelector("#nothing");
  assert.equal(await page.$("#summary"), null);
  await page.click("button:has-text('Feed the fish')");
  await page.waitForSelector("#summary");
  assert.equal(await page.$("#nothing"), null);
  assert.match(await page.textContent("#tasks"), /Feed the fish/);
  await close();
}));

test("every kind of slot looks the same after clicks as after a fresh load", () => withServer(testApp, async (server) => {
  const { page, joined, close } = await open(`${server.url}/sink`);
  await joined();
  const push = (event, value) => page.evaluate(
    ([event, value]) => new Promise((resolve) => {
      const main = document.querySelector("[data-phx-main]");
      window.liveSocket.js().push(main, event, { value });
      setTimeout(resolve, 100);
    }),
    [event, value],
  );
  await push("level", { level: 3 });
  await push("busy", { tasks: 12 });
  await push("note", { text: "<b>bold</b>" });
  await push("move_plant", { from: 0, to: 2 });
  await push("lock", { locked: true });
  await page.waitForSelector("#plants button[disabled]");
  assert.equal(await page.textContent("blockquote"), "<b>bold</b>");
  assert.deepEqual(await page.$$eval("#plants > li", (rows) => rows.map((row) => row.id)), ["plant-2", "plant-3", "plant-1"]);
  assert.equal(await page.isChecked("input[name='locked']"), true);
  await push("lock", { locked: false });
  await page.waitForSelector("#plants button:not([disabled])");
  await push("level", { level: 0 });
  await page.waitForSelector("p.none");
  await close();
}));

test("a view that panics comes back and the page is not reloaded", () => withServer(testApp, async (server) => {
  const { page, joined, received, close } = await open(`${server.url}/traps`, { expectErrors: [/view crashed|phx_error|channel_crash/] });
  await joined();
  await page.evaluate(() => { window.mark = "the same page"; });
  await page.click("#increment");
  await page.waitForFunction(() => document.querySelector("#count").textContent === "1");
  await page.click("#boom");
  await page.waitForFunction(() => document.querySelector("#count").textContent === "0");
  await joined();
  assert.ok(received().some((frame) => frame.includes("phx_error")));
  await page.click("#increment");
  await page.waitForFunction(() => document.querySelector("#count").textContent === "1");
  assert.equal(await page.evaluate(() => window.mark), "the same page");
  assert.match(server.log(), /boom, as asked/);
  await close();
}));

test("a view that spins is ended while others go on", () => withServer(testApp, async (server) => {
  const spinning = await open(`${server.url}/traps`, { expectErrors: [/view crashed|phx_error|channel_crash/] });
  const other = await open(`${server.url}/traps`);
  await spinning.joined();
  await other.joined();
  await spinning.page.click("#loop");
  for (let count = 1; count <= 5; count += 1) {
    await other.page.click("#increment");
    await other.page.waitForFunction((count) => document.querySelector("#count").textContent === String(count), count);
  }
  // Until then the page does not know that its view is gone, and a click on it would be lost with it.
  await spinning.receivedOne((frame) => frame.includes("phx_error"));
  await spinning.joined();
  await spinning.page.click("#increment");
  await spinning.page.waitForFunction(() => document.querySelector("#count").textContent === "1");
  await spinning.close();
  await other.close();
}));

test("a declared failure is shown and the view lives on", () => withServer(testApp, async (server) => {
  const { page, joined, close } = await open(`${server.url}/sink`);
  await joined();
  await page.evaluate(() => window.liveSocket.js().push(document.querySelector("[data-phx-main]"), "fail", {}));
  await page.waitForSelector("#hothouse-notices p");
  assert.equal(await page.textContent("#hothouse-notices p"), "refused, as asked");
  await page.screenshot({ path: join(results, "failure.png") });
  await close();
}));

test("a page of a view that is not found says so", () => withServer(testApp, async (server) => {
  const { page, close } = await open(`${server.url}/sink?missing`, { expectErrors: [/404/] });
  assert.match(await page.textContent("body"), /the kitchen is missing/);
  await page.screenshot({ path: join(results, "not-found.png") });
  await close();
}));
