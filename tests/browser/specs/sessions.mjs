// Logging in and out: what a joined view puts into the session, and the forms with which its page fetches that.
import assert from "node:assert/strict";
import { open, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const app = "tests/browser/sign-in";

/** Fills one of the two forms in, and submits it. */
async function signIn(page, form, name, word = "sesame") {
  await page.fill(`#${form} [name=name]`, name);
  await page.fill(`#${form} [name=word]`, word);
  await page.click(`#${form} button`);
}

const shows = (page, selector, text) => page.waitForFunction(
  ([selector, text]) => document.querySelector(selector)?.textContent === text, [selector, text]);

/** Nothing that only the browser may send is in an event for the view. */
function tellsNoView(sent) {
  const events = sent.filter((frame) => frame.includes('"event"'));
  assert.ok(events.length > 0);
  for (const frame of events) assert.doesNotMatch(frame, /_csrf_token|ticket/);
}

test("an effect signs in: the page fetches its session and goes on, with its message", () =>
  withServer(app, async (server) => {
    const { page, joined, sent, accessible, close } = await open(server.url);
    await joined();
    await accessible();
    await page.goto(`${server.url}/members`);
    assert.equal(page.url(), `${server.url}/`, "strangers are sent to the start");
    await joined();
    await signIn(page, "by-effect", "ann", "open");
    await shows(page, "#flash-error p", "That is not the word.");
    await signIn(page, "by-effect", "ann");
    await page.waitForURL(`${server.url}/members`);
    await joined();
    await shows(page, "#user", "ann");
    await shows(page, "#flash-info p", "Welcome, ann.");
    const [cookie] = await page.context().cookies();
    assert.ok(cookie.httpOnly && cookie.sameSite === "Lax" && cookie.expires > Date.now() / 1000);
    assert.ok(!Buffer.from(cookie.value, "base64url").includes("ann"), "it is encrypted");
    await page.reload();
    await joined();
    await shows(page, "#user", "ann");
    tellsNoView(sent());
    await close();
  }));

test("a form that the view triggers signs in, and takes the ticket along", () => withServer(app, async (server) => {
  const { page, joined, sent, close } = await open(server.url);
  await joined();
  const posts = [];
  page.on("request", (request) => { if (request.method() === "POST") posts.push(request.postData()); });
  await signIn(page, "by-form", "bob", "open");
  await shows(page, "#flash-error p", "That is not the word.");
  assert.deepEqual(posts, [], "it is sent only once the view says so");
  await signIn(page, "by-form", "bob");
  await page.waitForURL(`${server.url}/members`);
  await joined();
  await shows(page, "#user", "bob");
  assert.equal(posts.length, 1);
  const fields = new URLSearchParams(posts[0]);
  assert.deepEqual([...fields.keys()].sort(), ["_csrf_token", "name", "ticket", "word"]);
  tellsNoView(sent());
  await close();
}));

test("a plain form logs out, and so does an effect", () => withServer(app, async (server) => {
  const { page, joined, close } = await open(server.url);
  await joined();
  await signIn(page, "by-effect", "ann");
  await page.waitForURL(`${server.url}/members`);
  await joined();
  await page.click("#log-out");
  await page.waitForURL(`${server.url}/?gone`);
  await joined();
  await page.waitForSelector("#by-effect");
  await signIn(page, "by-form", "ann");
  await page.waitForURL(`${server.url}/members`);
  await joined();
  await page.click("#forget");
  // Where it is, which is not for strangers any more.
  await page.waitForURL(`${server.url}/`);
  await joined();
  await page.waitForSelector("#by-effect");
  await close();
}));

test("a second tab finds out at once who is signed in", () => withServer(app, async (server) => {
  const { page, joined, close } = await open(server.url);
  await joined();
  const second = await page.context().newPage();
  await second.goto(server.url);
  await second.waitForSelector("[data-phx-main].phx-connected");
  await signIn(page, "by-effect", "ann");
  await page.waitForURL(`${server.url}/members`);
  await joined();
  // It was told nothing: its socket was closed, and its tokens are of another session.
  await shows(second, "#user", "ann");
  await second.waitForSelector("[data-phx-main].phx-connected");
  await second.click("#log-out");
  await second.waitForURL(`${server.url}/?gone`);
  await page.waitForURL(`${server.url}/`);
  await page.waitForSelector("#by-effect");
  await close();
}));

test("whoever clicks twice signs in once", () => withServer(app, async (server) => {
  const { page, joined, close } = await open(server.url);
  await joined();
  await page.fill("#by-effect [name=name]", "ann");
  await page.fill("#by-effect [name=word]", "sesame");
  await page.evaluate(() => {
    const form = document.querySelector("#by-effect");
    form.requestSubmit();
    form.requestSubmit();
  });
  await page.waitForURL(`${server.url}/members`);
  await joined();
  await shows(page, "#user", "ann");
  await close();
}));

test("what a view puts in at its join loads the page once", () => withServer(app, async (server) => {
  const { page, joined, sockets, close } = await open(`${server.url}/?note`);
  await page.waitForSelector("#was-here");
  await joined();
  await page.waitForLoadState("networkidle");
  assert.equal(page.url(), `${server.url}/?note`);
  assert.equal(sockets.length, 2, "it was loaded once more, and then it was there");
  await page.click("#by-effect button");
  await close();
}));
