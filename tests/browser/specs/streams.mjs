// Streams in the real client: the page keeps the rows, and nobody else.
import assert from "node:assert/strict";
import { join } from "node:path";
import { open, results, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const showcase = "examples/showcase";
const testApp = "tests/browser/app";

const ids = (page, list) => page.$$eval(`${list} > li`, (rows) => rows.map((row) => row.id));

/** Waits until the list has so many rows. */
const count = (page, list, rows) => page.waitForFunction(
  ([list, rows]) => document.querySelectorAll(`${list} > li`).length === rows,
  [list, rows],
);

const numbered = (from, count) => Array.from({ length: count }, (_, index) => `posts-${from - index}`);

/** Sends an event as a hook would, and waits for its answer. */
const push = (page, event, value) => page.evaluate(
  ([event, value]) => new Promise((resolve) => {
    const main = document.querySelector("[data-phx-main]");
    window.liveSocket.js().push(main, event, { value, callback: () => requestAnimationFrame(resolve) });
  }),
  [event, value],
);

test("a feed grows at both ends, forgets what is beyond its limit, and starts over", () => withServer(showcase, async (server) => {
  const { page, joined, received, close } = await open(`${server.url}/feed`);
  await joined();
  assert.deepEqual(await ids(page, "#posts"), numbered(1000, 20));
  await page.click("button:has-text('New post')");
  await page.waitForSelector("#posts-1001");
  assert.deepEqual(await ids(page, "#posts"), numbered(1001, 21));
  assert.match(received().at(-1), /"stream":\["posts",\[\["posts-1001",0,60,null\]\],\[\]\]/);
  assert.ok(received().at(-1).length < 240, received().at(-1));
  assert.equal((received().at(-1).match(/posts-/g) ?? []).length, 2, "one row, and no other");
  await page.click("#posts-999 [aria-label='delete']");
  await count(page, "#posts", 20);
  assert.match(received().at(-1), /"k":\{"kc":0\},"stream":\["posts",\[\],\["posts-999"\]\]/);
  await page.screenshot({ path: join(results, "feed.png") });
  // The last post in sight asks for those behind it.
  for (const rows of [40, 60, 80]) {
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.waitForTimeout(600);
    await page.$eval("#posts > li:last-child", (row) => row.scrollIntoView({ block: "end" }));
    await count(page, "#posts", rows);
  }
  assert.equal((await ids(page, "#posts")).at(-1), "posts-921");
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.click("button:has-text('New post')");
  await count(page, "#posts", 60);
  assert.equal((await ids(page, "#posts")).at(0), "posts-1002");
  await page.$eval("#posts-1002", (row) => { row.mark = "the same element"; });
  await page.click("button:has-text('Start over')");
  await count(page, "#posts", 20);
  assert.deepEqual(await ids(page, "#posts"), numbered(1002, 20));
  assert.equal(await page.$eval("#posts-1002", (row) => row.mark), "the same element");
  await close();
}));

test("a stream's rows are the same before and after the socket joins, and after it joins again", () => withServer(testApp, async (server) => {
  const url = `${server.url}/streams?edit=insert+1+a,prepend+2+b,at+1+3+c,at+1+4+d,update+9+x,insert+5+e+limit+-4,prepend+6+f+limit+3`;
  const still = await open(url, { javaScriptEnabled: false });
  const first = await ids(still.page, "#items");
  assert.deepEqual(first, ["items-6", "items-4", "items-3"]);
  await still.close();
  const { page, joined, receivedOne, close } = await open(url);
  await joined();
  assert.deepEqual(await ids(page, "#items"), first);
  await push(page, "edit", { stream: "items", operations: ["insert 7 g", "delete 4"] });
  assert.deepEqual(await ids(page, "#items"), ["items-6", "items-3", "items-7"]);
  await page.evaluate(() => window.liveSocket.getSocket().conn.close(3000));
  await receivedOne((frame, socket) => socket === 1 && frame.includes("rendered"));
  await joined();
  assert.deepEqual(await ids(page, "#items"), first, "a new mount has the rows that it puts in");
  await close();
}));

test("a row that stands alone tells that a stream is empty", () => withServer(testApp, async (server) => {
  const { page, joined, close } = await open(`${server.url}/streams`);
  await joined();
  assert.ok(await page.isVisible("#no-notes"));
  await push(page, "edit", { stream: "notes", operations: ["insert 1 n"] });
  assert.ok(await page.isVisible("#notes-1"));
  assert.ok(!await page.isVisible("#no-notes"));
  assert.deepEqual(await ids(page, "#notes"), ["notes-1", "no-notes"], "a row is added before what is none");
  await push(page, "edit", { stream: "items", operations: ["insert 1 a"] });
  await push(page, "edit", { stream: "notes", operations: ["reset"] });
  assert.ok(await page.isVisible("#no-notes"));
  assert.deepEqual(await ids(page, "#items"), ["items-1"], "the other stream keeps its rows");
  await push(page, "show", { both: false });
  assert.equal(await page.$("#notes"), null);
  await push(page, "show", { both: true });
  assert.deepEqual(await ids(page, "#notes"), ["no-notes"]);
  await close();
}));

/** What operations mean, on an array: deletes first, each item once. */
function apply(list, operations) {
  for (const operation of operations) {
    const words = operation.split(" ");
    const verb = words.shift();
    if (verb === "reset") { list.length = 0; continue; }
    const at = { insert: list.length, prepend: 0, at: verb === "at" ? Number(words.shift()) : 0 }[verb];
    const [id, text, , limit] = words;
    const known = list.findIndex((row) => row.id === `items-${id}`);
    if (verb === "delete") { if (known >= 0) list.splice(known, 1); continue; }
    if (known >= 0) { list[known].text = text; continue; }
    if (verb === "update") continue;
    list.splice(at, 0, { id: `items-${id}`, text });
    if (limit !== undefined && Number(limit) >= 0) list.splice(Number(limit));
    if (limit !== undefined && Number(limit) < 0) list.splice(0, list.length + Number(limit));
  }
}

/** Numbers that look random and are the same in each run. */
function numbers(seed) {
  return (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}

test("random edits of a stream lead the real page to the list that they mean", () => withServer(testApp, async (server) => {
  const { page, joined, close } = await open(`${server.url}/streams`);
  await joined();
  const below = numbers(7);
  const list = [];
  for (let round = 0; round < 150; round += 1) {
    const operations = [];
    // One message does deletes first: they come first here, too. With an update it could be one of an item that goes.
    for (let deletes = below(3); deletes > 0; deletes -= 1) operations.push(`delete ${below(9)}`);
    if (below(12) === 0) operations.push("reset");
    for (let inserts = below(3); inserts > 0; inserts -= 1) {
      const verb = ["insert", "prepend", `at ${below(6)}`, "update"][below(operations.length > 0 ? 3 : 4)];
      operations.push(`${verb} ${below(9)} t${round}`);
    }
    const last = operations.at(-1);
    const isNew = last && !/update|delete|reset/.test(last) && operations.length === 1;
    if (isNew && below(2) === 0) operations[0] += ` limit ${below(11) - 5}`;
    apply(list, operations);
    await push(page, "edit", { stream: "items", operations });
    const shown = await page.$$eval("#items > li", (rows) => rows.map((row) => ({ id: row.id, text: row.textContent })));
    assert.deepEqual(shown, list, `after round ${round}: ${operations}`);
  }
  await close();
}));
