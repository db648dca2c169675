// Menus and tabs: what a mouse and a keyboard do, what the page shows, and what went over the wire.
import assert from "node:assert/strict";
import { test } from "../../runner.mjs";
import { focused, hidden, kit, nothing, visible } from "./page.mjs";

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
    await page.click(button);
    await hidden(page, menu);
    assert.equal(await expanded(), "false");
    await page.keyboard.press("ArrowDown");
    await visible(page, menu);
    await focused(page, item(1));
    assert.equal(await expanded(), "true");
    for (const [key, number] of [["ArrowDown", 2], ["ArrowDown", 3], ["ArrowDown", 4], ["ArrowDown", 1], ["ArrowUp", 4], ["ArrowUp", 3], ["Home", 1], ["End", 4]]) {
      await page.keyboard.press(key);
      await focused(page, item(number));
    }
    // What is disabled can be read and not chosen.
    await page.keyboard.press("ArrowUp");
    await focused(page, `${item(3)}[aria-disabled=true]`);
    await page.keyboard.press("Enter");
    await visible(page, menu);
    await page.keyboard.press("Escape");
    await hidden(page, menu);
    await focused(page, button);
    assert.equal(await expanded(), "false");
    await page.keyboard.press("ArrowUp");
    await visible(page, menu);
    await focused(page, item(4));
    assert.equal(await expanded(), "true");
    await page.keyboard.press("Escape");
    await focused(page, button);
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

test("a menu leads to another page, and a button that is a link does too", kit(async ({ page }) => {
  const url = page.url();
  await page.click("#more-1-button");
  await page.click("#more-1-menu [href='/table']");
  await page.waitForURL("**/table");
  await page.goto(url);
  await page.click("a.hh-button[href='/']");
  await page.waitForURL((address) => address.pathname === "/");
}));
