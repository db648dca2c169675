// The pictures of the docs: what people read about is what is there. `cargo xtask docs-images` puts them into docs/images.
import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { open, results, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const folder = join(results, "pictures");
mkdirSync(folder, { recursive: true });
/** A page of the docs is no album. */
const MAX_BYTES = 150_000;

/** Registers a picture of a page of an app, of this size, once `prepare` has made it what is to be seen. */
function picture(name, path, { app = "examples/showcase", width = 1000, height, colorScheme = "light" }, prepare = () => {}) {
  test(`the picture ${name} is taken`, () => withServer(app, async (server) => {
    const opened = await open(`${server.url}${path}`, { colorScheme, reducedMotion: "reduce", viewport: { width, height } });
    await opened.joined();
    await prepare(opened);
    const file = join(folder, `${name}.png`);
    // No caret that blinks.
    await opened.page.screenshot({ path: file, animations: "disabled", caret: "hide" });
    await opened.close();
    const { size } = statSync(file);
    assert.ok(size < MAX_BYTES, `${name}.png has ${size} bytes`);
  }));
}

/** Scrolls so that an element is at the top, with some air. */
const to = (page, selector) => page.$eval(selector, (element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 24));
const visible = (page, selector) => page.waitForSelector(selector, { state: "visible" });

picture("showcase", "/", { width: 900, height: 790 });

picture("counter", "/counter", { width: 700, height: 300 }, async ({ page, frames }) => {
  for (let times = 0; times < 3; times += 1) await frames(() => page.click("button:has-text('+')"));
  await page.mouse.move(0, 0);
});

picture("kit", "/kit", { height: 740 });

picture("kit-menu", "/kit", { height: 400 }, async ({ page }) => {
  await to(page, "section[aria-labelledby=cards]");
  await page.focus("#more-2-button");
  await page.keyboard.press("ArrowDown");
  await visible(page, "#more-2-menu");
});

picture("kit-dialog", "/kit", { height: 420, colorScheme: "dark" }, async ({ page }) => {
  await to(page, "section[aria-labelledby=cards]");
  await page.click("#clear");
  await visible(page, "#clear-bench");
});

picture("kit-beside", "/kit", { height: 420 }, async ({ page, frames }) => {
  await frames(() => page.click("#catalogue [aria-label='Page 5']"));
  for (const kind of ["info", "warning", "error"]) await frames(() => page.click(`[phx-value-kind=${kind}]`));
  await to(page, "section[aria-labelledby=tooltips]");
  await page.hover("[aria-label=Light]");
  await visible(page, "#shade-text");
});

picture("kit-table", "/table", { height: 520 }, async ({ page, frames }) => {
  await frames(() => page.click("th:has-text('Height') button"));
  await page.mouse.move(0, 0);
});

/** A form that is half filled in, and wrong here and there. */
async function halfway({ page, frames }) {
  await frames(() => page.fill("[name='order[name]']", "Ann"));
  await frames(() => page.fill("[name='order[secret]']", "moss"));
  await frames(async () => {
    await page.fill("[name='order[email]']", "ann@garden");
    await page.focus("[name='order[phone]']");
  });
  await frames(() => page.selectOption("[name='order[country]']", "it"));
  for (const extra of ["A card", "A bag of soil", "Gift wrap"]) await frames(() => page.getByLabel(extra).check());
  await page.waitForSelector("#order_extras [aria-invalid]");
  await page.evaluate(() => scrollTo(0, 0));
  await page.mouse.move(0, 0);
}

picture("kit-inputs", "/inputs", { height: 800 }, halfway);
picture("kit-inputs-dark", "/inputs", { height: 800, colorScheme: "dark" }, halfway);

picture("kit-rows", "/inputs", { width: 560, height: 370 }, async ({ page, frames }) => {
  await frames(() => page.click("text=Add a plant"));
  for (const [index, plant] of ["Fan palm", "Sword fern"].entries()) {
    await frames(() => page.locator(".line [id$=_plant]").nth(index).fill(plant));
  }
  await frames(() => page.locator(".line [id$=_count]").nth(1).fill("100"));
  await page.waitForSelector(".line [aria-invalid]");
  await to(page, "section[aria-labelledby=lines]");
  await page.mouse.move(0, 0);
});

picture("dashboard", "/", { app: "examples/dashboard", width: 900, height: 640 }, async ({ page, frames }) => {
  for (let times = 0; times < 12; times += 1) await frames(() => page.getByRole("button", { name: /measure/i }).first().click());
  await page.mouse.move(0, 0);
});

picture("nursery", "/order", { app: "examples/nursery", width: 900, height: 620 }, async ({ page, frames }) => {
  await frames(() => page.getByRole("button", { name: "Add a plant" }).click());
  const lines = page.locator(".line");
  await frames(() => lines.nth(0).getByLabel("Plant").selectOption("palm"));
  await frames(() => lines.nth(1).getByLabel("Plant").selectOption("monstera"));
  await frames(() => lines.nth(1).getByLabel("How many").fill("120"));
  await page.getByLabel("I fetch them").focus();
  await page.waitForSelector("[aria-invalid=true]");
});
