// What the client's states look like: connecting, lost, failed. Each is told late, once, and where it moves nothing.
import assert from "node:assert/strict";
import { join } from "node:path";
import { open, results, withNetwork, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";
import { serve } from "../server.mjs";

/** What of the client's states is shown, and how long it has been in it: read at once, so that no clock runs between. */
const shown = (page, state) => page.$eval(`#hothouse-connection .${state}`, (note) => ({
  since: note.getAnimations()[0]?.currentTime ?? null,
  isVisible: note.checkVisibility({ checkVisibilityCSS: true }),
}));
const isShown = (page, state) => page.waitForSelector(`#hothouse-connection .${state}`, { state: "visible" });
const nothingIsShown = (page) => page.waitForFunction(
  () => [...document.querySelectorAll("#hothouse-connection p")].every((note) => !note.checkVisibility()),
);

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
  const second = await serve("tests/browser/app", { port: first.port, kept: first.kept });
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

test("an outage is told of once, however often the client tries, and moves nothing", () =>
  withNetwork("tests/browser/letter", async (way) => {
    const { page, joined, sockets, close } = await open(way.url, { expectErrors: [/WebSocket connection/] });
    await joined();
    await page.evaluate(() => {
      window.told = [];
      document.addEventListener("animationstart", ({ target }) => window.told.push(target.className));
      window.shifts = 0;
      new PerformanceObserver((list) => { window.shifts += list.getEntries().length; }).observe({ type: "layout-shift" });
    });
    await way.refuse();
    await isShown(page, "offline");
    const tries = sockets.length;
    await page.waitForEvent("websocket");
    await page.waitForEvent("websocket");
    assert.ok(tries > 3, `${tries} tries before it was told`);
    assert.deepEqual(await page.evaluate(() => window.told), ["offline"]);
    assert.equal(await page.evaluate(() => window.shifts), 0, "nothing moves");
    await way.accept();
    await joined();
    await nothingIsShown(page);
    assert.deepEqual(await page.evaluate(() => window.told), ["offline"]);
    await close();
  }));

test("a lost connection is said to those who listen, and can be read on a phone, light and dark", () =>
  withNetwork("tests/browser/letter", async (way) => {
    const { page, joined, accessible, close } = await open(way.url, {
      expectErrors: [/WebSocket connection/], viewport: { width: 375, height: 667 },
    });
    await joined();
    const said = async () => {
      const status = page.locator("#hothouse-connection[role=status]");
      assert.equal(await status.count(), 1);
      return (await status.ariaSnapshot()).replaceAll(/^- status:?|paragraph:|[\s-]/g, "");
    };
    assert.equal(await said(), "");
    await way.refuse();
    await page.waitForSelector(".phx-client-error");
    await isShown(page, "offline");
    assert.equal(await said(), "Connectionlost.Tryingagain…");
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState === "finished"));
      await accessible();
      await page.screenshot({ path: join(results, `lost-${colorScheme}.png`) });
    }
    const notice = await page.locator("#hothouse-connection .offline").boundingBox();
    assert.ok(notice.x >= 0 && notice.x + notice.width <= 375 && notice.height < 50, JSON.stringify(notice));
    await way.accept();
    await joined();
    await nothingIsShown(page);
    assert.equal(await said(), "");
    await close();
  }));
