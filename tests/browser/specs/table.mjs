// A table of two hundred rows: what a person sorts and filters, what the page shows, what went over the wire.
import assert from "node:assert/strict";
import { join } from "node:path";
import { open, results, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const table = (body) => () => withServer("examples/showcase", async (server) => {
  const opened = await open(`${server.url}/table`, { viewport: { width: 1000, height: 800 } });
  await opened.joined();
  await body(opened);
  await opened.close();
});

/** What a column shows, row by row. */
const column = (page, number) => page.$$eval(`#plants tbody td:nth-child(${number})`, (cells) => cells.map((cell) => cell.textContent));
const sorts = (page) => page.$$eval("#plants th", (heads) => heads.map((head) => head.getAttribute("aria-sort")));
const sorted = (page, head, direction) => page.waitForSelector(`#plants th[aria-sort=${direction}]:has-text("${head}")`);
const numbers = (texts) => texts.map((text) => Number.parseInt(text, 10));
const up = (values) => [...values].sort((first, second) => first - second);

test("a click or a key on a heading sorts; rows are moved, and no text is sent", table(async ({ page, frames }) => {
  const names = await column(page, 1);
  assert.equal(names.length, 200);
  assert.deepEqual(names, [...names].sort());
  assert.deepEqual(await sorts(page), ["ascending", null, null, null, null]);
  await page.$eval("#plant-4", (row) => { row.mark = "the same element"; });

  const { sent, received } = await frames(() => page.click("#plants th button:has-text('Height')"));
  await sorted(page, "Height", "ascending");
  assert.deepEqual(await sorts(page), [null, null, "ascending", null, null]);
  const heights = numbers(await column(page, 3));
  assert.deepEqual(heights, up(heights));
  assert.equal(sent.length, 1);
  assert.match(sent[0], /"event":"sort","value":\{[^}]*"by":"height"/);
  assert.equal(received.length, 1);
  assert.doesNotMatch(received[0], /Amber|fern|palm|Orchids|plant-| cm/, "no text of a row is sent");
  assert.ok(received[0].length <= 2500, `${received[0].length} bytes`);

  await page.focus("#plants th button:has-text('Height')");
  const again = await frames(() => page.keyboard.press("Enter"));
  await sorted(page, "Height", "descending");
  assert.deepEqual(numbers(await column(page, 3)), up(heights).reverse());
  assert.doesNotMatch(again.received[0], /Amber|fern|palm|Orchids|plant-| cm/);
  assert.ok(await page.evaluate(() => document.activeElement.textContent === "Height"), "the heading keeps the focus");
  assert.equal(await page.$eval("#plant-4", (row) => row.mark), "the same element");
  await page.screenshot({ path: join(results, "table.png") });
}));

test("typing filters once it rests; what stays is not sent again, and the count is announced", table(async ({ page, frames }) => {
  assert.equal(await page.getAttribute("#count", "role"), "status");
  await page.$eval("#plant-9", (row) => { row.mark = "the same element"; });
  const { sent, received } = await frames(async () => {
    await page.focus("[type=search]");
    await page.keyboard.type("pitcher", { delay: 15 });
    await page.waitForSelector("#count:has-text('20 of 200 plants')");
  });
  assert.ok(sent.length <= 3, `${sent.length} events for seven letters`);
  assert.match(sent.at(-1), /"event":"filter","value":"text=pitcher/);
  assert.equal((await column(page, 1)).length, 20);
  assert.doesNotMatch(received.join(), /pitcher plant|plant-|Carnivores/, "rows that stay are not sent");
  assert.ok(received.at(-1).length <= 600, `${received.at(-1).length} bytes: ${received.at(-1)}`);
  assert.equal(await page.$eval("#plant-9", (row) => row.mark), "the same element");

  // A wider filter brings rows back: those alone are sent.
  const wider = await frames(async () => {
    await page.fill("[type=search]", "carnivores");
    await page.waitForSelector("#count:has-text('40 of 200 plants')");
  });
  assert.equal((wider.received.join().match(/sundew/g) ?? []).length, 40, "each new row has its name and its button's label");
  assert.doesNotMatch(wider.received.join(), /pitcher/);
  assert.equal(await page.$eval("#plant-9", (row) => row.mark), "the same element");

  await page.fill("[type=search]", "none such");
  await page.waitForSelector(".hh-table-empty");
  assert.equal(await page.textContent("#count"), "0 of 200 plants");
  await page.fill("[type=search]", "");
  await page.waitForSelector("#count:has-text('200 of 200 plants')");
  const names = await column(page, 1);
  assert.deepEqual(names, [...names].sort());
}));

test("Enter in the filter does not load the page, and sorting holds for what is filtered", table(async ({ page, frames }) => {
  await page.evaluate(() => { window.mark = "the same page"; });
  await page.fill("[type=search]", "orchid");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#count:has-text('40 of 200 plants')");
  await frames(() => page.click("#plants th button:has-text('In stock')"));
  await sorted(page, "In stock", "ascending");
  await page.fill("[type=search]", "moon orchid");
  await page.waitForSelector("#count:has-text('20 of 200 plants')");
  const stock = numbers(await column(page, 4));
  assert.deepEqual(stock, up(stock));
  assert.equal(await page.evaluate(() => window.mark), "the same page");
}));

test("an action of a row changes one number of it", table(async ({ page, frames }) => {
  const stock = () => page.textContent("#plant-2 td:nth-child(4)");
  const before = Number(await stock());
  const { sent, received } = await frames(() => page.click("#plant-2 button"));
  assert.equal(await stock(), String(before - 1));
  assert.match(sent[0], /"event":"sell","value":\{[^}]*"id":"2"/);
  assert.ok(received[0].length <= 200, `${received[0].length} bytes: ${received[0]}`);
  await page.waitForSelector("#plant-1 button:disabled");
}));
