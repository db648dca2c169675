// Pages whose connection is lost: cut, stalled, asleep, restarted. They come back without being loaded, as far as the
// protocol lets them, with what was typed.
import assert from "node:assert/strict";
import { isMarked, mark, open, withCopy, withNetwork, withServer } from "../browser.mjs";
import { cookieless } from "../network.mjs";
import { test } from "../runner.mjs";
import { serve } from "../server.mjs";

const letter = "tests/browser/letter";
const lost = { expectErrors: [/WebSocket connection/, /ERR_CONNECTION/] };

/** Goes to another address of the view, fills its form in by half and goes on typing. */
async function write(page) {
  await mark(page);
  await page.click("#seventh");
  await page.waitForFunction(() => document.title === "Letter 7");
  await page.fill("#subject", "Palms");
  await page.selectOption("#paper", "green");
  await page.check("#urgent");
  await page.click("#add");
  await page.click("#stick");
  await page.waitForFunction(() => document.querySelector("#stuck").textContent === "1");
  await page.focus("#text");
  await page.keyboard.type("Dear all");
  await page.waitForFunction(() => document.querySelectorAll("form [data-phx-ref-src]").length === 0);
}

/** Waits until the page has joined for the nth time after the first. */
const rejoined = (page, times = 1) => page.waitForFunction(
  (times) => document.querySelector(".phx-connected #joins")?.textContent === String(times), times);

/** What `write` has left is there, and the view that answers now is a whole one. */
async function isWritten(page, text = "Dear all") {
  assert.ok(await isMarked(page), "the page was not loaded");
  const shown = await page.evaluate(() => {
    const value = (id) => document.getElementById(id).value;
    const { activeElement } = document;
    return {
      path: location.pathname, title: document.title, heading: document.querySelector("h1").textContent,
      subject: value("subject"), text: value("text"), paper: value("paper"), urgent: document.getElementById("urgent").checked,
      focus: activeElement.id, caret: activeElement.selectionStart,
      lines: [...document.querySelectorAll("#lines > li")].map(({ id }) => id),
      stamp: document.querySelector("#stamps").textContent,
    };
  });
  assert.deepEqual(shown, {
    path: "/letters/7", title: "Letter 7", heading: "Letter 7",
    subject: "Palms", text, paper: "green", urgent: true, focus: "text", caret: text.length,
    lines: ["lines-1", "lines-2", "lines-3"], stamp: "Stamp of 70",
  });
  assert.equal(await page.textContent("#told"), "Palms", "the view was told what is in the form");
  assert.equal(await page.textContent("#changes"), "1", "and once");
  await page.click("#stick");
  await page.waitForFunction(() => document.querySelector("#stuck").textContent === "1");
  await page.click("#add");
  await page.waitForSelector("#lines-4");
}

/** Notes every notice that begins to be shown. */
const watchNotices = (page) => page.evaluate(() => {
  window.told = [];
  document.addEventListener("animationstart", ({ target }) => window.told.push(target.className));
});

test("a socket that is cut is back before anybody is told, where the page has gone, with what was typed", () =>
  withNetwork(letter, async (way) => {
    const { page, joined, sockets, close } = await open(way.url, lost);
    await joined();
    await write(page);
    await watchNotices(page);
    for (const times of [1, 2, 3]) {
      way.cut();
      await rejoined(page, times);
    }
    assert.equal(sockets.length, 4);
    assert.deepEqual(await page.evaluate(() => window.told), []);
    await isWritten(page);
    await close();
  }));

test("a server that is killed and started again finds what was typed in the meantime", () => withServer(letter, async (first) => {
  const { page, joined, close } = await open(first.url, lost);
  await joined();
  await write(page);
  await first.stop("SIGKILL");
  await page.keyboard.type(", it rains");
  await page.waitForSelector("#hothouse-connection .offline", { state: "visible" });
  await page.keyboard.type(" here");
  const second = await serve(letter, { port: first.port, kept: first.kept });
  try {
    await rejoined(page);
    await isWritten(page, "Dear all, it rains here");
  } finally {
    await second.stop();
  }
  await close();
}));

test("a network that refuses for a while loses nothing", () => withNetwork(letter, async (way) => {
  const { page, joined, close } = await open(way.url, lost);
  await joined();
  await write(page);
  await way.refuse();
  await page.waitForSelector("#hothouse-connection .offline", { state: "visible" });
  await way.accept();
  await rejoined(page);
  await isWritten(page);
  await close();
}));

