// What stands around a view: layout and assets.
import assert from "node:assert/strict";
import { join } from "node:path";
import { open, results, withCopy, withRunning, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";
import { serve } from "../server.mjs";

/** Runs `body` with a copy of the guide's app. */
const withGarden = (body) => withCopy("tests/browser/garden", body);

const footerColor = (page) => page.$eval("#footer", (footer) => getComputedStyle(footer).color);

const isShown = (page, state) => page.waitForSelector(`#hothouse-connection .${state}`, { state: "visible" });

test("an app's layout, style sheet, script and image are loaded under their hashes", () => withGarden(({ folder }) =>
  withRunning(serve(folder), async (server) => {
    const { page, joined, accessible, close } = await open(server.url);
    await joined();
    assert.equal(await page.title(), "Palms");
    assert.equal(await footerColor(page), "rgb(70, 80, 75)");
    assert.equal(await page.evaluate(() => document.documentElement.dataset.garden), "is open");
    assert.equal(await page.$eval("#logo", (logo) => logo.naturalWidth), 40);
    const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
    for (const name of [/^\/assets\/app-[0-9a-f]{12}\.css$/, /^\/assets\/garden-[0-9a-f]{12}\.js$/, /^\/assets\/images\/logo-[0-9a-f]{12}\.svg$/]) {
      assert.ok(loaded.some((path) => name.test(path)), `${name} in ${loaded}`);
    }
    assert.equal(await page.getAttribute("meta[name=description]", "content"), "Palms of all sizes, and who waters them.");
    assert.equal(await page.getAttribute("meta[property='og:title']", "content"), "Palms");
    assert.equal(await page.$("#newer"), null);
    await accessible();
    await page.screenshot({ path: join(results, "layout.png") });
    await page.click("text=For robots");
    await page.waitForURL("**/robots.txt");
    await close();
  })));

test("a page that is open while its app's assets change says so when it joins again", () => withGarden(({ folder, write }) =>
  withRunning(serve(folder), async (first) => {
    const { page, joined, accessible, close } = await open(first.url, { expectErrors: [/WebSocket connection/, /ERR_CONNECTION/] });
    await joined();
    await page.evaluate(() => { window.mark = "the same page"; });
    await first.stop();
    await isShown(page, "offline");
    const same = await serve(folder, { port: first.port, kept: first.kept });
    await joined();
    assert.equal(await page.$("#newer"), null, "the same assets");
    await same.stop();
    await isShown(page, "offline");
    write("assets/app.css", "#footer { color: rgb(9, 8, 7) }");
    const second = await serve(folder, { port: first.port, kept: first.kept });
    try {
      await joined();
      await page.waitForSelector("#newer");
      assert.equal(await page.evaluate(() => window.mark), "the same page");
      assert.equal(await footerColor(page), "rgb(70, 80, 75)", "until it is loaded again");
      await accessible();
      await page.screenshot({ path: join(results, "newer.png") });
      await page.click("text=Load it");
      await page.waitForFunction(() => window.mark === undefined);
      await joined();
      assert.equal(await footerColor(page), "rgb(9, 8, 7)");
      assert.equal(await page.$("#newer"), null);
    } finally {
      await second.stop();
    }
    await close();
  })));

test("a view that may know language and time zone is told those of the browser", () => withGarden(({ folder }) =>
  withRunning(serve(folder), async (server) => {
    const { page, joined, close } = await open(server.url, { timezoneId: "Pacific/Auckland", locale: "de-CH" });
    await joined();
    assert.equal(await page.textContent("#greeting"), "Guten Tag");
    assert.equal(await page.textContent("#time-zone"), "Your clock: Pacific/Auckland");
    await close();
  })));

test("a page without scripts of its own shows the built-in icon", () => withServer("tests/browser/app", async (server) => {
  const { page, close } = await open(`${server.url}/asks`);
  const icon = await page.getAttribute("link[rel=icon]", "href");
  const size = await page.evaluate((src) => new Promise((resolve, reject) => {
    const image = new Image(128, 128);
    image.onload = () => resolve(image.naturalWidth);
    image.onerror = reject;
    image.src = src;
    document.body.append(image);
  }), icon);
  assert.ok(size > 0);
  await page.screenshot({ path: join(results, "icon.png") });
  await close();
}));
