// The dashboard: libraries from npm that share the page with the view, by mouse and by keyboard.
import assert from "node:assert/strict";
import { join } from "node:path";
import { isMarked, mark, open, results, withServer } from "../browser.mjs";
import { network } from "../network.mjs";
import { test } from "../runner.mjs";

const app = "examples/dashboard";

const dashboard = (path, body, options) => () => withServer(app, async (server) => {
  const opened = await open(`${server.url}${path}`, options);
  await opened.joined();
  await body(opened, server);
  await opened.close();
});

const press = (page, name) => page.click(`button:text-is("${name}")`);
const frames = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** So many points of the chart, up to this one. The table beside it shows the same, the newest first. */
async function plotted(page, count, last) {
  const agrees = ([count, last]) => {
    const plot = document.querySelector("#plot")?.plot;
    if (!plot) return false;
    const [numbers, values] = plot.data;
    const rows = [...document.querySelectorAll("#figures tr")].reverse();
    const shown = rows.map((row) => [...row.children].map((cell) => cell.textContent).join());
    const isThere = numbers.length === count && numbers.at(-1) === last;
    return isThere && shown.join(";") === numbers.map((number, at) => [number, values[at].toFixed(1)].join()).join(";");
  };
  await page.waitForFunction(agrees, [count, last]);
  return page.evaluate(() => document.querySelector("#plot").plot.data.map((values) => [...values]));
}

/** Measures so many times. */
async function measure(page, times) {
  for (let count = 0; count < times; count += 1) await press(page, "Measure");
}

test("a chart is fed point by point, and its table has the same figures", dashboard("/", async ({ page, received, accessible }) => {
  await plotted(page, 0);
  await measure(page, 12);
  const [numbers, values] = await plotted(page, 12, 12);
  assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.ok(values.every((ms) => ms > 0 && ms < 30_000), values.join());
  const added = received().filter((frame) => frame.includes("chart:add"));
  assert.equal(added.length, 12);
  // What there is already is not sent again.
  assert.ok(added.at(-1).length < 420 && added.at(-1).length <= added[2].length + 20, added.at(-1));
  assert.ok(await page.evaluate(() => {
    const canvas = document.querySelector("#plot canvas");
    return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
  }), "something is drawn");
  await accessible();
  await page.screenshot({ path: join(results, "dashboard-chart.png") });
  await page.click("summary");
  await accessible();
}));

