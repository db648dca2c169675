// What a page does while answers are late: what waits is marked, nothing is lost, and all is answered in its order.
import assert from "node:assert/strict";
import { open, withNetwork } from "../browser.mjs";
import { test } from "../runner.mjs";

const late = 250;

/** Runs `body` with a page that has every binding, whose events and answers take their time from now on. */
const withLatePage = (body, options = {}) => withNetwork("tests/browser/app", async (way) => {
  const opened = await open(`${way.url}/bindings`, options);
  const { page, joined, sockets, close } = opened;
  await joined();
  await page.waitForFunction(() => document.querySelector("#count").textContent === "2");
  const { sent, received } = sockets[0];
  const begin = [sent.length, received.length];
  const since = (frames, from) => frames.slice(from).map((frame) => JSON.parse(frame)).filter(([, ref]) => ref !== null);
  way.delay(late);
  await body({
    ...opened, way,
    sent: () => since(sent, begin[0]),
    received: () => since(received, begin[1]),
  });
  await close();
});

const waits = (page) => page.$$eval("[data-phx-ref-src]", (waiting) => waiting.length);
/** Waits until nothing in the page waits for an answer. */
const isAnswered = (page) => page.waitForFunction(() =>
  !document.querySelector("[data-phx-ref-src], .phx-click-loading, .phx-change-loading, .phx-submit-loading"));
const click = (page, selector) => page.$eval(selector, (element) => element.click());
const has = (page, selector, name) => page.$eval(selector, (element, name) => element.classList.contains(name), name);

test("events that are sent without waiting are answered in their order, each with what it changed", () => withLatePage(async ({ page, sent, received }) => {
  for (const selector of ["#click", "#item", "#push", "#pad-first .own"]) await click(page, selector);
  assert.equal(await waits(page), 4);
  assert.deepEqual([sent().length, received().length], [4, 0], "all are under way");
  await isAnswered(page);
  const refs = (frames) => frames.map(([, ref]) => Number(ref));
  assert.deepEqual(refs(received()), refs(sent()));
  assert.deepEqual(refs(sent()), refs(sent()).toSorted((one, other) => one - other));
  const counts = received().map(([, , , , { status, response }]) => [status, response.diff["0"] ?? null, Object.keys(response.diff.c ?? {})]);
  assert.deepEqual(counts, [["ok", "3", []], ["ok", "4", []], ["ok", "5", []], ["ok", null, ["1"]]]);
  assert.equal(await page.textContent("#count"), "5");
}));

test("what waits for its answer is marked, and sends nothing again until it is there", () => withLatePage(async ({ page, sent }) => {
  await click(page, "#click");
  assert.ok(await has(page, "#click", "phx-click-loading"));
  await click(page, "#click");
  await click(page, "#click");
  assert.equal(sent().length, 1);
  await isAnswered(page);
  await click(page, "#click");
  assert.equal(sent().length, 2);
  await isAnswered(page);
  assert.equal(await page.textContent("#count"), "4");
}));

test("other elements and the page are marked as loading where a binding asks for it", () => withLatePage(async ({ page }) => {
  await page.evaluate(() => {
    window.loading = [];
    for (const state of ["start", "stop"]) {
      window.addEventListener(`phx:page-loading-${state}`, ({ detail }) => window.loading.push(`${state} ${detail.kind}`));
    }
  });
  await click(page, "#loading");
  assert.ok(await has(page, "#said", "phx-click-loading"));
  await isAnswered(page);
  assert.deepEqual(await page.evaluate(() => window.loading), []);
  await click(page, "#page-loading");
  assert.deepEqual(await page.evaluate(() => window.loading), ["start element"]);
  await isAnswered(page);
  await page.waitForFunction(() => window.loading.length === 2);
  assert.deepEqual(await page.evaluate(() => window.loading), ["start element", "stop element"]);
}));

test("commands show at once what the view will say later", () => withLatePage(async ({ page, received }) => {
  await click(page, "#optimistic");
  await page.waitForSelector("#optimistic.chosen");
  await page.waitForSelector("#item", { state: "hidden" });
  assert.equal(received().length, 0);
  await isAnswered(page);
  assert.ok(await has(page, "#optimistic", "chosen"));
}));