test("a connection that leads nowhere is noticed by its heartbeats", () => withNetwork(letter, async (way) => {
  const { page, joined, close } = await open("about:blank", { expectErrors: [...lost.expectErrors, /push timeout/] });
  await page.clock.install();
  await page.goto(way.url);
  await joined();
  await write(page);
  way.stall();
  await page.clock.fastForward(30_000);
  await page.keyboard.type("!", { delay: 0 });
  await page.clock.fastForward(30_000);
  await page.waitForSelector("#hothouse-connection .offline", { state: "visible" });
  way.flow();
  await page.clock.fastForward(5_000);
  await rejoined(page);
  await isWritten(page, "Dear all!");
  await close();
}));

test("an event that has no answer lets the page connect again, and never loads it", () => withNetwork(letter, async (way) => {
  const { page, joined, sent, sockets, close } = await open("about:blank", { expectErrors: [...lost.expectErrors, /Failed to push event/] });
  await page.clock.install();
  await page.goto(way.url);
  await joined();
  await write(page);
  way.stall();
  await page.evaluate(() => document.querySelector("#add").click());
  await page.clock.fastForward(3_000);
  assert.equal(sockets.length, 1);
  assert.match(sent().at(-1), /"heartbeat"/);
  await page.clock.fastForward(10_000);
  await page.waitForSelector("#hothouse-connection .offline", { state: "visible" });
  // The client has given the event up, and would have loaded the page by now.
  await page.clock.fastForward(20_000);
  await page.clock.fastForward(40_000);
  way.flow();
  await page.clock.fastForward(5_000);
  await rejoined(page);
  await isWritten(page);
  await close();
}));

test("an event that is answered late does not end the connection", () => withNetwork(letter, async (way) => {
  const { page, joined, sockets, close } = await open("about:blank");
  await page.clock.install();
  await page.goto(way.url);
  await joined();
  way.stall();
  await page.click("#add");
  await page.clock.fastForward(12_000);
  way.flow();
  await page.waitForSelector("#lines-4");
  await page.clock.fastForward(20_000);
  await page.click("#stick");
  await page.waitForFunction(() => document.querySelector("#stuck").textContent === "1");
  assert.equal(sockets.length, 1);
  await close();
}));

test("a laptop that has slept until its server let it go is back when it wakes", () => withCopy(letter, ({ folder, read, write: change }) => {
  change("hothouse.toml", `${read("hothouse.toml")}\n[limits]\nsilence_ms = 1500\n`);
  return withNetwork(folder, async (way, server) => {
    const { page, joined, close } = await open(way.url, lost);
    await joined();
    await write(page);
    const lifecycle = await page.context().newCDPSession(page);
    await lifecycle.send("Page.setWebLifecycleState", { state: "frozen" });
    way.stall();
    while (!server.log().includes("silent-client")) await new Promise((resolve) => setTimeout(resolve, 50));
    await lifecycle.send("Page.setWebLifecycleState", { state: "active" });
    way.flow();
    await rejoined(page);
    await isWritten(page);
    await close();
  });
}));

test("a laptop that wakes in a network that has forgotten it asks at once", () => withNetwork(letter, async (way) => {
  const { page, joined, sent, close } = await open("about:blank", lost);
  await page.clock.install();
  await page.goto(way.url);
  await joined();
  await write(page);
  way.forget();
  const asked = sent().length;
  await page.evaluate(() => document.dispatchEvent(new Event("resume")));
  assert.equal(sent().slice(asked).filter((frame) => frame.includes("heartbeat")).length, 1);
  await page.clock.fastForward(10_000);
  await rejoined(page);
  await isWritten(page);
  await close();
}));

test("a page of a server whose secret has changed is loaded once", () => withServer(letter, async (first) => {
  const { page, joined, close } = await open(first.url, { expectErrors: [...lost.expectErrors, /unauthorized live_redirect/] });
  await joined();
  await write(page);
  await first.stop();
  let loads = 0;
  page.on("request", (request) => { loads += Number(request.isNavigationRequest()); });
  const second = await serve(letter, { port: first.port });
  try {
    await page.waitForFunction(() => window.mark === undefined);
    await joined();
    await page.click("#stick");
    await page.waitForFunction(() => document.querySelector("#stuck").textContent === "1");
    assert.equal(await page.textContent("h1"), "Letter 7");
    assert.equal(loads, 1);
  } finally {
    await second.stop();
    second.forget();
  }
  await close();
}));

