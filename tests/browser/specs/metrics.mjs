// The instruments of the greenhouse: they tick, at another pace, not while somebody pauses, and again after a lost connection.
import assert from "node:assert/strict";
import { inEveryLook, open, withNetwork, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const app = "examples/metrics";

const readings = async (page) => Number(await page.textContent("#readings"));
const reached = (page, count) =>
  page.waitForFunction((count) => Number(document.querySelector("#readings").textContent) >= count, count);
const curves = (page) => page.$$eval("polyline", (curves) => curves.map((curve) => curve.getAttribute("points")));

test("instruments are read as time goes by, each reading in one small frame", () => withServer(app, async ({ url }) => {
  const { page, joined, received, close } = await open(url);
  await joined();
  const before = await curves(page);
  await page.click("text=0.25 s");
  await page.waitForSelector("[aria-pressed=true]:has-text('0.25 s')");
  const [began, from] = [await readings(page), received().length];
  await reached(page, began + 4);
  const [until, frames] = [await readings(page), received().slice(from)];
  assert.ok(frames.length <= until - began + 1, `${frames.length} frames for ${until - began} readings`);
  // Four curves of sixty points each.
  assert.ok(frames.every((frame) => frame.length < 3_000), frames[0]);
  const after = await curves(page);
  assert.ok(after.length === 4 && after.every((curve, index) => curve !== before[index]));
  await close();
}));

test("a pause lasts until somebody goes on, in one window and not in the other", () => withServer(app, async ({ url }) => {
  const [ann, bob] = [await open(url), await open(url)];
  for (const { page, joined } of [ann, bob]) {
    await joined();
    await page.click("text=0.25 s");
    await reached(page, 2);
  }
  await ann.page.click("#pause");
  await ann.page.waitForSelector("#resume");
  const [paused, going] = [await readings(ann.page), await readings(bob.page)];
  await reached(bob.page, going + 4);
  assert.equal(await readings(ann.page), paused);
  await ann.page.click("#resume");
  await reached(ann.page, paused + 2);
  await ann.close();
  await bob.close();
}));

test("instruments are read again by themselves after a lost connection", () => withNetwork(app, async (way) => {
  const { page, joined, sockets, close } = await open(way.url, { expectErrors: [/WebSocket/] });
  await joined();
  await reached(page, 1);
  way.cut();
  await page.waitForSelector("[data-phx-main]:not(.phx-connected)");
  await joined();
  await reached(page, 2);
  assert.equal(sockets.length, 2);
  await close();
}));

test("the instruments are without barriers, also when one sounds the alarm and when they rest", () => withServer(app, ({ url }) =>
  inEveryLook(url, async (page, isReadable) => {
    await page.click("text=0.25 s");
    await page.waitForSelector("#alarms li:not(.only)", { timeout: 60_000 });
    await page.click("#pause");
    await page.waitForSelector("#resume");
    assert.equal(await page.isVisible("#no-alarms"), false);
    await isReadable();
  })));
