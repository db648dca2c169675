// The wizard: its steps, what becomes of them when the connection is lost, and who may see the account.
import assert from "node:assert/strict";
import { isMarked, mark, open, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const app = "examples/wizard";

const step = async (page, path) => {
  await page.click("#sign-up button");
  await page.waitForURL(`**${path}`);
};

test("the wizard goes from step to step, and back in the browser's history", () => withServer(app, async (server) => {
  const { page, joined, accessible, close } = await open(`${server.url}/sign-up`);
  await joined();
  await page.click("#sign-up button");
  await page.waitForSelector("text=Tell us your name.");
  await accessible();
  await page.fill("[name=name]", "Ann");
  await step(page, "/sign-up/garden");
  await page.check("[value=balcony]");
  await accessible();
  await step(page, "/sign-up/confirm");
  await page.waitForSelector("text=Ann, with plants on a balcony.");
  await accessible();
  await page.goBack();
  await page.waitForSelector("[type=radio][value=balcony]:checked");
  await page.goBack();
  await page.waitForFunction(() => document.querySelector("[name=name]:not([type=hidden])")?.value === "Ann");
  await page.goForward();
  await page.waitForSelector("[type=radio]");
  await page.goForward();
  await page.waitForSelector("#summary");
  await page.click("#sign-up button");
  await page.waitForURL(`${server.url}/account`);
  await joined();
  await page.waitForSelector("text=You are a member of the club, with a balcony.");
  assert.equal(await page.textContent("#flash-info p"), "Welcome, Ann.");
  await accessible();
  await close();
}));

test("what was answered in earlier steps is there after a lost connection", () => withServer(app, async (server) => {
  const { page, joined, close } = await open(`${server.url}/sign-up`);
  await joined();
  await mark(page);
  await page.fill("[name=name]", "Ann");
  await step(page, "/sign-up/garden");
  await page.check("[value=garden]");
  await step(page, "/sign-up/confirm");
  await page.evaluate(() => new Promise((done) => liveSocket.disconnect(done)));
  await page.waitForSelector("[data-phx-main]:not(.phx-connected)");
  await page.evaluate(() => liveSocket.connect());
  await joined();
  await page.waitForSelector("text=Ann, with plants in a garden.");
  assert.ok(await isMarked(page), "the page was not loaded again");
  await close();
}));

test("who opens a later step begins with the first", () => withServer(app, async (server) => {
  const { page, joined, close } = await open(`${server.url}/sign-up/confirm`);
  await joined();
  await page.fill("[name=name]", "Ann");
  await page.click("#sign-up button");
  await page.waitForURL(`${server.url}/sign-up/garden`);
  await close();
}));

test("who is signed in sees the account, until they sign out", () => withServer(app, async (server) => {
  const { page, joined, accessible, close } = await open(`${server.url}/account`);
  assert.equal(page.url(), `${server.url}/sign-in`);
  await joined();
  await page.fill("[name=name]", "ann");
  await page.fill("[name=password]", "fern");
  await page.click("#sign-in button");
  await page.waitForSelector("text=Name or password is wrong.");
  await accessible();
  await page.fill("[name=password]", "monstera");
  await page.click("#sign-in button");
  await page.waitForURL(`${server.url}/account`);
  await joined();
  assert.equal(await page.textContent("h1"), "Hello, ann");
  await page.click("#sign-out");
  await page.waitForURL(`${server.url}/`);
  await joined();
  assert.equal(await page.textContent("#flash-info p"), "See you soon.");
  await page.goto(`${server.url}/account`);
  assert.equal(page.url(), `${server.url}/sign-in`);
  await close();
}));
