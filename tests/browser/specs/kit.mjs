// The kit of components: what a mouse and a keyboard do, what the page shows, and what went over the wire.
import assert from "node:assert/strict";
import { join } from "node:path";
import { open, results, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

/** A page of the kit; animations are over at once. */
const kit = (body) => () => withServer("examples/showcase", async (server) => {
  const opened = await open(`${server.url}/kit`, { reducedMotion: "reduce", viewport: { width: 1000, height: 800 } });
  await opened.joined();
  await body(opened);
  await opened.close();
});

const nothing = { sent: [], received: [] };
const visible = (page, selector) => page.waitForSelector(selector, { state: "visible" });
const hidden = (page, selector) => page.waitForSelector(selector, { state: "hidden" });
/** Waits until an element has the focus. Commands give it once more, two frames later. */
const focused = async (page, selector) => {
  await page.waitForFunction((selector) => document.activeElement?.matches(selector), selector);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve)))));
  assert.ok(await page.evaluate((selector) => document.activeElement?.matches(selector), selector), `${selector} lost the focus`);
};

test("a modal opens with the focus inside, closes in every way, and gives the focus back; nothing is sent",
  kit(async ({ page, frames }) => {
    const modal = "#clear-bench";
    const ways = {
      escape: () => page.keyboard.press("Escape"),
      cross: () => page.click(`${modal} [aria-label=Close]`),
      beside: () => page.mouse.click(20, 20),
      answer: () => page.click(`${modal} button:has-text("Keep them")`),
    };
    for (const [way, leave] of Object.entries(ways)) {
      const exchanged = await frames(async () => {
        await page.focus("#clear");
        await page.keyboard.press("Enter");
        await visible(page, modal);
        await focused(page, `${modal} .hh-modal-actions > :first-child`);
        await leave();
        await hidden(page, modal);
        await focused(page, "#clear");
      });
      assert.deepEqual(exchanged, nothing, way);
    }
    assert.equal(await page.$$eval(".bench > article", (cards) => cards.length), 3);
  }));

test("the focus goes round inside of a modal", kit(async ({ page, frames }) => {
  const exchanged = await frames(async () => {
    await page.click("#add");
    await focused(page, "#new-plant [name=name]");
    const seen = [];
    for (let step = 0; step < 6; step += 1) {
      seen.push(await page.evaluate(() => document.activeElement.name || document.activeElement.textContent.trim() || document.activeElement.ariaLabel));
      await page.keyboard.press("Tab");
    }
    assert.deepEqual(seen, ["name", "kind", "Cancel", "Add", "Close", "name"]);
    await focused(page, "#new-plant [name=kind]");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await focused(page, "#new-plant [aria-label=Close]");
  });
  assert.deepEqual(exchanged, nothing);
  await page.screenshot({ path: join(results, "kit-modal.png") });
}));