test("another range is drawn anew, and what follows stays within it", dashboard("/", async ({ page }) => {
  await measure(page, 12);
  await plotted(page, 12, 12);
  const canvas = await page.$("#plot canvas");
  await page.selectOption("[name=range]", "10");
  assert.deepEqual((await plotted(page, 10, 12))[0], [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  await measure(page, 1);
  await plotted(page, 10, 13);
  await page.selectOption("[name=range]", "30");
  await plotted(page, 13, 13);
  await press(page, "Clear");
  await plotted(page, 0);
  assert.ok(await canvas.evaluate((canvas) => canvas.isConnected), "the library's own elements are left alone");
}));

test("a chart measures by itself until it is stopped or left", dashboard("/", async ({ page, sent, joined }) => {
  await press(page, "Every second");
  await page.waitForSelector("#steadily[aria-pressed=true]");
  await page.waitForFunction(() => document.querySelector("#plot").plot.data[0].length >= 2);
  assert.ok(await page.$("#steadily[aria-pressed=true]"), "the view's answers do not take it back");
  await page.click("a:text-is('Board')");
  await page.waitForSelector("#tasks");
  await joined();
  const before = sent().length;
  await page.waitForTimeout(1_500);
  assert.deepEqual(sent().slice(before).filter((frame) => frame.includes('"ping"')), [], "its hook is gone");
  await page.click("a:text-is('Chart')");
  await plotted(page, 0);
}));

test("a chart that lost its view begins anew with what the next one has", () => withServer(app, async (server) => {
  const way = await network(server.port);
  const { page, joined, close } = await open(way.url, { expectErrors: [/WebSocket connection/, /ERR_CONNECTION/] });
  await joined();
  await mark(page);
  await measure(page, 3);
  await plotted(page, 3, 3);
  way.cut();
  await page.waitForSelector("#summary:text-is('Nothing measured yet.')");
  await plotted(page, 0);
  await measure(page, 1);
  await plotted(page, 1, 1);
  assert.ok(await isMarked(page));
  await close();
  way.close();
}));

const order = (page) => page.$$eval("#tasks > li", (tasks) => tasks.map(({ dataset }) => Number(dataset.id)));
const ordered = (page, expected) => page.waitForFunction(
  (expected) => [...document.querySelectorAll("#tasks > li")].map(({ dataset }) => dataset.id).join() === expected, expected.join());

/** Drags a task by its handle onto the middle of another, in steps as a hand does. */
async function drag(page, from, to, { drop = true } = {}) {
  const middle = async (id) => {
    const { x, y, width, height } = await page.locator(`#task-${id} .handle`).boundingBox();
    return [x + width / 2, y + height / 2];
  };
  const [x, y] = await middle(from);
  const [toX, toY] = await middle(to);
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 12; step += 1) {
    await page.mouse.move(x + ((toX - x) * step) / 12, y + ((toY + Math.sign(toY - y) * 8 - y) * step) / 12);
    await frames(page);
  }
  // The library moves things with an animation.
  await page.waitForTimeout(200);
  if (drop) await page.mouse.up();
}

test("a task that is dropped is where the view has it, and its element is the same", dashboard("/board", async ({ page, frames, accessible }) => {
  await page.$eval("#task-2", (task) => { task.mark = "the same element"; });
  const { sent, received } = await frames(() => drag(page, 2, 4));
  assert.equal(sent.length, 1);
  assert.match(sent[0], /"event":"drop","value":\{"id":"2","before":"5"\}/);
  await ordered(page, [1, 3, 4, 2, 5]);
  assert.ok(received.at(-1).length < 300, received.at(-1));
  assert.equal(await page.$eval("#task-2", (task) => task.mark), "the same element");
  await page.waitForSelector("#said:text-is('Water the palms: number 4 of 5.')");
  await frames(() => drag(page, 5, 3));
  await ordered(page, [1, 5, 3, 4, 2]);
  // From here on as well, what the view says is what the page shows.
  await press(page, "As if somebody else had sorted it");
  await ordered(page, [1, 2, 5, 3, 4]);
  await accessible();
  await page.screenshot({ path: join(results, "dashboard-board.png"), fullPage: true });
}));

test("a task that the view does not move goes back", dashboard("/board", async ({ page, frames }) => {
  const { sent } = await frames(() => drag(page, 3, 1));
  assert.match(sent[0], /"event":"drop","value":\{"id":"3","before":"1"\}/);
  await page.waitForSelector("#hothouse-notices p:text-is('The vents come first.')");
  await ordered(page, [1, 2, 3, 4, 5]);
}));

test("a list that changes while one of its tasks is dragged ends as the view has it", dashboard("/board", async ({ page, frames }) => {
  await drag(page, 2, 4, { drop: false });
  await frames(() => page.evaluate(() => document.querySelector("main > .hh-button").click()));
  await frames(() => page.mouse.up());
  await page.waitForFunction(() => document.querySelector("#said").textContent.startsWith("Water the palms"));
  const view = await order(page);
  // What the view has is what a page has that renders it anew.
  await frames(() => page.click("#task-1 + li button[aria-label^='Move down']"));
  const [first, second, third, ...rest] = view;
  await ordered(page, [first, third, second, ...rest]);
}));

test("a task that goes back while the list has changed goes back into the list as it is now", dashboard("/board", async ({ page }) => {
  // What somebody else did is on its way while a task is dropped.
  await page.evaluate(() => liveSocket.enableLatencySim(3_000));
  await press(page, "As if somebody else had sorted it");
  await drag(page, 3, 1);
  await page.waitForSelector("#hothouse-notices p:text-is('The vents come first.')");
  await ordered(page, [1, 5, 2, 3, 4]);
  await page.evaluate(() => liveSocket.disableLatencySim());
}));

test("tasks are moved by keys, and the focus goes along", dashboard("/board", async ({ page }) => {
  await page.focus("#task-2 [aria-label^='Move down']");
  await page.keyboard.press("Enter");
  await ordered(page, [1, 3, 2, 4, 5]);
  await page.waitForSelector("#said:text-is('Water the palms: number 3 of 5.')");
  await page.waitForSelector("#task-2 [aria-label^='Move down']:focus");
  await page.keyboard.press("Space");
  await ordered(page, [1, 3, 4, 2, 5]);
}));

const field = "#query";
const offered = "#offered:not([hidden]) [role=option]";
const options = (page) => page.$$eval(offered, (options) => options.map((option) => option.textContent));
const active = (page) => page.evaluate(() => {
  const id = document.querySelector("#query").getAttribute("aria-activedescendant");
  const selected = [...document.querySelectorAll("[aria-selected=true]")].map((option) => option.id);
  return id === (selected[0] ?? null) ? document.getElementById(id)?.textContent ?? null : `${id} is not ${selected}`;
});

test("a search answers while one types, once for what was typed in one go", dashboard("/search", async ({ page, frames, accessible }) => {
  await page.focus(field);
  const { sent } = await frames(async () => {
    await page.keyboard.type("palm", { delay: 20 });
    await page.waitForSelector(offered);
  });
  assert.equal(sent.filter((frame) => frame.includes('"event":"search"')).length, 1, sent.join("\n"));
  assert.equal((await options(page)).length, 8);
  assert.equal(await page.getAttribute(field, "aria-expanded"), "true");
  await accessible();
  await page.screenshot({ path: join(results, "dashboard-search.png"), fullPage: true });
  await page.keyboard.press("Backspace");
  await page.keyboard.type("x");
  await page.waitForSelector("text=Nothing is called so.");
  assert.equal(await page.getAttribute(field, "aria-expanded"), "false");
  await accessible();
}));

test("arrows go through what is offered, Enter chooses, Escape closes", dashboard("/search", async ({ page, accessible }) => {
  await page.focus(field);
  await page.keyboard.type("cactus");
  await page.waitForSelector(offered);
  const names = await options(page);
  assert.equal(await active(page), null);
  for (const [key, name] of [
    ["ArrowDown", names[0]], ["ArrowDown", names[1]], ["ArrowUp", names[0]], ["ArrowUp", names.at(-1)], ["ArrowDown", names[0]],
  ]) {
    await page.keyboard.press(key);
    assert.equal(await active(page), name, key);
  }
  await accessible();
  await page.keyboard.press("Escape");
  assert.deepEqual(await options(page), []);
  assert.equal(await page.inputValue(field), "cactus", "what was typed stays");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForSelector(`#chosen h2:text-is("${names[1]}")`);
  assert.equal(await page.inputValue(field), names[1]);
  assert.deepEqual(await options(page), []);
  await page.fill(field, "fern");
  await page.click(`${offered}:text-is("Silver fern")`);
  await page.waitForSelector("#chosen h2:text-is('Silver fern')");
}));

test("an answer that comes late offers nothing and takes nothing back", dashboard("/search", async ({ page, received }) => {
  const answers = () => received().filter((frame) => frame.includes("data-query") || frame.includes("The first") || frame.includes("plants.")).length;
  await page.evaluate(() => liveSocket.enableLatencySim(700));
  await page.focus(field);
  await page.keyboard.type("fern");
  await page.waitForTimeout(250);
  await page.keyboard.press("Escape");
  await page.waitForSelector("p:text-is('The first 8 of 9.')");
  assert.deepEqual(await options(page), [], "it was closed before the answer came");
  assert.ok(answers() > 0);
  // The answer to the first text comes while there is another one already.
  await page.fill(field, "");
  await page.keyboard.type("cactus");
  await page.waitForTimeout(250);
  await page.keyboard.type(" ");
  await page.keyboard.press("Backspace");
  await page.fill(field, "moss");
  await page.waitForSelector(offered);
  assert.deepEqual(await options(page), ["Moss"]);
  assert.equal(await page.inputValue(field), "moss");
  await page.evaluate(() => liveSocket.disableLatencySim());
}));

test("Enter that is faster than the answer takes the first that it offers", dashboard("/search", async ({ page }) => {
  await page.evaluate(() => liveSocket.enableLatencySim(500));
  await page.focus(field);
  await page.keyboard.type("silver");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#chosen h2:text-is('Silver fern')");
  assert.equal(await page.inputValue(field), "Silver fern");
  await page.evaluate(() => liveSocket.disableLatencySim());
}));

test("the dashboard is without barriers, dark and narrow", async () => {
  for (const look of [{ colorScheme: "dark" }, { viewport: { width: 375, height: 720 } }]) {
    for (const path of ["/", "/board", "/search"]) {
      await dashboard(path, ({ accessible }) => accessible(), look)();
    }
  }
});
