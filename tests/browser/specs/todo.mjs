// The list of todos: two people who keep it, what is left of it when pages, sockets and servers go.
import assert from "node:assert/strict";
import { inEveryLook, open, withNetwork, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";
import { serve } from "../server.mjs";

const app = "examples/todo";
const lost = { expectErrors: [/WebSocket/] };

/** A page with the list. */
async function list(url, options) {
  const opened = await open(url, options);
  await opened.joined();
  return opened;
}

/** Types a title and submits it, as one does who adds several. */
async function add(page, title) {
  const input = page.locator("#new input");
  await input.fill(title);
  await input.press("Enter");
  await has(page, "open", title);
  // However quickly Enter came.
  await page.waitForFunction(() => document.querySelector("#new input").value === "");
}

const has = (page, list, title) => page.locator(`#${list} li`, { hasText: title }).waitFor();
const titles = (page) => page.$$eval("#open .title", (titles) => titles.map(({ textContent }) => textContent));
const shows = (page, wanted) => page.waitForFunction(
  (wanted) => JSON.stringify([...document.querySelectorAll("#open .title")].map(({ textContent }) => textContent)) === wanted,
  JSON.stringify(wanted),
);

test("what one person does to the list the other sees, in small frames", () => withServer(app, async (server) => {
  const [ann, bob] = [await list(server.url), await list(server.url)];
  await add(ann.page, "Water the palms");
  await has(bob.page, "open", "Water the palms");
  const before = bob.received().length;
  await add(ann.page, "Open the windows");
  await has(bob.page, "open", "Open the windows");
  const frames = bob.received().slice(before);
  assert.equal(frames.length, 1, "one announcement is one frame");
  assert.ok(frames[0].length < 1_000, frames[0]);
  await bob.page.getByLabel("Water the palms is done").click();
  await has(ann.page, "done", "Water the palms");
  await shows(ann.page, ["Open the windows"]);
  await ann.page.getByLabel("Water the palms is not done").click();
  await shows(bob.page, ["Open the windows", "Water the palms"]);
  await bob.page.getByLabel("Remove Open the windows").click();
  await shows(ann.page, ["Water the palms"]);
  await ann.close();
  await bob.close();
}));

test("what is typed into a todo is kept when somebody else renames it", () => withServer(app, async (server) => {
  const [ann, bob] = [await list(server.url), await list(server.url)];
  await add(ann.page, "Water the palms");
  await bob.page.getByLabel("Edit Water the palms").click();
  const input = bob.page.getByLabel("What is to be done", { exact: true });
  await bob.page.waitForFunction(() => document.activeElement.closest("#open") !== null);
  await input.fill("Water them tomo");
  // Wherever the focus is: what is typed stays when the page is patched.
  await bob.page.locator("#new input").focus();
  await ann.page.getByLabel("Edit Water the palms").click();
  await ann.page.locator("#open input[name=title]").fill("Water all palms");
  await ann.page.keyboard.press("Enter");
  await shows(ann.page, ["Water all palms"]);
  await add(ann.page, "Open the windows");
  await has(bob.page, "open", "Open the windows");
  assert.equal(await input.inputValue(), "Water them tomo");
  await input.press("End");
  await bob.page.keyboard.type("rrow");
  await bob.page.keyboard.press("Enter");
  await shows(ann.page, ["Water them tomorrow", "Open the windows"]);
  await shows(bob.page, ["Water them tomorrow", "Open the windows"]);
  await ann.close();
  await bob.close();
}));

test("whoever keeps the list with the keyboard is never lost on the page", () => withServer(app, async (server) => {
  const { page, close } = await list(server.url);
  const focus = (label) => page.waitForFunction((label) => document.activeElement.getAttribute("aria-label") === label, label);
  await focus("What is to be done?");
  await page.keyboard.type("Water the palms");
  await page.keyboard.press("Enter");
  await has(page, "open", "Water the palms");
  await focus("What is to be done?");
  assert.equal(await page.locator("#new input").inputValue(), "");
  await page.getByLabel("Edit Water the palms").focus();
  await page.keyboard.press("Enter");
  await focus("What is to be done");
  await page.keyboard.press("Escape");
  await focus("Edit Water the palms");
  await page.keyboard.press("Enter");
  await focus("What is to be done");
  await page.locator("#open input[name=title]").fill("Water all palms");
  await page.keyboard.press("Enter");
  await focus("Edit Water all palms");
  await close();
}));

test("a list outlives its pages, and a server that is killed as soon as it has answered", () => withServer(app, async (first) => {
  const { page, close } = await list(first.url, lost);
  await add(page, "Water the palms");
  await add(page, "Open the windows");
  await page.getByLabel("Water the palms is done").click();
  await has(page, "done", "Water the palms");
  await page.reload();
  await shows(page, ["Open the windows"]);
  await add(page, "Close the windows");
  await first.stop("SIGKILL");
  await page.waitForSelector("[data-phx-main]:not(.phx-connected)");
  const second = await serve(app, { port: first.port, kept: first.kept });
  try {
    // The page comes back by itself, and shows what is kept.
    await page.waitForSelector("[data-phx-main].phx-connected");
    await shows(page, ["Open the windows", "Close the windows"]);
    await add(page, "Sweep");
    const later = await list(second.url);
    assert.deepEqual(await titles(later.page), ["Open the windows", "Close the windows", "Sweep"]);
    await has(later.page, "done", "Water the palms");
    await later.close();
  } finally {
    await second.stop();
  }
  await close();
}));

test("a page whose connection was lost shows what others have done to the list, and what was typed", () =>
  withNetwork(app, async (way, server) => {
    const ann = await list(way.url, lost);
    const bob = await list(server.url);
    await add(ann.page, "Water the palms");
    await ann.page.locator("#new input").fill("Sweep the");
    await way.refuse();
    await has(bob.page, "open", "Water the palms");
    await bob.page.getByLabel("Water the palms is done").click();
    await add(bob.page, "Open the windows");
    await ann.page.keyboard.type(" path");
    await way.accept();
    await shows(ann.page, ["Open the windows"]);
    await has(ann.page, "done", "Water the palms");
    assert.equal(await ann.page.locator("#new input").inputValue(), "Sweep the path");
    await ann.page.keyboard.press("Enter");
    await shows(bob.page, ["Open the windows", "Sweep the path"]);
    await ann.close();
    await bob.close();
  }));

test("several todos are added one after the other, however late the answers are", () => withNetwork(app, async (way) => {
  const { page, close } = await list(way.url);
  way.delay(200);
  const wanted = ["Water the palms", "Open the windows", "Sweep"];
  for (const title of wanted) {
    await page.keyboard.type(title);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#new input").value === "" && document.activeElement.id === "title");
  }
  await shows(page, wanted);
  await page.$$eval("#open [type=checkbox]", (boxes) => boxes.slice(0, 2).forEach((box) => box.click()));
  await has(page, "done", "Open the windows");
  await has(page, "done", "Water the palms");
  await shows(page, ["Sweep"]);
  await close();
}));

test("the list is without barriers, empty, with todos, and while one is changed", () => withServer(app, ({ url }) =>
  inEveryLook(url, async (page, isReadable) => {
    await page.waitForSelector("#nothing");
    assert.equal(await page.isVisible("#clear"), false, "there is nothing to forget");
    await isReadable();
    await add(page, "Open the windows when it is warm outside, and close them in the evening");
    await add(page, "m".repeat(80));
    await page.getByLabel("Open the windows").first().click();
    await has(page, "done", "Open the windows");
    assert.equal(await page.isVisible("#none-done"), false);
    await isReadable();
    await page.getByLabel("Edit mmm").click();
    await page.waitForSelector("#open form");
    await isReadable();
    await page.keyboard.press("Escape");
    await page.getByLabel("Remove mmm").click();
    await page.click("#clear");
    await page.waitForSelector("#none-done", { state: "visible" });
  })));