test("a form in a modal adds a card, and a click beside a dialog that is closed does nothing", kit(async ({ page, frames, received }) => {
  await page.click("#add");
  await focused(page, "#new-plant [name=name]");
  await page.keyboard.type("Moss & <b>stone</b>");
  await page.selectOption("#new-plant [name=kind]", "fern");
  const { sent } = await frames(() => page.click("#new-plant button:has-text('Add')"));
  assert.equal(sent.length, 1);
  assert.match(sent[0], /"event":"add","value":"name=Moss\+%26\+%3Cb%3Estone%3C%2Fb%3E&kind=fern/);
  await hidden(page, "#new-plant");
  await focused(page, "#add");
  assert.equal(await page.textContent("#plant-4 h3"), "Moss & <b>stone</b>");
  assert.ok(!received().at(-1).includes("Fan palm"), "cards that were there are not sent again");
  assert.deepEqual(await frames(() => page.mouse.click(20, 20)), nothing);
}));

test("a question that is answered is sent once, and the page shows it", kit(async ({ page, frames }) => {
  await page.click("#clear");
  await visible(page, "#clear-bench");
  const { sent, received } = await frames(() => page.click("#clear-bench .hh-button-danger"));
  assert.equal(sent.length, 1);
  assert.match(sent[0], /"event":"clear"/);
  assert.ok(received[0].length <= 480, `${received[0].length} bytes: ${received[0]}`);
  await page.waitForSelector("#nothing");
  await page.waitForSelector("#clear:disabled");
}));

test("a modal that the view shows opens with the focus inside, and is gone when it is answered", kit(async ({ page, frames }) => {
  const modal = "#remove-plant";
  const ask = async () => {
    await page.focus("#more-2-button");
    await page.keyboard.press("Enter");
    await focused(page, "#more-2-menu > :first-child");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await visible(page, modal);
    await focused(page, `${modal} .hh-modal-actions > :first-child`);
  };
  const asked = await frames(ask);
  assert.equal(asked.sent.length, 1);
  assert.match(asked.sent[0], /"event":"ask_to_remove","value":\{[^}]*"id":2/);
  assert.equal(await page.textContent("#remove-plant-title"), "Remove Sword fern?");
  const { sent } = await frames(() => page.keyboard.press("Escape"));
  assert.equal(sent.length, 1);
  assert.match(sent[0], /"event":"keep"/);
  await page.waitForSelector(modal, { state: "detached" });
  await focused(page, "#more-2-button");
  await ask();
  await page.click(`${modal} .hh-button-danger`);
  await page.waitForSelector("#plant-2", { state: "detached" });
  assert.equal(await page.$(modal), null);
  assert.deepEqual(await page.$$eval(".bench > article", (cards) => cards.map(({ id }) => id)), ["plant-1", "plant-3"]);
}));

test("tabs are chosen with the mouse and the arrow keys, and only what asks for it is sent", kit(async ({ page, frames }) => {
  const shown = () => page.$$eval("#care > [role=tabpanel]:not([hidden])", (panels) => panels.map(({ id }) => id));
  const selected = () => page.$$eval("#care [role=tab][aria-selected=true][tabindex='0']", (tabs) => tabs.map((tab) => tab.textContent));
  const quiet = await frames(async () => {
    await page.click("[role=tab]:has-text('Soil')");
    assert.deepEqual([await shown(), await selected()], [["care-panel-2"], ["Soil"]]);
    // Round the corner, and back.
    await page.keyboard.press("ArrowRight");
    await focused(page, "#care-tab-0");
    assert.deepEqual([await shown(), await selected()], [["care-panel-0"], ["Water"]]);
    await page.keyboard.press("ArrowLeft");
    await focused(page, "#care-tab-2");
    await page.keyboard.press("Home");
    await focused(page, "#care-tab-0");
    await page.keyboard.press("End");
    await focused(page, "#care-tab-2");
    assert.deepEqual([await shown(), await selected()], [["care-panel-2"], ["Soil"]]);
    // From the tab into its panel: the other tabs are not on the way.
    await page.keyboard.press("Tab");
    await focused(page, "#care-panel-2");
    await page.keyboard.press("ArrowLeft");
    assert.deepEqual(await selected(), ["Soil"]);
    await page.keyboard.press("Shift+Tab");
    await focused(page, "#care-tab-2");
  });
  assert.deepEqual(quiet, nothing);
  const { sent, received } = await frames(() => page.keyboard.press("ArrowLeft"));
  await focused(page, "#care-tab-1");
  assert.equal(sent.length, 1);
  assert.match(sent[0], /"event":"light_seen"/);
  assert.ok(received[0].length <= 140, `${received[0].length} bytes: ${received[0]}`);
  // The view has rendered: what was chosen in the browser stays chosen.
  await page.waitForSelector("#lights-seen:has-text('1 times')");
  assert.deepEqual([await shown(), await selected()], [["care-panel-1"], ["Light"]]);
}));

test("a menu opens, is gone through with keys, and closes in every way; nothing is sent until an item is chosen", kit(async ({ page, frames }) => {
  const [button, menu] = ["#more-2-button", "#more-2-menu"];
  const expanded = () => page.getAttribute(button, "aria-expanded");
  const item = (number) => `${menu} > :nth-child(${number})`;
  const quiet = await frames(async () => {
    await page.click(button);
    await visible(page, menu);
    await focused(page, item(1));
    assert.equal(await expanded(), "true");
    await page.screenshot({ path: join(results, "kit-menu.png") });
    await page.click(button);
    await hidden(page, menu);
    assert.equal(await expanded(), "false");
    await page.keyboard.press("ArrowDown");
    await visible(page, menu);
    await focused(page, item(1));
    assert.equal(await expanded(), "true");
    for (const [key, number] of [["ArrowDown", 2], ["ArrowDown", 3], ["ArrowDown", 1], ["ArrowUp", 3], ["ArrowUp", 2], ["Home", 1], ["End", 3]]) {
      await page.keyboard.press(key);
      await focused(page, item(number));
    }
    await page.keyboard.press("Escape");
    await hidden(page, menu);
    await focused(page, button);
    assert.equal(await expanded(), "false");
    await page.keyboard.press("Enter");
    await focused(page, item(1));
    await page.keyboard.press("Tab");
    await hidden(page, menu);
    assert.ok(await page.evaluate(() => !document.activeElement.closest("#more-2-menu")));
    await page.click(button);
    await visible(page, menu);
    await page.mouse.click(20, 20);
    await hidden(page, menu);
    assert.equal(await expanded(), "false");
    // One menu closes another, and keys are for the one that is open.
    await page.click("#more-1-button");
    await visible(page, "#more-1-menu");
    await page.click(button);
    await hidden(page, "#more-1-menu");
    await focused(page, item(1));
    await page.keyboard.press("Escape");
    await focused(page, button);
  });
  assert.deepEqual(quiet, nothing);
  await page.keyboard.press("Enter");
  await focused(page, item(1));
  const { sent, received } = await frames(() => page.keyboard.press("Enter"));
  assert.equal(sent.length, 1);
  assert.match(sent[0], /"event":"water","value":\{[^}]*"id":2/);
  assert.ok(received[0].length <= 190, `${received[0].length} bytes: ${received[0]}`);
  await hidden(page, menu);
  await focused(page, button);
  assert.equal(await page.textContent("#plant-2 .watered"), "Watered once.");
  await page.click("#plant-2 button:has-text('Water')");
  await page.waitForSelector("#plant-2 .watered:has-text('Watered 2 times.')");
}));

test("rules of an app's style sheet win over the kit's, however short their selectors", kit(async ({ page }) => {
  const sheets = await page.$$eval("link[rel=stylesheet]", (links) => links.map((link) => new URL(link.href).pathname));
  assert.match(sheets.join(" "), /^\/_hothouse\/page-\w+\.css \/_hothouse\/kit-\w+\.css \/assets\/app-\w+\.css$/);
  const answer = await page.request.get(new URL(sheets.at(-1), page.url()).href);
  assert.equal(answer.headers()["content-type"], "text/css; charset=utf-8");
  assert.match(answer.headers()["cache-control"], /immutable/);
  assert.equal((await page.request.get(new URL("/assets/app-000000000000.css", page.url()).href)).status(), 404);
  const look = (selector, property) => page.$eval(selector, (element, property) => getComputedStyle(element)[property], property);
  assert.equal(await look(".bench", "display"), "grid", "the app's own");
  assert.equal(await look("#add", "borderRadius"), "8px", "the kit's");
  await page.addStyleTag({ content: "button { border-radius: 3px }" });
  assert.equal(await look("#add", "borderRadius"), "3px");
}));

test("a menu leads to another page, and a button that is a link does too", kit(async ({ page }) => {
  const url = page.url();
  await page.click("#more-1-button");
  await page.click("#more-1-menu [href='/table']");
  await page.waitForURL("**/table");
  await page.goto(url);
  await page.click("a.hh-button[href='/']");
  await page.waitForURL((address) => address.pathname === "/");
}));
