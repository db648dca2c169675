// The report: it is made beside the page, which is typed into meanwhile, is stopped, and fails.
import assert from "node:assert/strict";
import { inEveryLook, open, withNetwork, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const app = "examples/report";

const caption = (page, year) => page.waitForSelector(`#report caption:has-text("Yield in ${year}")`);

async function make(page, year, { thorough = false } = {}) {
  await page.fill("[name=year]", String(year));
  await page.setChecked("[name=thorough]", thorough);
  await page.click("text=Make the report");
}

test("somebody types while a thorough report is made, and each key is answered", () => withServer(app, async ({ url }) => {
  const { page, joined, close } = await open(url);
  await joined();
  await caption(page, 2025);
  await make(page, 2018, { thorough: true });
  await page.waitForSelector("#progress");
  await page.focus("[name=note]");
  const note = "water";
  for (let length = 1; length <= note.length; length += 1) {
    await page.keyboard.type(note[length - 1]);
    await page.waitForSelector(`text=${length} character`);
    assert.ok(await page.isVisible("#progress"), `the report was there before key ${length}`);
  }
  await caption(page, 2018);
  assert.equal(await page.inputValue("[name=note]"), note);
  assert.equal(await page.$("#progress"), null);
  assert.equal(await page.evaluate(() => document.activeElement.name), "note");
  await close();
}));

test("what is chosen for the next report stays chosen while the last one comes", () => withServer(app, async ({ url }) => {
  const { page, joined, close } = await open(url);
  await joined();
  await make(page, 2018, { thorough: true });
  await page.fill("[name=year]", "2016");
  await page.uncheck("[name=thorough]");
  await page.focus("[name=note]");
  await page.keyboard.type("!");
  await caption(page, 2018);
  assert.deepEqual([await page.inputValue("[name=year]"), await page.isChecked("[name=thorough]")], ["2016", false]);
  await close();
}));

test("a report that is cancelled leaves the former, and two people make reports of their own", () => withServer(app, async ({ url }) => {
  const [ann, bob] = [await open(url), await open(url)];
  for (const { page, joined } of [ann, bob]) {
    await joined();
    await caption(page, 2025);
  }
  await make(ann.page, 2018, { thorough: true });
  await ann.page.waitForSelector("#progress");
  await make(bob.page, 2017);
  await caption(bob.page, 2017);
  await ann.page.click("text=Cancel");
  await ann.page.waitForSelector("#progress", { state: "detached" });
  await caption(ann.page, 2025);
  assert.equal(await ann.page.locator("#report [role=alert]").count(), 0);
  assert.equal(await ann.page.evaluate(() => document.activeElement.textContent), "Cancel");
  await ann.close();
  await bob.close();
}));

test("of reports that are asked for one after the other the last is shown", () => withServer(app, async ({ url }) => {
  const { page, joined, close } = await open(url);
  await joined();
  await make(page, 2016, { thorough: true });
  await make(page, 2019);
  await caption(page, 2019);
  await page.waitForSelector("#progress", { state: "detached" });
  await make(page, 1990);
  await page.waitForSelector('#report [role=alert]:has-text("There are no records of 1990.")');
  await caption(page, 2019);
  await close();
}));

test("a page that was lost while a report was made has one again", () => withNetwork(app, async (way) => {
  const { page, joined, close } = await open(way.url, { expectErrors: [/WebSocket/] });
  await joined();
  await caption(page, 2025);
  await make(page, 2018, { thorough: true });
  await page.waitForSelector("#progress");
  way.cut();
  await page.waitForSelector("[data-phx-main]:not(.phx-connected)");
  await joined();
  await page.waitForSelector("#progress", { state: "detached" });
  await page.waitForSelector("#report caption");
  await make(page, 2017);
  await caption(page, 2017);
  await close();
}));

test("the report is without barriers, in the making, made and failed", () => withServer(app, ({ url }) =>
  inEveryLook(url, async (page, isReadable) => {
    await caption(page, 2025);
    await make(page, 2018, { thorough: true });
    await page.waitForSelector("#progress");
    await isReadable();
    await caption(page, 2018);
    await make(page, 1990);
    await page.waitForSelector("#report [role=alert]");
    await isReadable();
  })));
