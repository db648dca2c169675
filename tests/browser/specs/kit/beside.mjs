// Tooltips, pages and messages: what a mouse and a keyboard do, what the page shows, and what went over the wire.
import assert from "node:assert/strict";
import { test } from "../../runner.mjs";
import { focused, hidden, kit, nothing, visible } from "./page.mjs";

test("a tooltip is shown by the pointer and by the keyboard, is put away by Escape, and comes back; nothing is sent",
  kit(async ({ page, frames }) => {
    const [button, text] = ["[aria-label=Mist]", "#mist-text"];
    const exchanged = await frames(async () => {
      await hidden(page, text);
      assert.equal(await page.getAttribute(button, "aria-describedby"), "mist-text");
      await page.hover(button);
      await visible(page, text);
      // It stays while the pointer goes over to it, and may be read there.
      const { x, y, width, height } = await (await page.$(text)).boundingBox();
      await page.mouse.move(x + width / 2, y + height + 3);
      await visible(page, text);
      await page.mouse.move(x + width / 2, y + height / 2);
      await visible(page, text);
      await page.keyboard.press("Escape");
      await hidden(page, text);
      // Away, and a click elsewhere: it is as before.
      await page.mouse.click(20, 20);
      await page.hover(button);
      await visible(page, text);
      await page.mouse.move(20, 20);
      await hidden(page, text);

      await page.focus("[aria-label=Light]");
      await page.keyboard.press("Shift+Tab");
      await focused(page, button);
      await visible(page, text);
      await page.keyboard.press("Escape");
      await hidden(page, text);
      assert.ok(await page.evaluate((button) => document.activeElement.matches(button), button), "the focus stays");
      await page.keyboard.press("Tab");
      await visible(page, "#shade-text");
      await page.keyboard.press("Shift+Tab");
      await visible(page, text);
      await hidden(page, "#shade-text");
    });
    assert.deepEqual(exchanged, nothing);
  }));

test("a tooltip that has been put away stays so when the view renders", kit(async ({ page, frames }) => {
  await page.hover("[aria-label=Mist]");
  await visible(page, "#mist-text");
  await page.keyboard.press("Escape");
  await hidden(page, "#mist-text");
  // By a key: a click elsewhere would bring it back.
  await page.focus("#care-tab-0");
  const { sent } = await frames(() => page.keyboard.press("ArrowRight"));
  assert.match(sent[0], /"event":"light_seen"/);
  await page.waitForSelector("#lights-seen:has-text('1 times')");
  await hidden(page, "#mist-text");
}));

const numbers = (page, id) => page.$$eval(`#${id} li`, (items) => items.slice(1, -1).map((item) => item.textContent));
const current = (page, id) => page.$$eval(`#${id} [aria-current=page]`, (links) => links.map((link) => link.ariaLabel));

/** The link of a page by its name. */
const link = (id, name) => `#${id} [aria-label="${name}"]`;

test("pages that are addresses are links, and the place that was pressed keeps the focus", kit(async ({ page, frames }) => {
  assert.deepEqual(await numbers(page, "catalogue"), ["1", "2", "3", "4", "5", "…", "40"]);
  assert.deepEqual(await current(page, "catalogue"), ["Page 1"]);
  await page.focus(link("catalogue", "Page 5"));
  const { sent, received } = await frames(() => page.keyboard.press("Enter"));
  await page.waitForURL("**/kit?page=5");
  assert.equal(sent.length, 1);
  assert.match(sent[0], /"live_patch"/);
  assert.ok(!received[0].includes("Fan palm"), "what stays is not sent again");
  await page.waitForSelector("#page:has-text('Page 5')");
  assert.deepEqual(await numbers(page, "catalogue"), ["1", "…", "4", "5", "6", "…", "40"]);
  assert.deepEqual(await current(page, "catalogue"), ["Page 5"]);
  await focused(page, link("catalogue", "Page 6"));
  await page.click(link("catalogue", "Page 40"));
  await page.waitForURL("**/kit?page=40");
  await focused(page, link("catalogue", "Page 40"));
  assert.deepEqual(await numbers(page, "catalogue"), ["1", "…", "36", "37", "38", "39", "40"]);
  await page.goBack();
  await page.waitForSelector("#page:has-text('Page 5')");
  // An address of its own: it can be loaded.
  await page.reload();
  await page.waitForSelector("[data-phx-main].phx-connected");
  assert.deepEqual(await current(page, "catalogue"), ["Page 5"]);
}));

test("pages that are events go to the end with the keyboard, and the focus stays on the way", kit(async ({ page, frames }) => {
  const [previous, next] = [link("log", "Previous sheet"), link("log", "Next sheet")];
  assert.equal(await page.getAttribute(previous, "aria-disabled"), "true");
  assert.deepEqual(await frames(() => page.$eval(previous, (button) => button.click())), nothing);
  await page.focus(next);
  for (const sheet of [2, 3]) {
    const { sent } = await frames(() => page.keyboard.press("Enter"));
    assert.equal(sent.length, 1);
    assert.match(sent[0], new RegExp(`"event":"turn","value":\\{[^}]*"sheet":${sheet}`));
    await page.waitForSelector(`${link("log", `Sheet ${sheet}`)}[aria-current=page]`);
    await focused(page, next);
  }
  await page.waitForSelector(`${next}[aria-disabled=true]`);
  assert.deepEqual(await frames(() => page.keyboard.press("Enter")), nothing);
  await focused(page, next);
}));

test("messages of several kinds stand one below the other, errors interrupt, and each is closed by itself", kit(async ({ page, frames }) => {
  // The places are there before the messages, so that they are read out.
  assert.equal(await page.textContent(".hh-flashes [role=status]"), "");
  assert.equal(await page.textContent(".hh-flashes [role=alert]"), "");
  for (const kind of ["info", "error", "warning"]) await frames(() => page.click(`[phx-value-kind=${kind}]`));
  assert.deepEqual(await page.$$eval("[role=status] .hh-flash", (boxes) => boxes.map(({ id }) => id)), ["flash-info", "flash-warning"]);
  assert.deepEqual(await page.$$eval("[role=alert] .hh-flash", (boxes) => boxes.map(({ id }) => id)), ["flash-error"]);
  const boxes = await page.$$eval(".hh-flash", (boxes) => boxes.map((box) => box.getBoundingClientRect().toJSON()));
  for (let index = 1; index < boxes.length; index += 1) assert.ok(boxes[index].top >= boxes[index - 1].bottom, "they lie on each other");
  // Another of the same kind takes its place.
  await frames(() => page.click("[phx-value-kind=info]"));
  assert.equal((await page.$$("#flash-info")).length, 1);
  await page.click("#flash-error [aria-label=Close]");
  await page.waitForSelector("#flash-error", { state: "detached" });
  assert.equal(await page.textContent("#flash-warning p"), "The tank is nearly empty.");
  await page.focus("#flash-warning [aria-label=Close]");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#flash-warning", { state: "detached" });
  await visible(page, "#flash-info");
}));
