// Forms: what is typed, what is said about it and when, rows that come and go; on a slow network and without one.
import assert from "node:assert/strict";
import { join } from "node:path";
import { isMarked, mark, open, results, withNetwork, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const app = "examples/nursery";
const lost = { expectErrors: [/WebSocket connection/, /ERR_CONNECTION/] };

/** All messages that are shown, by the field of the struct; each is said to those who cannot see it as well. */
const shown = (page) => page.$$eval("form .hh-errors:not(:empty)", (messages) => Object.fromEntries(messages.map((message) => {
  const named = document.querySelector(`[aria-describedby~="${message.id}"]`);
  if (!named?.matches("[aria-invalid=true], :has([aria-invalid=true])")) throw new Error(`${message.id} belongs to nothing`);
  return [message.id.replace(/^customer_(\w+)-errors$/, "$1"), message.textContent.trim()];
})));

/** Waits until nothing is on its way. */
const settled = (page) => page.waitForFunction(
  () => !document.querySelector("[data-phx-ref-src], .phx-change-loading, .phx-submit-loading"));

/** Fills everything in that the registration asks for. */
async function register(page, { email = "bob@example.org" } = {}) {
  await page.getByLabel("Name").fill("Bob");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("monstera deliciosa");
  await page.getByLabel("The same again").fill("monstera deliciosa");
  await page.getByLabel("Years of gardening").fill("3");
  await page.getByLabel("Gardening since").fill("2023-04-01");
  await page.getByLabel("Country").selectOption("germany");
  await page.getByLabel("On a balcony").check();
  await page.getByLabel("Herbs").check();
  await page.getByLabel("Trees").check();
  await page.getByLabel("About your garden").fill("Two pots.");
  await page.getByLabel("I accept").check();
  await settled(page);
}

test("errors are shown where somebody has been, while they type, and everywhere once they submit", () => withServer(app, async (server) => {
  const { page, joined, accessible, frames, close } = await open(server.url);
  await joined();
  await page.getByLabel("Years of gardening").fill("99");
  await page.waitForSelector("#customer_years[aria-invalid=true]");
  assert.deepEqual(await shown(page), { years: "must be 80 or less" });
  await page.getByLabel("Email").pressSequentially("bob");
  assert.deepEqual(Object.keys(await shown(page)), ["years"], "the address is not told before it is left");
  await page.getByLabel("Name").focus();
  await page.waitForSelector("#customer_email[aria-invalid=true]");
  await page.getByLabel("Email").fill("bob@example.org");
  await page.getByLabel("Name").focus();
  await page.waitForSelector("#customer_email:not([aria-invalid=true])");
  const { sent } = await frames(() => page.getByRole("button", { name: "Register" }).click());
  assert.match(sent.at(-1), /"event":"save"/);
  assert.deepEqual(await shown(page), {
    name: "is required", password: "must have at least 10 characters", years: "must be 80 or less", since: "is required",
    country: "is required", garden: "is required", interests: "is required", terms: "have to be accepted",
  });
  await accessible();
  await page.screenshot({ path: join(results, "form-errors.png"), fullPage: true });
  await close();
}));

test("a form with every kind of input is saved when all of it is right", () => withServer(app, async (server) => {
  const { page, joined, accessible, sent, close } = await open(server.url);
  await joined();
  await register(page, { email: "ann@example.org" });
  await accessible();
  const button = page.getByRole("button", { name: "Register" });
  await button.click();
  await page.waitForSelector("text=is registered already");
  await page.getByLabel("Email").fill("bob@example.org");
  await button.click();
  await page.waitForURL("**/order");
  assert.match(await page.textContent("#flash-info"), /Welcome, Bob\./);
  const value = new URLSearchParams(JSON.parse(sent().findLast((frame) => frame.includes('"save"')))[4].value);
  assert.deepEqual([...value].filter(([name]) => !name.includes("password") && !name.includes("repeated")), [
    ["customer[source]", "front page"], ["customer[name]", "Bob"], ["customer[email]", "bob@example.org"],
    ["customer[years]", "3"], ["customer[since]", "2023-04-01"], ["customer[country]", "germany"],
    ["customer[garden]", "balcony"], ["customer[interests][]", ""], ["customer[interests][]", "herbs"],
    ["customer[interests][]", "trees"], ["customer[about]", "Two pots."], ["customer[terms]", "false"], ["customer[terms]", "true"],
  ]);
  await close();
}));

test("what is typed, its place and its choice stay while answers are late", () => withNetwork(app, async (way) => {
  const { page, joined, close } = await open(way.url);
  await joined();
  way.delay(300);
  const name = page.getByLabel("Name");
  await name.focus();
  // Faster than answers come: each of them brings an older text.
  await page.keyboard.type("Wilhelmina of the palms", { delay: 60 });
  for (let step = 0; step < 9; step += 1) await page.keyboard.press("ArrowLeft");
  await page.keyboard.type("X", { delay: 60 });
  const caret = () => page.evaluate(() => [document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart]);
  const expected = ["customer_name", "Wilhelmina of Xthe palms", 15];
  assert.deepEqual(await caret(), expected);
  await settled(page);
  assert.deepEqual(await caret(), expected);
  // Choices that are made while the answer to another one is under way.
  await page.getByLabel("Country").selectOption("austria");
  await page.getByLabel("Herbs").check();
  await page.getByLabel("Vegetables").check();
  await page.getByLabel("Herbs").uncheck();
  await page.getByLabel("In a garden").check();
  await page.getByLabel("About your garden").fill("Wide.");
  await settled(page);
  assert.equal(await page.getByLabel("Country").inputValue(), "austria");
  assert.ok(await page.getByLabel("Vegetables").isChecked() && !(await page.getByLabel("Herbs").isChecked()));
  assert.ok(await page.getByLabel("In a garden").isChecked());
  assert.equal(await page.getByLabel("About your garden").inputValue(), "Wide.");
  assert.equal(await name.inputValue(), "Wilhelmina of Xthe palms");
  await close();
}));

test("a button says that it is at work, once, until the answer is there", () => withNetwork(app, async (way) => {
  const { page, joined, sent, close } = await open(way.url);
  await joined();
  await register(page, { email: "ann@example.org" });
  way.delay(300);
  const button = page.locator("#customer button[type=submit]");
  await button.click();
  await page.waitForSelector("#customer button:has-text('Registering…'):disabled");
  assert.ok(await page.getByLabel("Name").evaluate((input) => input.readOnly), "nothing changes under the eyes of the view");
  await button.click({ force: true });
  await page.keyboard.press("Enter");
  await page.waitForSelector("text=is registered already");
  assert.equal(await button.textContent(), "Register");
  assert.ok(await button.isEnabled() && !(await page.getByLabel("Name").evaluate((input) => input.readOnly)));
  assert.equal(sent().filter((frame) => frame.includes('"save"')).length, 1);
  await close();
}));

test("a form goes back to what it began with", () => withServer(app, async (server) => {
  const { page, joined, close } = await open(server.url);
  await joined();
  await register(page, { email: "bob" });
  await page.waitForSelector("#customer_email[aria-invalid=true]");
  await page.getByRole("button", { name: "Start again" }).click();
  await page.waitForSelector("#customer:not([data-unsaved-changes])");
  await settled(page);
  const values = await page.$$eval("#customer :is(input:not([type=hidden]), select, textarea)", (inputs) =>
    inputs.map((input) => (["checkbox", "radio"].includes(input.type) ? input.checked : input.value)));
  assert.ok(values.every((value) => value === "" || value === false), JSON.stringify(values));
  assert.deepEqual(await shown(page), {});
  await page.getByLabel("Years of gardening").fill("99");
  await page.waitForSelector("#customer_years[aria-invalid=true]");
  assert.deepEqual(Object.keys(await shown(page)), ["years"], "nobody has been elsewhere since");
  await close();
}));

test("a form that is submitted without a connection is sent once it is submitted with one, and loses nothing", () =>
  withNetwork(app, async (way) => {
    const { page, joined, sent, close } = await open(way.url, { expectErrors: [...lost.expectErrors, /./] });
    await joined();
    await mark(page);
    await register(page);
    await way.refuse();
    await page.waitForSelector(".phx-client-error");
    await page.getByLabel("Name").fill("Bob the second");
    await page.getByRole("button", { name: "Register" }).click();
    await page.waitForSelector("#hothouse-connection .offline", { state: "visible" });
    assert.equal(await page.locator("#customer button[type=submit]").textContent(), "Register");
    assert.ok(!sent().some((frame) => frame.includes('"save"')));
    await way.accept();
    await joined();
    await settled(page);
    assert.ok(await isMarked(page));
    assert.equal(await page.getByLabel("Name").inputValue(), "Bob the second");
    assert.equal(await page.getByLabel("Gardening since").inputValue(), "2023-04-01");
    await page.getByRole("button", { name: "Register" }).click();
    await page.waitForURL("**/order");
    assert.match(await page.textContent("#flash-info"), /Welcome, Bob the second\./);
    assert.equal(sent().filter((frame) => frame.includes('"save"')).length, 1);
    await close();
  }));

// ---- rows ----

const row = (page, number) => page.locator("#order .line").nth(number);
const plants = (page) => page.$$eval("#order .line", (lines) => lines.map((line) =>
  `${line.id} ${line.querySelector("select").value} ${line.querySelector("input[type=number]").value}`));

async function line(page, number, plant, count) {
  await row(page, number).getByLabel("Plant").selectOption(plant);
  await row(page, number).getByLabel("How many").fill(String(count));
  await settled(page);
}

async function add(page) {
  const before = await page.locator("#order .line").count();
  await page.getByRole("button", { name: "Add a plant" }).click();
  await page.waitForFunction((count) => document.querySelectorAll("#order .line").length === count, before + 1);
}

test("lines are added, moved and removed, and each keeps its element", () => withServer(app, async (server) => {
  const { page, joined, accessible, frames, close } = await open(`${server.url}/order`);
  await joined();
  await line(page, 0, "palm", 2);
  await add(page);
  await line(page, 1, "fern", 3);
  await add(page);
  await line(page, 2, "moss", 4);
  assert.deepEqual(await plants(page), ["order_lines_0 palm 2", "order_lines_1 fern 3", "order_lines_2 moss 4"]);
  assert.equal(await page.textContent("#total"), "Total: 88.00 €");
  await page.$$eval("#order .line", (lines) => lines.forEach((line, index) => { line.dataset.mark = index; }));
  await accessible();
  await page.screenshot({ path: join(results, "order.png"), fullPage: true });
  await row(page, 2).getByRole("button", { name: "Move up" }).click();
  await page.waitForFunction(() => document.querySelectorAll("#order .line")[1].id === "order_lines_2");
  assert.deepEqual(await plants(page), ["order_lines_0 palm 2", "order_lines_2 moss 4", "order_lines_1 fern 3"]);
  const { received } = await frames(async () => {
    await row(page, 1).getByRole("button", { name: "Remove" }).click();
    await page.waitForSelector("#order_lines_2", { state: "detached" });
  });
  assert.ok(received.at(-1).length < 700, received.at(-1));
  assert.deepEqual(await plants(page), ["order_lines_0 palm 2", "order_lines_1 fern 3"]);
  assert.equal(await page.textContent("#total"), "Total: 74.00 €");
  // What is typed now is for the line that it is typed into, whatever it is called by now.
  await line(page, 1, "monstera", 1);
  assert.equal(await page.textContent("#total"), "Total: 62.50 €");
  await row(page, 0).getByRole("button", { name: "Remove" }).click();
  await page.waitForSelector("#order_lines_0", { state: "detached" });
  await row(page, 0).getByRole("button", { name: "Remove" }).click();
  await page.waitForFunction(() => document.querySelectorAll("#order .line").length === 0);
  await page.getByRole("button", { name: "Order", exact: true }).click();
  await page.waitForSelector("#order .hh-errors:has-text('is required')");
  await close();
}));

test("inputs that depend on others come and go with them", () => withServer(app, async (server) => {
  const { page, joined, close } = await open(`${server.url}/order`);
  await joined();
  await line(page, 0, "palm", 1);
  await page.getByLabel("By post").check();
  await page.getByLabel("Street").fill("Palm Street 1");
  await page.getByRole("button", { name: "Order", exact: true }).click();
  await page.waitForSelector("#order_address_city[aria-invalid=true]");
  await page.getByLabel("It is a present.").check();
  await page.getByLabel("What to write on the card").fill("Grow!");
  await page.getByLabel("City").fill("Bonn");
  await settled(page);
  await page.getByRole("button", { name: "Order", exact: true }).click();
  await page.waitForSelector("#flash-info:has-text('Ordered: 1 plants.')");
  await page.waitForSelector("#address", { state: "detached" });
  assert.deepEqual(await plants(page), ["order_lines_0  1"]);
  await close();
}));

test("lines and what is typed into them are there again after the connection was lost", () => withNetwork(app, async (way) => {
  const { page, joined, close } = await open(`${way.url}/order`, lost);
  await joined();
  await mark(page);
  await line(page, 0, "palm", 2);
  await add(page);
  await line(page, 1, "fern", 3);
  await page.getByLabel("By post").check();
  await page.getByLabel("City").fill("Bonn");
  await settled(page);
  await page.waitForSelector("#address");
  const before = await plants(page);
  way.cut();
  await page.waitForSelector(".phx-client-error, .phx-loading").catch(() => {});
  await joined();
  await page.waitForFunction(() => document.querySelectorAll("#order .line").length === 2);
  await settled(page);
  assert.ok(await isMarked(page));
  assert.deepEqual(await plants(page), before);
  assert.equal(await page.getByLabel("City").inputValue(), "Bonn");
  assert.equal(await page.textContent("#total"), "Total: 74.00 €");
  await row(page, 0).getByRole("button", { name: "Remove" }).click();
  await page.waitForFunction(() => document.querySelectorAll("#order .line").length === 1);
  assert.deepEqual((await plants(page)).map((plant) => plant.split(" ")[1]), ["fern"]);
  await close();
}));
