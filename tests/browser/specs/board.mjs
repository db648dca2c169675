// Four in a row: two players in two browsers at one board, and somebody who watches.
import assert from "node:assert/strict";
import { inEveryLook, isMarked, mark, open, withNetwork, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";
import { serve } from "../server.mjs";

const app = "examples/board";
const lost = { expectErrors: [/WebSocket/] };

/** A browser at a game. */
async function watcher(url, options) {
  const opened = await open(`${url}/games/one`, options);
  await opened.joined();
  return opened;
}

/** A browser with a place at the board. */
async function player(url, colour, options) {
  const opened = await watcher(url, options);
  await opened.page.click(`button:has-text("Play ${colour}")`);
  await opened.page.waitForSelector(`#places:has-text("You play ${colour}.")`);
  await opened.joined();
  return opened;
}

const status = (page, text) => page.waitForSelector(`#status:text-is("${text}")`);
const drop = (page, column) => page.getByRole("button", { name: `Column ${column}`, exact: true }).click();
/** Three discs of each, so that red wins with the next one in the first column. */
async function threeTurns(ann, bob) {
  for (let turn = 0; turn < 3; turn += 1) {
    await status(ann.page, "Your turn.");
    await drop(ann.page, 1);
    await status(bob.page, "Your turn.");
    await drop(bob.page, 2);
  }
  await status(ann.page, "Your turn.");
}

const discs = (page, colour) => page.locator(`.place.${colour}`).count();

test("two people play to the end at one board, and again, and somebody watches", () => withServer(app, async ({ url }) => {
  const begun = await open(url);
  await begun.joined();
  await begun.page.click("text=New game");
  await begun.page.waitForURL(/games\/[0-9a-f]{8}$/);
  await status(begun.page, "It is the turn of red.");
  await begun.close();
  const [ann, bob, watching] = [await player(url, "red"), await player(url, "yellow"), await watcher(url)];
  await threeTurns(ann, bob);
  await drop(ann.page, 1);
  await status(ann.page, "You have won.");
  for (const { page } of [bob, watching]) {
    await status(page, "red has won.");
    assert.deepEqual([await discs(page, "red"), await discs(page, "yellow")], [4, 3]);
  }
  assert.equal(await watching.page.locator(".drop:enabled").count(), 0);
  await bob.page.click("text=Again");
  await status(bob.page, "Your turn.");
  await status(ann.page, "It is the turn of red.");
  assert.equal(await discs(ann.page, "red"), 0);
  for (const opened of [ann, bob, watching]) await opened.close();
}));

test("a disc is a small frame for all who look, and nothing else of the board is sent", () => withServer(app, async ({ url }) => {
  const [ann, bob] = [await player(url, "red"), await player(url, "yellow")];
  await status(ann.page, "Your turn.");
  const before = bob.received().length;
  const { received: [answer] } = await ann.frames(() => drop(ann.page, 4));
  assert.ok(answer.length < 500, answer);
  await status(bob.page, "Your turn.");
  const frames = bob.received().slice(before);
  assert.equal(frames.length, 1);
  assert.ok(frames[0].length < 500, frames[0]);
  await ann.close();
  await bob.close();
}));

test("of two tabs of one player who drop at once one does, and both see the same", () => withServer(app, async ({ url }) => {
  const ann = await player(url, "red");
  const tab = await ann.page.context().newPage();
  await tab.goto(`${url}/games/one`);
  await status(tab, "Your turn.");
  await Promise.all([[ann.page, 1], [tab, 7]].map(([page, column]) => page.$eval(`.drop[aria-label="Column ${column}"]`, (button) => button.click())));
  for (const page of [ann.page, tab]) {
    await status(page, "It is the turn of yellow.");
    assert.equal(await discs(page, "red"), 1);
  }
  await ann.close();
}));

test("a player who clicks again before the answer is there has made one move", () => withNetwork(app, async (way, { url }) => {
  const [ann, bob] = [await player(way.url, "red"), await player(url, "yellow")];
  await status(ann.page, "Your turn.");
  way.delay(200);
  await ann.page.$$eval(".drop", ([first, second]) => [first, first, second].forEach((button) => button.click()));
  await status(ann.page, "It is the turn of yellow.");
  await status(bob.page, "Your turn.");
  await drop(bob.page, 7);
  await status(ann.page, "Your turn.");
  assert.deepEqual([await discs(ann.page, "red"), await discs(bob.page, "red")], [1, 1]);
  await ann.close();
  await bob.close();
}));

test("a player who loses the connection comes back to the board as it is, and plays on", () => withNetwork(app, async (way, { url }) => {
  const [ann, bob] = [await player(way.url, "red", lost), await player(url, "yellow")];
  await status(ann.page, "Your turn.");
  await drop(ann.page, 1);
  await status(bob.page, "Your turn.");
  await mark(ann.page);
  await way.refuse();
  await drop(bob.page, 1);
  await status(bob.page, "It is the turn of red.");
  await way.accept();
  await status(ann.page, "Your turn.");
  assert.ok(await isMarked(ann.page), "the page was not loaded again");
  assert.equal(await discs(ann.page, "yellow"), 1);
  await drop(ann.page, 1);
  await status(bob.page, "Your turn.");
  await ann.close();
  await bob.close();
}));

test("a game goes on where it was when the server is killed", () => withServer(app, async (first) => {
  const ann = await player(first.url, "red", lost);
  await status(ann.page, "Your turn.");
  await drop(ann.page, 3);
  await status(ann.page, "It is the turn of yellow.");
  await first.stop("SIGKILL");
  await ann.page.waitForSelector("[data-phx-main]:not(.phx-connected)");
  const second = await serve(app, { port: first.port, kept: first.kept });
  try {
    await ann.joined();
    await ann.page.waitForSelector('#places:has-text("You play red.")');
    assert.equal(await discs(ann.page, "red"), 1);
    const bob = await player(second.url, "yellow");
    await drop(bob.page, 3);
    await status(ann.page, "Your turn.");
    await bob.close();
  } finally {
    await second.stop();
  }
  await ann.close();
}));

test("who plays with the keyboard keeps the place in the row of columns", () => withServer(app, async ({ url }) => {
  const [ann, bob] = [await player(url, "red"), await player(url, "yellow")];
  await status(ann.page, "Your turn.");
  await ann.page.getByRole("button", { name: "Column 4" }).focus();
  await ann.page.keyboard.press("Enter");
  await status(bob.page, "Your turn.");
  await drop(bob.page, 4);
  await status(ann.page, "Your turn.");
  await ann.page.keyboard.press("Enter");
  await status(ann.page, "It is the turn of yellow.");
  assert.equal(await discs(ann.page, "red"), 2);
  await ann.close();
  await bob.close();
}));

test("the board is without barriers, before a game, in it and after it", () => withServer(app, async ({ url }) => {
  await inEveryLook(url, (_, isReadable) => isReadable());
  await inEveryLook(`${url}/games/one`, (_, isReadable) => isReadable());
  const [ann, bob] = [await player(url, "red"), await player(url, "yellow")];
  await threeTurns(ann, bob);
  await inEveryLook(`${url}/games/one`, (_, isReadable) => isReadable());
  await ann.accessible();
  await drop(ann.page, 1);
  await status(ann.page, "You have won.");
  await ann.accessible();
  await ann.close();
  await bob.close();
}));
