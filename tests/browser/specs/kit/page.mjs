// What the tests of the kit share: a page of it, and what they wait for.
import assert from "node:assert/strict";
import { open, withServer } from "../../browser.mjs";

/** A page of the showcase; animations are over at once. */
const showcase = (path) => (body) => () => withServer("examples/showcase", async (server) => {
  const opened = await open(`${server.url}${path}`, { reducedMotion: "reduce", viewport: { width: 1000, height: 800 } });
  await opened.joined();
  await body(opened);
  await opened.close();
});
export const kit = showcase("/kit");
export const inputs = showcase("/inputs");

export const nothing = { sent: [], received: [] };
export const visible = (page, selector) => page.waitForSelector(selector, { state: "visible" });
export const hidden = (page, selector) => page.waitForSelector(selector, { state: "hidden" });
/** Waits until an element has the focus. Commands give it once more, two frames later. */
export const focused = async (page, selector) => {
  await page.waitForFunction((selector) => document.activeElement?.matches(selector), selector);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve)))));
  assert.ok(await page.evaluate((selector) => document.activeElement?.matches(selector), selector), `${selector} lost the focus`);
};
