// Text that grows piece by piece: what is sent of it, and what patches, reconnects and other text do to it.
import assert from "node:assert/strict";
import { open, withNetwork } from "../browser.mjs";
import { test } from "../runner.mjs";

/** Runs `body` with the page, joined, and the way to its server. */
const withText = (body) => withNetwork("tests/browser/app", async (way) => {
  const opened = await open(`${way.url}/growing-text`, { expectErrors: [/WebSocket/] });
  await opened.joined();
  await body(opened, way);
  await opened.close();
});

const shows = (page, text) =>
  page.waitForFunction((text) => document.querySelector("#text")?.textContent === text, text);
const ticks = (page, count) =>
  page.waitForFunction((count) => document.querySelector("#ticks").textContent === String(count), count);

test("a piece is appended as text, and is all that is sent", () => withText(async ({ page, frames }) => {
  assert.equal(await page.isVisible("#nothing"), true);
  await page.click("#push");
  await shows(page, "and <more> ");
  assert.equal(await page.$("#nothing"), null);
  const { received: [frame] } = await frames(() => page.click("#push"));
  await shows(page, "and <more> and <more> ");
  const [, , , , payload] = JSON.parse(frame);
  assert.deepEqual(payload.response.diff, { e: [["hothouse:append", { to: "text", text: "and <more> " }]] });
  assert.equal(await page.$eval("#text", ({ childNodes }) => childNodes.length), 1, "one text, however many pieces");
}));

test("what was appended outlives patches of all else, and what is marked in it stays marked", () => withText(async ({ page }) => {
  await page.click("#push");
  await shows(page, "and <more> ");
  await page.$eval("#text", ({ firstChild }) => getSelection().setBaseAndExtent(firstChild, 0, firstChild, 3));
  await page.$eval("#tick", (button) => button.click());
  await ticks(page, 1);
  await page.$eval("#both", (button) => button.click());
  await ticks(page, 2);
  await shows(page, "and <more> both ");
  await page.$eval("#push", (button) => button.click());
  await shows(page, "and <more> both and <more> ");
  assert.equal(await page.evaluate(() => String(getSelection())), "and");
}));

test("other text takes the place of all, the text that was there at first too", () => withText(async ({ page }) => {
  await page.click("#push");
  await shows(page, "and <more> ");
  await page.click("#clear");
  await shows(page, "");
  await page.waitForSelector("#nothing");
  await page.click("#set");
  await shows(page, "Setand pushed ");
  await page.click("#tick");
  await ticks(page, 1);
  await shows(page, "Setand pushed ");
  await page.click("#set");
  await shows(page, "Setand pushed ");
}));

test("an element that was gone comes back with all of its text", () => withText(async ({ page }) => {
  await page.click("#push");
  await shows(page, "and <more> ");
  await page.click("#hide");
  await page.waitForSelector("#text", { state: "detached" });
  await page.click("#push");
  await page.click("#hide");
  await shows(page, "and <more> and <more> ");
  await page.click("#push");
  await shows(page, "and <more> and <more> and <more> ");
  await page.click("#tick");
  await ticks(page, 1);
  await shows(page, "and <more> and <more> and <more> ");
}));

test("a page that joins anew shows what its new view shows", () => withText(async ({ page, joined }, way) => {
  await page.click("#push");
  await shows(page, "and <more> ");
  way.cut();
  await shows(page, "");
  await page.click("#push");
  await shows(page, "and <more> ");
}));

test("text is appended where a view's text can stand, and nowhere else", () => withText(async ({ page }) => {
  const append = (to) => page.evaluate((to) => window.dispatchEvent(
    new CustomEvent("phx:hothouse:append", { detail: { to, text: "x" } })), to);
  const html = () => page.evaluate(() => document.documentElement.outerHTML);
  await page.evaluate(() => {
    document.body.insertAdjacentHTML("beforeend", "<p id='outside'></p>");
    const main = document.querySelector("[data-phx-main]");
    main.insertAdjacentHTML("beforeend", "<style id='style'></style><textarea id='area'></textarea><p id='full'><b>x</b></p>");
  });
  const before = await html();
  for (const id of ["outside", "style", "area", "full", "nowhere"]) await append(id);
  assert.equal(await html(), before);
  await append("text");
  assert.notEqual(await html(), before);
}));