test("what is typed while answers are late stays, with the focus and the caret", () => withLatePage(async ({ page, sent }) => {
  await page.focus("#name");
  await page.keyboard.type("Anna", { delay: 60 });
  await page.keyboard.press("ArrowLeft");
  assert.ok(await has(page, "#form", "phx-change-loading"));
  assert.ok(await has(page, "#name", "phx-change-loading"));
  assert.equal(await page.inputValue("#name"), "Anna");
  await isAnswered(page);
  const field = () => page.evaluate(() => {
    const { id, value, selectionStart } = document.activeElement;
    return [id, value, selectionStart];
  });
  assert.deepEqual(await field(), ["name", "Anna", 3]);
  assert.deepEqual(sent().map(([, , , , { value }]) => value.match(/person%5Bname%5D=(\w+)/)[1]), ["A", "An", "Ann", "Anna"]);
  await page.keyboard.type("n");
  await isAnswered(page);
  assert.deepEqual(await field(), ["name", "Annna", 4]);
}));

test("a form that is sent is marked until it is answered, and gives the focus back", () => withLatePage(async ({ page, sent }) => {
  await page.focus("#name");
  await page.keyboard.type("A");
  await isAnswered(page);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#form").classList.contains("phx-submit-loading"));
  assert.deepEqual(await page.$$eval("#keep, #name", (both) => both.map((element) => element.disabled || Boolean(element.readOnly))), [true, true]);
  await isAnswered(page);
  assert.deepEqual(await page.$$eval("#keep, #name", (both) => both.map((element) => element.disabled || Boolean(element.readOnly))), [false, false]);
  await page.waitForFunction(() => document.activeElement.id === "name");
  const submitted = () => sent().filter(([, , , , { event }]) => event === "submitted").length;
  assert.equal(submitted(), 1);
  await page.$eval("#form", (form) => { form.requestSubmit(); form.requestSubmit(); });
  await isAnswered(page);
  assert.equal(submitted(), 2, "what is under way is not sent again");
}));

test("events for a component that is gone, or about to be, are answered and change nothing", () => withLatePage(async ({ page, sent, received, receivedOne }) => {
  // The component is gone from the view when its own event arrives.
  await click(page, "#hide");
  await click(page, "#pad-third .own");
  await isAnswered(page);
  await page.waitForSelector("#pad-third", { state: "detached" });
  assert.deepEqual(received().slice(0, 2).map(([, ref, , , { status }]) => [ref, status]), sent().slice(0, 2).map(([, ref]) => [ref, "ok"]));
  await receivedOne((frame) => frame.includes("\"cids\":[3]"));
  // And of the host, when this one does: the client itself sends none any more.
  const response = await page.evaluate(() => new Promise((resolve) => {
    const event = { type: "click", event: "told", value: {}, cid: 3 };
    window.liveSocket.main.channel.push("event", event).receive("ok", resolve);
  }));
  assert.deepEqual(response, {});
  await click(page, "#pad-second .own");
  await isAnswered(page);
  assert.equal(await page.textContent("#pad-second b"), "1");
}));

test("an element that is removed while it waits takes its lock along", () => withLatePage(async ({ page }) => {
  await click(page, "#hide");
  await click(page, "#inside");
  await page.waitForSelector("#shown", { state: "detached" });
  await isAnswered(page);
  await click(page, "#show");
  await page.waitForSelector("#shown");
  await isAnswered(page);
  assert.equal(await page.$eval("#inside", (button) => button.className), "");
  await click(page, "#inside");
  await isAnswered(page);
  assert.equal(await page.$eval("#said > li:last-child", (last) => last.textContent), "view inside {\"value\":\"\"}");
}));

test("the client's own latency leads to the same", () => withLatePage(async ({ page, way, sent, received }) => {
  way.delay(0);
  await page.evaluate((late) => window.liveSocket.enableLatencySim(late), late);
  for (const selector of ["#click", "#item", "#click"]) await click(page, selector);
  assert.equal(await waits(page), 2);
  await isAnswered(page);
  assert.deepEqual([sent().length, received().length], [2, 2]);
  assert.equal(await page.textContent("#count"), "4");
  await page.evaluate(() => window.liveSocket.disableLatencySim());
}));
