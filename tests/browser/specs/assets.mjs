// What stands around a view: layout, assets, what the client's states look like.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open, results, withRunning, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";
import { root, serve } from "../server.mjs";

/** Runs `body` with a copy of the guide's app: its folder, and a function that writes a file of it. */
async function withGarden(body) {
  const folder = mkdtempSync(join(tmpdir(), "hothouse-app-"));
  cpSync(join(root, "tests/browser/garden"), folder, { recursive: true });
  const write = (name, text) => writeFileSync(join(folder, name), text);
  const manifest = readFileSync(join(folder, "hothouse.toml"), "utf8");
  write("hothouse.toml", manifest.replace("../../../", `${root}/`));
  try {
    await body({ folder, write });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const footerColor = (page) => page.$eval("#footer", (footer) => getComputedStyle(footer).color);

/** What of the client's states is shown, and how long it has been in it: read at once, so that no clock runs between. */
const shown = (page, state) => page.$eval(`#hothouse-connection .${state}`, (note) => ({
  since: note.getAnimations()[0]?.currentTime ?? null,
  isVisible: note.checkVisibility({ checkVisibilityCSS: true }),
}));
const isShown = (page, state) => page.waitForSelector(`#hothouse-connection .${state}`, { state: "visible" });
const nothingIsShown = (page) => page.waitForFunction(
  () => [...document.querySelectorAll("#hothouse-connection p")].every((note) => !note.checkVisibility()),
);

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
    const same = await serve(folder, { port: first.port, keys: first.keys });
    await joined();
    assert.equal(await page.$("#newer"), null, "the same assets");
    await same.stop();
    await isShown(page, "offline");
    write("assets/app.css", "#footer { color: rgb(9, 8, 7) }");
    const second = await serve(folder, { port: first.port, keys: first.keys });
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

test("a join that takes long is told of after two seconds, and no longer once it is done", () => withServer("tests/browser/app", async (server) => {
  let answers;
  const held = new Promise((resolve) => { answers = resolve; });
  const { page, joined, close } = await open("about:blank");
  // The socket is open, and what it is asked is kept until later.
  await page.routeWebSocket(/live\/websocket/, (socket) => {
    const real = socket.connectToServer();
    socket.onMessage(async (frame) => { await held; real.send(frame); });
  });
  await page.goto(`${server.url}/asks`);
  await page.waitForSelector("[data-phx-main].phx-loading");
  const early = await shown(page, "connecting");
  assert.ok(!early.isVisible || early.since >= 2000, JSON.stringify(early));
  await isShown(page, "connecting");
  assert.ok((await shown(page, "connecting")).since >= 2000);
  await page.screenshot({ path: join(results, "connecting.png") });
  answers();
  await joined();
  await nothingIsShown(page);
  await close();
}));

test("a lost connection is told of after a second, and no longer once it is back", () => withServer("tests/browser/app", async (first) => {
  const { page, joined, accessible, close } = await open(`${first.url}/asks`, { expectErrors: [/WebSocket connection/, /ERR_CONNECTION/] });
  await joined();
  await nothingIsShown(page);
  await first.stop();
  await page.waitForSelector(".phx-client-error");
  const early = await shown(page, "offline");
  assert.ok(!early.isVisible || early.since >= 1200, JSON.stringify(early));
  await isShown(page, "offline");
  assert.equal(await page.textContent("#hothouse-connection .offline"), "Connection lost. Trying again…");
  assert.ok(!(await page.isVisible("#hothouse-connection .failed")), "one state at a time");
  await page.evaluate((html) => { document.querySelector("main").insertAdjacentHTML("afterbegin", html); }, "<h1>Asks</h1>");
  await accessible();
  const second = await serve("tests/browser/app", { port: first.port, keys: first.keys });
  try {
    await joined();
    await nothingIsShown(page);
  } finally {
    await second.stop();
  }
  await close();
}));

test("a view that cannot be joined says that something went wrong", () => withServer("tests/browser/app", async (server) => {
  const { page, close } = await open(`${server.url}/asks?connected=trap`, { expectErrors: [/./] });
  await page.waitForSelector(".phx-server-error");
  await isShown(page, "failed");
  assert.ok(!(await page.isVisible("#hothouse-connection .offline")), "one state at a time");
  await page.screenshot({ path: join(results, "failed.png") });
  await close();
}));

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
