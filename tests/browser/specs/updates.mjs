// What a patch leaves alone, and what it does not: ignored content and attributes, focused and locked inputs, rows of streams.
import assert from "node:assert/strict";
import { open, withNetwork } from "../browser.mjs";
import { test } from "../runner.mjs";

/** Runs `body` with the page, joined, and the way to its server. */
const withUpdates = (body) => withNetwork("tests/browser/app", async (way) => {
  const opened = await open(`${way.url}/updates`);
  await opened.joined();
  await body(opened, way);
  await opened.close();
});

const tick = async (page, times = 1) => {
  for (let done = 0; done < times; done += 1) {
    const before = Number(await page.textContent("#ticks"));
    await page.$eval("#tick", (button) => button.click());
    await page.waitForFunction((before) => Number(document.querySelector("#ticks").textContent) > before, before);
  }
};
const isAnswered = (page) => page.waitForFunction(() => !document.querySelector("[data-phx-ref-src]"));
const attribute = (page, selector, name) => page.getAttribute(selector, name);
const text = (page, selector) => page.textContent(selector);
const value = (page, selector) => page.inputValue(selector);
/** The focused input, what is in it, and where the caret is. */
const caret = (page) => page.evaluate(() => {
  const { id, value, selectionStart } = document.activeElement;
  return [id, value, selectionStart];
});

test("ignored content is left alone, but for its data attributes", () => withUpdates(async ({ page }) => {
  await page.$eval("#ignored", (ignored) => ignored.append(" and a script's"));
  await tick(page, 2);
  assert.equal(await text(page, "#ignored"), "Tick 0 and a script's");
  assert.equal(await attribute(page, "#ignored", "class"), "tick-0");
  assert.equal(await attribute(page, "#ignored", "data-ticks"), "2");
  assert.equal(await text(page, "#replaced"), "Tick 2");
  assert.equal(await attribute(page, "#replaced", "class"), "tick-2");
}));

test("an attribute that is ignored stays as the page has it, and all else follows the view", () => withUpdates(async ({ page }) => {
  await page.click("#details summary");
  await page.click("#plain-details summary");
  await page.$eval("#dialog", (dialog) => dialog.show());
  await page.$eval("#styled", (styled) => { styled.className = "own"; styled.dataset.ownA = "own"; styled.dataset.b = "own"; });
  await tick(page, 2);
  const isOpen = (selector) => page.$eval(selector, (element) => element.open);
  assert.deepEqual([await isOpen("#details"), await isOpen("#dialog"), await isOpen("#plain-details")], [true, true, false]);
  assert.equal(await attribute(page, "#details", "class"), "tick-2");
  assert.match(await text(page, "#details"), /Tick 2/);
  assert.deepEqual(
    await page.$eval("#styled", ({ className, dataset }) => [className, dataset.ownA, dataset.b]), ["own", "own", "2"]);
  await page.click("#details summary");
  await tick(page);
  assert.equal(await isOpen("#details"), false, "closed by a person, and left so");
}));

test("the focused input keeps what is in it unless it is to be patched", () => withUpdates(async ({ page }) => {
  await page.focus("#focused");
  await page.keyboard.type("typed ");
  await tick(page);
  assert.deepEqual(await caret(page), ["focused", "typed 0", 6]);
  await page.focus("#patched");
  await page.keyboard.type("typed ");
  await tick(page);
  assert.equal(await value(page, "#patched"), "2");
  assert.equal(await page.evaluate(() => document.activeElement.id), "patched");
  assert.equal(await value(page, "#focused"), "2", "it is not focused any more");
}));

