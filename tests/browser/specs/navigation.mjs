// Where pages go: the unmodified client, its history, scroll positions and focus, and what goes along.
import assert from "node:assert/strict";
import { isMarked, mark, open, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

/** One view with many addresses, and two views in three live sessions. */
const library = "examples/library";
const sections = "examples/sections";

const shows = (page, selector, text) => page.waitForFunction(
  ([selector, text]) => document.querySelector(selector)?.textContent === text, [selector, text]);
const at = (page, path) => page.waitForFunction(
  (path) => location.pathname + location.search + location.hash === path, path);

test("a patch link changes the address and the page, and its view stays", () => withServer(library, async (server) => {
  const { page, joined, frames, sockets, close } = await open(server.url);
  await joined();
  await mark(page);
  assert.equal(await page.title(), "Library · Library");
  const { sent, received } = await frames(() => page.click("#open-7"));
  await shows(page, "#book h2", "Book 7");
  await at(page, "/books/7");
  assert.equal(sent.length, 1);
  assert.match(sent[0], /"live_patch",\{"url":"http:[^"]*\/books\/7"\}/);
  assert.match(received[0], /"phx_reply",\{"status":"ok","response":\{"diff":/);
  assert.equal(await page.title(), "Book 7 · Library");
  await page.click("#notes");
  await shows(page, "#part", "notes");
  await at(page, "/books/7/notes");
  assert.ok(await isMarked(page));
  assert.equal(sockets.length, 1);
  await close();
}));

test("back and forward patch as well, and an effect patches like a link", () => withServer(library, async (server) => {
  const { page, joined, close } = await open(server.url);
  await joined();
  await mark(page);
  await page.click("#open-7");
  await shows(page, "#book h2", "Book 7");
  await page.click("#next");
  await shows(page, "#book h2", "Book 8");
  await at(page, "/books/8");
  await page.goBack();
  await shows(page, "#book h2", "Book 7");
  await page.goBack();
  await page.waitForSelector("#nothing");
  await at(page, "/");
  await page.goForward();
  await shows(page, "#book h2", "Book 7");
  assert.ok(await isMarked(page));
  await close();
}));

test("a link that replaces leaves no entry behind it", () => withServer(library, async (server) => {
  const { page, joined, close } = await open(server.url);
  await joined();
  await page.click("#open-3");
  await shows(page, "#book h2", "Book 3");
  await page.click("#to-list");
  await page.waitForSelector("#nothing");
  const before = await page.evaluate(() => history.length);
  await page.click("#order");
  await at(page, "/?newest=true");
  await page.waitForFunction(() => document.querySelector("#books li a").id === "open-60");
  assert.equal(await page.evaluate(() => history.length), before);
  await page.goBack();
  await shows(page, "#book h2", "Book 3");
  await close();
}));

test("pages of different components follow one another on one socket", () => withServer(sections, async (server) => {
  const { page, joined, sockets, sent, close } = await open(server.url);
  await joined();
  await mark(page);
  await page.click("#to-desk");
  await shows(page, "h1", "Desk");
  await at(page, "/desk");
  assert.equal(await page.title(), "Desk · Sections");
  assert.equal(await page.textContent("#came-from"), `${server.url}/`);
  await page.click("#to-hall");
  await shows(page, "h1", "Hall");
  assert.equal(await page.textContent("#came-from"), `${server.url}/desk`);
  await page.goBack();
  await shows(page, "h1", "Desk");
  await page.goBack();
  await shows(page, "h1", "Hall");
  await at(page, "/");
  await page.goForward();
  await shows(page, "h1", "Desk");
  assert.ok(await isMarked(page));
  assert.equal(sockets.length, 1);
  assert.ok(sent().some((frame) => frame.includes('"phx_leave"')));
  // The view that is there now answers.
  await page.click("#ask");
  await shows(page, "#questions", "1");
  await close();
}));

test("an effect navigates with a message, which the person closes", () => withServer(sections, async (server) => {
  const { page, joined, sockets, accessible, close } = await open(server.url);
  await joined();
  await page.click("#take");
  await shows(page, "h1", "Desk");
  await shows(page, "#flash-info p", "You are number 7.");
  await page.click("#ask");
  await shows(page, "#flash-error p", "Nobody knows.");
  await accessible();
  await page.click("#flash-info button");
  await page.waitForFunction(() => !document.querySelector("#flash-info"));
  assert.ok(await page.$("#flash-error"));
  assert.equal(sockets.length, 1);
  await close();
}));

test("a redirect loads the page with its message, once", () => withServer(sections, async (server) => {
  const { page, joined, close } = await open(`${server.url}/desk`);
  await joined();
  await mark(page);
  await page.click("#leave");
  await page.waitForURL(`${server.url}/`);
  await joined();
  await shows(page, "#flash-info p", "Come again.");
  assert.equal(await isMarked(page), false);
  await page.reload();
  await joined();
  assert.equal(await page.$("#flash-info"), null);
  await close();
}));

test("the way into another live session loads the page, and its policy sends strangers elsewhere", () =>
  withServer(sections, async (server) => {
    const { page, joined, close } = await open(server.url);
    await joined();
    await mark(page);
    await page.click("#to-office");
    await page.waitForURL(`${server.url}/office`);
    await joined();
    await shows(page, "#place", "/office");
    assert.equal(await isMarked(page), false);
    await page.goto(server.url);
    await joined();
    await page.click("#to-staff");
    await page.waitForURL(`${server.url}/desk?staff-only`);
    await joined();
    await shows(page, "#place", "/desk?staff-only");
    await close();
  }));

test("a patch keeps focus and scroll position, and back and forward find theirs", () => withServer(library, async (server) => {
  const { page, joined, close } = await open(server.url);
  await joined();
  await page.evaluate(() => document.querySelector("#open-50").scrollIntoView());
  // The client notes it a moment later.
  await page.waitForFunction(() => window.history.state.scroll > 1000);
  const position = await page.evaluate(() => window.scrollY);
  const isNear = () => page.waitForFunction((position) => Math.abs(window.scrollY - position) < 300, position);
  await page.focus("#open-50");
  await page.keyboard.press("Enter");
  await shows(page, "#book h2", "Book 50");
  assert.equal(await page.evaluate(() => document.activeElement.id), "open-50");
  await isNear();
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.waitForFunction(() => window.history.state.scroll === 0);
  await page.goBack();
  await page.waitForSelector("#nothing");
  await isNear();
  await page.goForward();
  await shows(page, "#book h2", "Book 50");
  await page.waitForFunction(() => window.scrollY === 0);
  await close();
}));

test("another view begins at its top, and the way back is where one was", () => withServer(sections, async (server) => {
  const { page, joined, close } = await open(server.url, { viewport: { width: 375, height: 120 } });
  await joined();
  await page.evaluate(() => document.querySelector("#take").scrollIntoView());
  await page.waitForFunction(() => window.history.state.scroll > 40);
  await page.evaluate(() => document.querySelector("#to-desk").click());
  await shows(page, "h1", "Desk");
  await page.waitForFunction(() => window.scrollY === 0);
  await page.goBack();
  await shows(page, "h1", "Hall");
  await page.waitForFunction(() => window.scrollY > 40);
  await close();
}));

test("anchors scroll and send nothing", () => withServer(library, async (server) => {
  const { page, joined, sent, close } = await open(server.url);
  await joined();
  await page.click("#open-4");
  await shows(page, "#book h2", "Book 4");
  const before = sent().length;
  await page.click("#to-last");
  await at(page, "/books/4#last");
  await page.waitForFunction(() => window.scrollY > 1000);
  await page.goBack();
  await at(page, "/books/4");
  await shows(page, "#book h2", "Book 4");
  const frames = sent().slice(before).filter((frame) => !frame.includes("heartbeat"));
  assert.deepEqual(frames.filter((frame) => !frame.includes("live_patch")), []);
  await close();
}));

test("events that are under way when the page goes on do no harm", () => withServer(sections, async (server) => {
  const { page, joined, close } = await open(`${server.url}/desk`);
  await joined();
  await mark(page);
  await page.evaluate(() => {
    for (let count = 0; count < 5; count += 1) document.querySelector("#ask").click();
    document.querySelector("#to-hall").click();
  });
  await shows(page, "h1", "Hall");
  await page.click("#to-desk");
  await shows(page, "#questions", "0");
  await page.click("#ask");
  await shows(page, "#questions", "1");
  assert.ok(await isMarked(page));
  await close();
}));

test("an event and a link at once leave the page where the last of them leads", () => withServer(library, async (server) => {
  const { page, joined, close } = await open(`${server.url}/books/1`);
  await joined();
  await mark(page);
  await page.evaluate(() => {
    document.querySelector("#next").click();
    document.querySelector("#open-9").click();
  });
  await page.waitForFunction(() => ["/books/2", "/books/9"].includes(location.pathname));
  await page.click("#open-5");
  await shows(page, "#book h2", "Book 5");
  await at(page, "/books/5");
  assert.ok(await isMarked(page));
  await close();
}));

test("whoever clicks through forty pages in a row is not held up", () => withServer(sections, async (server) => {
  const { page, joined, sockets, close } = await open(server.url);
  await joined();
  await mark(page);
  for (let count = 0; count < 20; count += 1) {
    await page.click("#to-desk");
    await shows(page, "h1", "Desk");
    await page.click("#to-hall");
    await shows(page, "h1", "Hall");
  }
  // And through some before they are there.
  await page.evaluate(() => {
    for (let count = 0; count < 5; count += 1) document.querySelector("#to-desk").click();
  });
  await shows(page, "h1", "Desk");
  await page.click("#ask");
  await shows(page, "#questions", "1");
  assert.ok(await isMarked(page));
  assert.equal(sockets.length, 1);
  await close();
}));

test("a socket that is cut comes back at the address to which the page has gone", () => withServer(sections, async (server) => {
  const { page, joined, receivedOne, close } = await open(server.url);
  await joined();
  await page.click("#to-desk");
  await shows(page, "h1", "Desk");
  await mark(page);
  await page.evaluate(() => window.liveSocket.getSocket().conn.close(3000));
  await receivedOne((frame, socket) => socket === 1 && frame.includes("rendered"));
  await joined();
  await shows(page, "#place", "/desk");
  await page.click("#to-hall");
  await shows(page, "h1", "Hall");
  assert.ok(await isMarked(page));
  await close();
}));

test("without JavaScript every link loads its page, and what is not there says so", () =>
  withServer(library, async (server) => {
    const { page, close } = await open(server.url, { javaScriptEnabled: false, expectErrors: [/404/] });
    await page.click("#open-7");
    assert.equal(await page.textContent("#book h2"), "Book 7");
    await page.click("#notes");
    assert.equal(await page.textContent("#part"), "notes");
    for (const path of ["/books/700", "/books/seven", "/nowhere"]) {
      const response = await page.goto(server.url + path);
      assert.equal(response.status(), 404);
      assert.equal(await page.textContent("h1"), "Not on our shelves");
    }
    await close();
  }));
