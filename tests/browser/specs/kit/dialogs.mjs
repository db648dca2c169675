// Dialogs: what a mouse and a keyboard do, what the page shows, and what went over the wire.
import assert from "node:assert/strict";
import { test } from "../../runner.mjs";
import { focused, hidden, kit, nothing, visible } from "./page.mjs";

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

test("a question is read out with its words, and the focus begins on the answer that changes nothing", kit(async ({ page }) => {
  await page.click("#clear");
  await visible(page, "#clear-bench");
  // There is a link before it, to which the focus would go otherwise.
  await focused(page, "#clear-bench .hh-modal-actions > :first-child");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Keep them");
  const dialog = page.getByRole("alertdialog", { name: "Clear the bench?" });
  assert.equal(await dialog.count(), 1);
  const described = await page.getAttribute("#clear-bench-dialog", "aria-describedby");
  assert.match(await page.textContent(`#${described}`), /All plants on it are removed/);
  await page.keyboard.press("Shift+Tab");
  await focused(page, "#clear-bench a");
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