test("a page that loading does not help is not loaded for ever", () => withServer(letter, async (server) => {
  const way = await cookieless(server.port);
  const { page, close } = await open("about:blank", { expectErrors: [/unauthorized live_redirect/] });
  let loads = 0;
  page.on("request", (request) => { loads += Number(request.isNavigationRequest()); });
  await page.goto(way.url);
  await page.waitForSelector("#hothouse-connection .failed", { state: "visible" });
  assert.equal(loads, 3);
  assert.equal(await page.textContent("h1"), "Letter 1", "what the page shows can be read");
  await close();
  way.close();
}));

test("a page whose view was replaced while the server was away shows the new one without being loaded", () =>
  withCopy(letter, ({ folder, read, write: change }) => withServer(folder, async (first) => {
    const { page, joined, close } = await open(first.url, lost);
    await joined();
    await write(page);
    await first.stop();
    change("hothouse.toml", read("hothouse.toml").replace("letter.wasm", "streams.wasm"));
    const second = await serve(folder, { port: first.port, kept: first.kept });
    try {
      await page.waitForSelector("#items", { state: "attached" });
      await joined();
      assert.equal(await page.$("#letter"), null);
      assert.ok(await isMarked(page));
    } finally {
      await second.stop();
    }
    await close();
  })));

test("a page whose address is gone when the server is back says so, and is loaded once", () =>
  withCopy(letter, ({ folder, read, write: change }) => withServer(folder, async (first) => {
    const { page, joined, close } = await open(first.url, { expectErrors: [...lost.expectErrors, /unauthorized live_redirect/, /404/] });
    await joined();
    await write(page);
    await first.stop();
    change("hothouse.toml", read("hothouse.toml").replace("/letters/{number:int}", "/notes/{number:int}"));
    const second = await serve(folder, { port: first.port, kept: first.kept });
    try {
      const response = await page.waitForResponse((response) => response.request().isNavigationRequest());
      assert.equal(response.status(), 404);
      await page.waitForFunction(() => window.mark === undefined && !document.querySelector("#letter"));
    } finally {
      await second.stop();
    }
    await close();
  })));

test("all tabs of a browser come back, each with its own", () => withServer(letter, async (first) => {
  const { page, joined, close } = await open(first.url, lost);
  const other = await page.context().newPage();
  await other.goto(`${first.url}/letters/3`);
  await joined();
  await other.waitForSelector(".phx-connected");
  await mark(other);
  await other.fill("#subject", "Ferns");
  await other.waitForFunction(() => document.querySelector("#told").textContent === "Ferns");
  await page.bringToFront();
  await write(page);
  await first.stop();
  const second = await serve(letter, { port: first.port, kept: first.kept });
  try {
    await rejoined(page);
    await isWritten(page);
    await rejoined(other);
    assert.ok(await isMarked(other));
    assert.deepEqual([await other.inputValue("#subject"), await other.title()], ["Ferns", "Letter 3"]);
  } finally {
    await second.stop();
  }
  await close();
}));

test("a form that is under way when the connection is lost can be sent again", () => withNetwork(letter, async (way) => {
  const { page, joined, close } = await open(way.url, lost);
  await joined();
  await write(page);
  way.stall();
  await page.click("#send");
  await page.waitForFunction(() => document.querySelector("#send").textContent === "Sending…");
  way.cut();
  way.flow();
  await rejoined(page);
  assert.equal(await page.$eval("#send", (button) => button.disabled || button.textContent), "Send");
  assert.equal(await page.inputValue("#subject"), "Palms");
  await page.click("#send");
  await page.waitForFunction(() => document.querySelector("#flash-info p")?.textContent === "Sent: Palms");
  assert.equal(await page.textContent("h1"), "Letter 8");
  await close();
}));

test("a message that has been shown is not shown again, and the page comes back to the view it has gone to", () =>
  withNetwork(letter, async (way) => {
    const { page, joined, sent, close } = await open(way.url, lost);
    await joined();
    await write(page);
    await page.click("#send");
    await page.waitForSelector("#flash-info");
    await page.waitForFunction(() => location.pathname === "/letters/8");
    way.cut();
    await rejoined(page);
    assert.equal(await page.$("#flash-info"), null);
    assert.deepEqual([await page.textContent("h1"), await page.title()], ["Letter 8", "Letter 8"]);
    assert.match(sent().find((frame) => frame.includes('"_mounts":1')), /"redirect":"http:[^"]*\/letters\/8"/);
    assert.ok(await isMarked(page));
    await close();
  }));
