// Parts of a view that stand elsewhere in the page: they change, act and go as if they stood where they were written.
import assert from "node:assert/strict";
import { open, withNetwork, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const app = "tests/browser/app";

/** Runs `body` with the page of portals, joined. */
const withPortals = (body, { query = "", ...options } = {}) => withServer(app, async (server) => {
  const opened = await open(`${server.url}/portals${query}`, options);
  await opened.joined();
  await opened.page.waitForSelector("#_lv_portal_wrap_note", { state: "attached" });
  await body(opened, server);
  await opened.close();
});

/** Which element stands directly around another. */
const around = (page, selector) => page.$eval(selector, ({ parentElement }) => parentElement.id || parentElement.localName);
const text = (page, selector) => page.textContent(selector);
const shows = (page, selector, expected) => page.waitForFunction(
  ([selector, expected]) => document.querySelector(selector)?.textContent === expected, [selector, expected]);
/** The events of this name among the frames that were sent. Menus are told of clicks beside them as well. */
const events = (sent, name) => sent.map((frame) => JSON.parse(frame)[4]).filter(({ event }) => event === name);

test("a portal's content stands in its target, where nothing cuts it off, and changes with the view", () => withPortals(async ({ page, frames }) => {
  assert.equal(await around(page, "#_lv_portal_wrap_tip"), "body");
  assert.equal(await page.getAttribute("#_lv_portal_wrap_tip", "class"), "tip");
  assert.equal(await text(page, "#hint"), "Counted 0");
  const { height } = await page.locator("#_lv_portal_wrap_tip").boundingBox();
  assert.ok(height > 32, "what surrounds the template does not hold it");
  const { sent, received } = await frames(() => page.click("#count-up"));
  assert.deepEqual(events(sent, "count"), [{ type: "click", event: "count", value: { value: "" } }]);
  assert.ok(received.at(-1).length < 200, received.at(-1));
  await shows(page, "#hint", "Counted 1");
  await shows(page, "#count", "1");
}));

test("a portal in a portal stands beside it, and its events are the view's", () => withPortals(async ({ page }) => {
  assert.equal(await around(page, "#_lv_portal_wrap_inner"), "body");
  await page.click("#count-up");
  await shows(page, "#deep", "Deep 1");
  await page.click("#deep");
  await shows(page, "#said", "deep");
}));

test("commands reach into a portal and out of it", () => withPortals(async ({ page }) => {
  await page.click("#hide");
  await page.waitForSelector("#hint", { state: "hidden" });
  await page.waitForSelector("#narrow.quiet");
  // What they did stays when the view renders again.
  await page.click("#count-up");
  await shows(page, "#hint", "Counted 1");
  assert.ok(await page.isHidden("#hint"));
}));

test("forms and streams in a portal keep what is typed and their rows", () => withPortals(async ({ page }) => {
  await page.fill("#written", "palms");
  await shows(page, "#text", "palms");
  await page.click("#line");
  await page.waitForSelector("#lines-2");
  await page.click("#line");
  await page.waitForSelector("#lines-3");
  assert.deepEqual(await page.$$eval("#lines > li", (lines) => lines.map((line) => line.textContent)), ["line 1", "line 2", "line 3"]);
  assert.equal(await page.inputValue("#written"), "palms");
}));

test("a portal's content comes and goes with it, as often as it does", () => withPortals(async ({ page }) => {
  for (let times = 0; times < 3; times += 1) {
    await page.click("#close");
    await page.waitForFunction(() => !document.querySelector("[data-phx-teleported]:not([id*=menu])"));
    assert.equal(await page.$("#_lv_portal_wrap_inner"), null, "and what stood in it");
    await page.click("#open");
    await page.waitForSelector("#hint");
    await page.waitForSelector("#deep");
  }
  assert.equal((await page.$$("#_lv_portal_wrap_tip")).length, 1);
}));

test("a live component's portal sends its events to the component, by their type and by a selector", () => withPortals(async ({ page, frames }) => {
  assert.equal(await around(page, "#_lv_portal_wrap_menu-1-entries"), "body");
  const cid = Number(await page.getAttribute("#menu-1", "data-phx-component"));
  const chosen = async (action, what) => {
    const { sent } = await frames(action);
    assert.deepEqual(events(sent, "choose").map(({ cid }) => cid), [cid]);
    await shows(page, "#menu-1 output", what);
  };
  await chosen(() => page.click("#menu-1-a"), "a");
  await chosen(() => page.click("#menu-1-b"), "b");
  await chosen(() => page.fill("#menu-1-input", "typed"), "typed");
}));

test("a live component in a portal has its own events, and its own portal", () => withPortals(async ({ page }) => {
  await page.click("#inside-a");
  await shows(page, "#inside output", "a");
  assert.equal(await around(page, "#_lv_portal_wrap_inside-entries"), "body");
  assert.equal(await around(page, "#inside"), "_lv_portal_wrap_note");
}));

test("a click in a portal is inside of what the portal is in", () => withPortals(async ({ page }) => {
  await page.click("#menu-1-a");
  await shows(page, "#menu-1 output", "a");
  assert.ok(await page.$("#menu-1-b"), "the menu is still open");
  await page.click("#said", { force: true });
  await page.waitForSelector("#menu-1-a", { state: "detached" });
}));

test("rows with portals come and go with them", () => withPortals(async ({ page }) => {
  await page.click("#menu");
  await page.click("#menu-2-b");
  await shows(page, "#menu-2 output", "b");
  await page.click("#drop");
  await page.waitForSelector("#menu-2-b", { state: "detached" });
  await page.click("#menu");
  await page.waitForSelector("#menu-2-b");
  assert.equal(await text(page, "#menu-2 output"), "", "another component than before");
}));

test("a portal leads to an element by its id, and moves when its target does", () => withPortals(async ({ page }) => {
  assert.equal(await around(page, "#_lv_portal_wrap_note"), "place");
  await page.fill("#written", "half typed");
  await shows(page, "#text", "half typed");
  const lead = (target) => page.evaluate((target) => window.liveSocket.js().push(document.querySelector("main"), "lead", { value: { target } }), target);
  await lead("#other-place");
  await page.waitForSelector("#other-place > #_lv_portal_wrap_note");
  assert.equal(await page.inputValue("#written"), "half typed");
  await page.click("#line");
  await page.waitForSelector("#other-place #lines-2");
}, { query: "?target=%23place" }));

test("a target that the host does not let through is refused, and the view lives on", () => withPortals(async ({ page }) => {
  for (const target of ["[data-phx-main]", "#hothouse-notices", ""]) {
    await page.evaluate((target) => window.liveSocket.js().push(document.querySelector("main"), "lead", { value: { target } }), target);
    await page.waitForSelector("#hothouse-notices p");
    await page.$eval("#hothouse-notices", (notices) => notices.replaceChildren());
  }
  await page.evaluate(() => window.liveSocket.js().push(document.querySelector("main"), "lead", { value: { target: "#place" } }));
  await page.waitForSelector("#place > #_lv_portal_wrap_note");
}, { expectErrors: [/./] }));

test("a target that the page does not have stops what is shown, and another one mends it", () => withPortals(async ({ page }) => {
  const lead = (target) => page.evaluate((target) => window.liveSocket.js().push(document.querySelector("main"), "lead", { value: { target } }), target);
  const thrown = page.waitForEvent("pageerror");
  await lead("#nowhere");
  assert.match(String(await thrown), /portal target with selector #nowhere not found/);
  await lead("#place");
  await page.waitForSelector("#place > #_lv_portal_wrap_note");
  await page.click("#count-up");
  await shows(page, "#hint", "Counted 1");
}, { expectErrors: [/portal target/] }));

test("portals go when another page comes, and their first page has none of them", () => withPortals(async ({ page }, server) => {
  await page.click("#away");
  await page.waitForSelector("#click");
  assert.deepEqual(await page.$$("[data-phx-teleported]"), []);
  await page.goBack();
  await page.waitForSelector("#hint");
  assert.equal((await page.$$("#_lv_portal_wrap_tip")).length, 1);
  const without = await open(`${server.url}/portals`, { javaScriptEnabled: false });
  assert.equal(await without.page.$("#hint"), null);
  assert.equal(await text(without.page, "#count"), "0");
  await without.close();
}));

test("after a lost connection portals are there once, with what was typed in them", () => withNetwork(app, async (way) => {
  const { page, joined, close } = await open(`${way.url}/portals`, { expectErrors: [/WebSocket connection/] });
  await joined();
  await page.fill("#written", "palms");
  await shows(page, "#text", "palms");
  way.cut();
  await shows(page, "#text", "palms");
  await page.waitForSelector(".phx-connected");
  await page.waitForFunction(() => document.querySelector("#written").value === "palms");
  assert.equal((await page.$$("[id=_lv_portal_wrap_note]")).length, 1);
  await page.click("#count-up");
  await shows(page, "#hint", "Counted 1");
  await shows(page, "#text", "palms");
  await close();
}));

test("a portal's content lies below what the host has to say", () => withPortals(async ({ page }) => {
  await page.evaluate(() => window.liveSocket.js().push(document.querySelector("main"), "nothing-that-is-known", {}));
  await page.waitForSelector("#hothouse-notices p");
  await page.$eval("#_lv_portal_wrap_tip", (tip) => { tip.className = "hh-modal"; });
  const top = await page.$eval("#hothouse-notices p", (notice) => {
    const { left, top, width, height } = notice.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2) === notice;
  });
  assert.ok(top);
}, { expectErrors: [/./] }));