test("what is typed, chosen and ticked while answers are late stays, and the caret too", () => withUpdates(async ({ page }, way) => {
  way.delay(250);
  await page.focus("#name");
  await page.keyboard.type("Anna", { delay: 50 });
  await page.keyboard.press("Home");
  await page.selectOption("#colour", "blue");
  await page.check("#ticked");
  await page.focus("#area");
  await page.keyboard.type("line", { delay: 50 });
  assert.deepEqual([await value(page, "#name"), await value(page, "#colour"), await page.isChecked("#ticked")], ["Anna", "blue", true]);
  assert.notEqual(await text(page, "#told"), "Anna|line|blue|true", "the answers are not there yet");
  await isAnswered(page);
  assert.deepEqual([await value(page, "#name"), await value(page, "#colour"), await page.isChecked("#ticked")], ["Anna", "blue", true]);
  assert.deepEqual(await caret(page), ["area", "line", 4]);
  assert.equal(await text(page, "#told"), "Anna|line|blue|true");
}));

test("what the view makes of an input is shown when it is answered and left", () => withUpdates(async ({ page }, way) => {
  await page.click("#shout");
  way.delay(200);
  await page.focus("#name");
  await page.keyboard.type("ann");
  await isAnswered(page);
  assert.deepEqual(await caret(page), ["name", "ann", 3], "as long as somebody types");
  await page.focus("#area");
  await page.keyboard.type("x");
  await isAnswered(page);
  assert.equal(await value(page, "#name"), "ANN");
}));

test("a patch from elsewhere waits behind an input that is locked", () => withUpdates(async ({ page }, way) => {
  way.delay(300);
  await page.focus("#name");
  await page.keyboard.type("b");
  // Another event, of another element, whose answer changes what stands inside of the form's lock and outside of it.
  await page.$eval("#tick", (button) => button.click());
  assert.ok(await page.$("#name[data-phx-ref-lock]"));
  await isAnswered(page);
  assert.equal(await text(page, "#ticks"), "2");
  assert.equal(await text(page, "#told"), "b||red|false");
  assert.deepEqual(await caret(page), ["name", "b", 1]);
}));

test("rows of a stream change around an input that is locked in one of them", () => withUpdates(async ({ page }, way) => {
  const versions = () => page.$$eval("#rows b", (rows) => rows.map((row) => row.textContent));
  way.delay(250);
  await page.focus("#rows-2-title");
  await page.keyboard.press("End");
  await page.keyboard.type("!", { delay: 50 });
  await page.$eval("#refresh", (button) => button.click());
  await page.keyboard.type("?", { delay: 50 });
  assert.deepEqual(await caret(page), ["rows-2-title", "row 2!?", 7]);
  await isAnswered(page);
  assert.deepEqual(await caret(page), ["rows-2-title", "row 2!?", 7]);
  assert.equal(await text(page, "#renamed"), "row 2!?");
  assert.deepEqual(await versions(), ["1", "100", "1"], "all answers are shown, in their order");
  // The rows are turned round while one is locked, and the focus stays in it.
  await page.keyboard.type("#");
  await page.$eval("#turn", (button) => button.click());
  await isAnswered(page);
  assert.deepEqual(await page.$$eval("#rows > li", (rows) => rows.map(({ id }) => id)), ["rows-3", "rows-2", "rows-1"]);
  assert.deepEqual(await caret(page), ["rows-2-title", "row 2!?#", 8]);
}));

test("a row that is removed while its input is locked is gone, and so is its lock", () => withUpdates(async ({ page }, way) => {
  way.delay(200);
  await page.focus("#rows-1-title");
  await page.keyboard.type("x");
  await page.$eval("#rows-1 button", (button) => button.click());
  await page.waitForSelector("#rows-1", { state: "detached" });
  await isAnswered(page);
  await page.$eval("#refresh", (button) => button.click());
  await page.waitForSelector("#rows-1");
  await isAnswered(page);
  assert.equal(await value(page, "#rows-1-title"), "row 1");
  await page.focus("#rows-1-title");
  await page.keyboard.type("y");
  await isAnswered(page);
  assert.equal(await text(page, "#renamed"), "yrow 1");
}));
