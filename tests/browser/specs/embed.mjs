// A live page of an application that has its own pages and its own login.
import assert from "node:assert/strict";
import { join } from "node:path";
import { open, results, withRunning } from "../browser.mjs";
import { test } from "../runner.mjs";
import { start } from "../server.mjs";

const shop = (body) => withRunning(start("embed", ["127.0.0.1:0"]), body);

/** Opens the live page as a person would who is not logged in. */
async function customer(url, name, password) {
  const opened = await open(`${url}/stock`);
  const { page } = opened;
  await page.waitForURL("**/login");
  await page.fill("[name=user]", name);
  await page.fill("[name=password]", password);
  await page.click("button");
  await page.waitForURL("**/stock");
  await opened.joined();
  assert.equal(await page.textContent("#user"), name);
  return opened;
}

const count = (page, plant) => page.textContent(`#plant-${plant} .count`);
const shows = (page, plant, number) => page.waitForFunction(
  ([plant, number]) => document.querySelector(`#plant-${plant} .count`).textContent === number,
  [plant, number],
);

test("what one customer takes, and what a supplier brings, all customers see", () => shop(async ({ url }) => {
  const ann = await customer(url, "ann", "monstera");
  const bob = await customer(url, "bob", "fern");
  assert.equal(await count(bob.page, 1), "3");
  await ann.page.click("#plant-1 button");
  await shows(bob.page, 1, "2");
  await shows(ann.page, 1, "2");
  assert.equal(await ann.page.textContent("#note"), "ann took a Monstera.");
  const answer = await fetch(`${url}/api/deliveries`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer greenhouse-and-sons" },
    body: JSON.stringify({ id: 1, count: 40 }),
  });
  assert.deepEqual(await answer.json(), { count: 42, told: 2 });
  await shows(ann.page, 1, "42");
  await shows(bob.page, 1, "42");
  await ann.page.screenshot({ path: join(results, "embed.png") });
  await ann.close();
  await bob.close();
}));

test("whoever logs out in one tab is logged out in all of them", () => shop(async ({ url }) => {
  const ann = await customer(url, "ann", "monstera");
  const tab = await ann.page.context().newPage();
  await tab.goto(`${url}/stock`);
  await tab.click("button:has-text('Log out')");
  // The first tab finds out by itself.
  await ann.page.waitForURL("**/login");
  await ann.close();
}));
