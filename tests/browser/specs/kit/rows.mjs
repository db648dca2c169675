// Rows of inputs: they are added, removed and moved with the keyboard, and keep what was typed.
import assert from "node:assert/strict";
import { test } from "../../runner.mjs";
import { focused, inputs, nothing } from "./page.mjs";

const plants = (page) => page.$$eval(".line", (lines) => lines.map((line) => line.querySelector("[id$=_plant]").value));
const ids = (page) => page.$$eval(".line", (lines) => lines.map(({ id }) => id));
const count = (page, number) => page.waitForFunction((number) => document.querySelectorAll(".line").length === number, number);

/** A form with three lines. */
async function three(page) {
  for (const number of [2, 3]) {
    await page.click("text=Add a plant");
    await count(page, number);
  }
  for (const [index, plant] of ["Palm", "Fern", "Moss"].entries()) await page.locator(".line [id$=_plant]").nth(index).fill(plant);
}

test("a row is added with the keyboard, what was typed goes along, and the focus stays on the button", inputs(async ({ page, frames }) => {
  await page.locator(".line [id$=_plant]").fill("Palm");
  await page.focus("[name='order[lines_sort][]'][value=new]");
  const { sent } = await frames(() => page.keyboard.press("Enter"));
  const params = new URLSearchParams(JSON.parse(sent.at(-1))[4].value);
  assert.deepEqual(params.getAll("order[lines_sort][]"), ["0", "new"]);
  assert.equal(params.get("order[lines][0][plant]"), "Palm");
  await count(page, 2);
  assert.deepEqual(await plants(page), ["Palm", ""]);
  await focused(page, "[name='order[lines_sort][]'][value=new]");
  assert.equal((await page.$$("#order [aria-invalid]")).length, 0, "nobody has been in the new row");
  for (const number of [3, 4]) {
    await page.keyboard.press("Enter");
    await count(page, number);
  }
  await page.waitForSelector("button:has-text('Add a plant'):disabled");
}));

test("a row is removed, and the others stay who they are", inputs(async ({ page }) => {
  await three(page);
  const before = await ids(page);
  await page.$eval(".line:nth-child(3) [id$=_plant]", (input) => { input.mark = "the same"; });
  await page.focus(".line:nth-child(2) [aria-label=Remove]");
  await page.keyboard.press("Enter");
  await count(page, 2);
  assert.deepEqual(await plants(page), ["Palm", "Moss"]);
  assert.deepEqual(await ids(page), [before[0], before[2]]);
  assert.equal(await page.$eval(".line:nth-child(2) [id$=_plant]", (input) => input.mark), "the same");
  assert.equal(await page.getAttribute(".line:nth-child(2) [id$=_plant]", "name"), "order[lines][1][plant]");
  for (const number of [1, 0]) {
    await page.click(".line:last-child [aria-label=Remove]");
    await count(page, number);
  }
  await page.waitForSelector("#order_lines-errors:has-text('is required')");
}));

test("a row is moved up and down with what was typed, and not beyond the ends", inputs(async ({ page, frames }) => {
  await three(page);
  const [palm, fern, moss] = await ids(page);
  await page.focus(`#${moss} [aria-label="Move up"]`);
  const { sent } = await frames(() => page.keyboard.press("Enter"));
  assert.match(sent.at(-1), /"event":"move","value":\{[^}]*"from":2,"to":1/);
  await page.waitForFunction((moss) => document.querySelector(".line:nth-child(2)").id === moss, moss);
  assert.deepEqual([await ids(page), await plants(page)], [[palm, moss, fern], ["Palm", "Moss", "Fern"]]);
  await focused(page, `#${moss}-up`);
  await page.focus(`#${palm} [aria-label="Move down"]`);
  await frames(() => page.keyboard.press("Enter"));
  assert.deepEqual([await ids(page), await plants(page)], [[moss, palm, fern], ["Moss", "Palm", "Fern"]]);
  await focused(page, `#${palm}-down`);
  for (const end of [`#${moss} [aria-label="Move up"]`, `#${fern} [aria-label="Move down"]`]) {
    assert.equal(await page.getAttribute(end, "aria-disabled"), "true");
    assert.deepEqual(await frames(() => page.$eval(end, (button) => button.click())), nothing);
  }
  // What was typed into rows that have moved is sent in their order.
  await page.locator(".line [id$=_plant]").nth(0).fill("Peat moss");
  await page.waitForSelector(`#${moss} [value="Peat moss"]`);
  assert.deepEqual(await plants(page), ["Peat moss", "Palm", "Fern"]);
}));
