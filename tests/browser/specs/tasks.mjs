// Background work in the real client: the page goes on meanwhile.
import assert from "node:assert/strict";
import { open, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const testApp = "tests/browser/app";

const told = (page) => page.$$eval("#told > li", (items) => items.map((item) => item.textContent));

/** Waits until the page shows that the view was told this last. */
const lastTold = (page, text) => page.waitForFunction(
  (text) => document.querySelector("#told > li:last-child")?.textContent === text,
  text,
);

test("a person types into an input while a task of ten seconds runs", () => withServer(testApp, async (server) => {
  const { page, joined, close } = await open(`${server.url}/errands`);
  await joined();
  const began = Date.now();
  await page.click("button:has-text('Ten seconds')");
  await page.click("#note");
  let written = "";
  while (Date.now() - began < 9_000) {
    const word = `word${written.length} `;
    const before = Date.now();
    await page.keyboard.type(word, { delay: 20 });
    written += word;
    await page.waitForFunction((text) => document.querySelector("#written").textContent === text, written);
    assert.ok(Date.now() - before < 5_000, "the view answers while its task runs");
    assert.equal(await page.inputValue("#note"), written);
    await page.waitForTimeout(300);
  }
  assert.deepEqual(await told(page), [], "the task still runs");
  await lastTold(page, "long done slept");
  assert.ok(Date.now() - began >= 10_000);
  // What is in the input and who has the focus is as it was.
  assert.equal(await page.inputValue("#note"), written);
  assert.equal(await page.evaluate(() => document.activeElement.id), "note");
  await close();
}));

test("progress comes to the page bit by bit, and what is typed meanwhile stays", () => withServer(testApp, async (server) => {
  const { page, joined, close } = await open(`${server.url}/errands`);
  await joined();
  await page.click("button:has-text('Count')");
  await page.click("#note");
  await page.keyboard.type("typed while it counts", { delay: 30 });
  await page.waitForFunction(() => document.querySelectorAll("#told > li").length > 3);
  assert.ok((await told(page)).length < 21, "it is under way");
  await lastTold(page, "count done counted");
  const numbers = Array.from({ length: 20 }, (_, index) => `count: ${index + 1}`);
  assert.deepEqual(await told(page), [...numbers, "count done counted"]);
  assert.equal(await page.inputValue("#note"), "typed while it counts");
  await close();
}));

test("a task ends with its page", () => withServer(testApp, async (server) => {
  const { page, joined, close } = await open(`${server.url}/errands`);
  await joined();
  await page.click("button:has-text('Count')");
  await page.waitForFunction(() => document.querySelectorAll("#told > li").length > 1);
  await page.reload();
  await joined();
  await page.waitForTimeout(500);
  assert.deepEqual(await told(page), [], "the view is another one, and has started nothing");
  await close();
}));
