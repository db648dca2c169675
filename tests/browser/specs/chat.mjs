// The chat: two people in two browsers, their tabs, who types, and a connection that is lost.
import assert from "node:assert/strict";
import { open, withNetwork, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const app = "examples/chat";

/** A browser whose person has said who they are. */
async function enter(server, name, options) {
  const visitor = await open(server.url, options);
  const { page, joined } = visitor;
  await joined();
  await page.fill("#enter input", name);
  await page.click("#enter button");
  await page.waitForSelector("#say");
  await joined();
  await page.waitForSelector(`#people li:has-text("${name}")`);
  return visitor;
}

test("what one says the other reads, and the next thing to say begins empty and focused", () => withServer(app, async (server) => {
  const ann = await enter(server, "Ann");
  const bob = await enter(server, "Bob");
  await ann.page.waitForSelector('#people li:has-text("Bob")');
  await ann.accessible();
  await ann.page.fill("#say input", "Is the kettle on?");
  await ann.page.keyboard.press("Enter");
  for (const { page } of [ann, bob]) {
    await page.waitForSelector('#said li:has-text("Is the kettle on?")');
  }
  await ann.page.waitForFunction(() => document.activeElement === document.querySelector("#say input") && document.activeElement.value === "");
  await ann.page.keyboard.type("Hello?");
  await ann.page.keyboard.press("Enter");
  await bob.page.waitForSelector('#said li:has-text("Hello?")');
  assert.equal(await ann.page.locator("#silence").isVisible(), false);
  await ann.close();
  await bob.close();
}));

test("whoever types is seen typing by the others, until they pause", () => withServer(app, async (server) => {
  const ann = await enter(server, "Ann");
  const bob = await enter(server, "Bob");
  await ann.page.locator("#say input").pressSequentially("Is the ket");
  await bob.page.waitForSelector('#typing:has-text("Ann is typing …")');
  assert.equal(await ann.page.textContent("#typing"), "");
  assert.equal(await ann.page.inputValue("#say input"), "Is the ket");
  await bob.page.waitForFunction(() => document.querySelector("#typing").textContent === "");
  await ann.close();
  await bob.close();
}));

test("somebody is there once in two tabs, and gone with the last of them", () => withServer(app, async (server) => {
  const ann = await enter(server, "Ann");
  const bob = await enter(server, "Bob");
  const tab = await bob.page.context().newPage();
  await tab.goto(server.url);
  await ann.page.waitForSelector('#people li:has-text("Bob (2 tabs)")');
  await tab.close();
  await ann.page.waitForFunction(() => ![...document.querySelectorAll("#people li")].some((li) => li.textContent.includes("tabs")));
  await bob.page.evaluate(() => new Promise((done) => liveSocket.disconnect(done)));
  await ann.page.waitForFunction(() => document.querySelectorAll("#people li").length === 1);
  await bob.page.evaluate(() => liveSocket.connect());
  await ann.page.waitForSelector('#people li:has-text("Bob")');
  await ann.close();
  await bob.close();
}));

test("what is typed and not said yet outlives what others say, and a lost connection", () => withNetwork(app, async (way) => {
  const ann = await enter(way, "Ann", { expectErrors: [/WebSocket/] });
  const bob = await enter(way, "Bob", { expectErrors: [/WebSocket/] });
  await ann.page.locator("#say input").pressSequentially("Have you wat");
  await bob.page.waitForSelector('#typing:has-text("Ann is typing …")');
  // Not even focused.
  await ann.page.focus(".scroll");
  await bob.page.fill("#say input", "Hello");
  await bob.page.keyboard.press("Enter");
  await ann.page.waitForSelector('#said li:has-text("Hello")');
  assert.equal(await ann.page.inputValue("#say input"), "Have you wat");
  way.cut();
  await ann.page.waitForSelector("[data-phx-main].phx-loading");
  await ann.joined();
  await ann.page.waitForFunction(() => document.querySelector("#say input").value === "Have you wat");
  await ann.close();
  await bob.close();
}));
