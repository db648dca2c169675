// Every binding of the client: what a person does, the frame that it becomes, and what the page shows then.
import assert from "node:assert/strict";
import { open, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const app = "tests/browser/app";

/** Runs `body` with a page that has every binding, joined. */
const withBindings = (body, { query = "", ...options } = {}) => withServer(app, async (server) => {
  const opened = await open(`${server.url}/bindings${query}`, options);
  await opened.joined();
  // Those of `phx-mounted` and `phx-connected` are the first.
  await opened.page.waitForFunction(() => document.querySelector("#count").textContent === "2");
  await body(opened);
  await opened.close();
});

/** The payloads of the events that a page has sent since it was joined. */
const events = (sent) =>
  sent.map((frame) => JSON.parse(frame)).filter(([, , , event]) => event === "event").map(([, , , , payload]) => payload);

/** Does something, and compares the events that it sends with these; each is answered. */
async function sends({ frames }, action, expected) {
  const { sent, received } = await frames(action);
  assert.deepEqual(events(sent), expected);
  for (const frame of received) assert.equal(JSON.parse(frame)[4].status, "ok", frame);
}

/** What the view and its components were told, in their order. */
const said = (page) => page.$$eval("#said > li", (entries) => entries.map((entry) => entry.textContent));
const lastSaid = async (page) => (await said(page)).at(-1);

const click = (event, value, rest = {}) => ({ type: "click", event, value, ...rest });
const typed = (type, event, value) => ({ type, event, value });
const form = (event, value, meta, rest = {}) => ({ type: "form", event, value, meta, ...rest });

test("a click sends its values as texts, with the element's own", () => withBindings(async (opened) => {
  const { page } = opened;
  await sends(opened, () => page.click("#click"), [click("clicked", { id: "7", "two-words": "<b> & \"c\"", value: "" })]);
  assert.equal(await lastSaid(page), "view clicked {\"id\":\"7\",\"two-words\":\"<b> & \\\"c\\\"\",\"value\":\"\"}");
  await sends(opened, () => page.click("#item"), [click("clicked", { value: 3 })]);
}));

test("a click elsewhere is told to what it is away from, and only while that is shown", () => withBindings(async (opened) => {
  const { page } = opened;
  await sends(opened, () => page.click("#said"), [click("left", { from: "away" })]);
  await sends(opened, () => page.click("#away"), []);
  await page.$eval("#away", (away) => { away.hidden = true; });
  await sends(opened, () => page.click("#said"), []);
}, { query: "?away" }));

test("commands run at once and push values of every kind", () => withBindings(async (opened) => {
  const { page } = opened;
  await sends(opened, () => page.click("#push"), [click("pushed", { deep: { list: [1, null, "ü"] }, value: "" })]);
  await sends(opened, async () => {
    await page.click("#optimistic");
    await page.waitForSelector("#optimistic.chosen");
    await page.waitForSelector("#item", { state: "hidden" });
  }, [click("chosen", { value: "" })]);
  // What a command has done stays when the view renders again.
  assert.ok(await page.$eval("#optimistic", (button) => button.classList.contains("chosen")));
}));

test("focus and blur are sent with the field's value", () => withBindings(async (opened) => {
  const { page } = opened;
  await sends(opened, () => page.focus("#field"), [typed("focus", "focused", { of: "field", value: "in it" })]);
  await page.keyboard.type("!");
  await sends(opened, () => page.focus("#keys"), [typed("blur", "blurred", { of: "field", value: "!in it" })]);
}));

test("keys are sent with their name, and filtered by it whatever its case", () => withBindings(async (opened) => {
  const { page } = opened;
  await sends(opened, () => page.press("#keys", "x"), [
    typed("keydown", "down", { key: "x", value: "typed" }),
    typed("keyup", "up", { key: "x", value: "xtyped" }),
  ]);
  assert.equal(await lastSaid(page), "view up {\"key\":\"x\",\"value\":\"xtyped\"}");
  await sends(opened, () => page.press("#enter", "a"), []);
  await sends(opened, () => page.press("#enter", "Enter"), [typed("keydown", "down", { key: "Enter", value: "a" })]);
  await sends(opened, () => page.press("#escape", "Escape"), [typed("keyup", "up", { key: "Escape", value: "" })]);
}));

test("keys of the window are sent wherever the focus is, filtered as well", () => withBindings(async (opened) => {
  const { page } = opened;
  const up = (key) => typed("keyup", "window-up", { key });
  await page.focus("#click");
  await sends(opened, () => page.keyboard.press("ArrowUp"), [
    typed("keydown", "window-down", { key: "ArrowUp", by: "10" }), up("ArrowUp"),
  ]);
  await sends(opened, () => page.keyboard.press("b"), [up("b")]);
}, { query: "?window" }));

test("the window's focus and blur are sent", () => withBindings(async (opened) => {
  const { page } = opened;
  await sends(opened, () => page.evaluate(() => window.dispatchEvent(new Event("blur"))), [typed("blur", "window-blurred", {})]);
  await sends(opened, () => page.evaluate(() => window.dispatchEvent(new Event("focus"))), [typed("focus", "window-focused", {})]);
}, { query: "?window" }));

test("a change sends the whole form, and that of one input the input alone", () => withBindings(async (opened) => {
  const { page } = opened;
  await sends(opened, () => page.fill("#name", "Ann & Bo"), [
    form("changed", "person%5Bname%5D=Ann+%26+Bo&person%5B_unused_own%5D=&person%5Bown%5D=", { page: "one", _target: "person[name]" }, { uploads: {} }),
  ]);
  assert.equal(await lastSaid(page), "view changed person[name]=Ann & Bo person[_unused_own]= person[own]= _target=person[name] page=one");
  await sends(opened, () => page.fill("#own", "x"), [
    form("own-changed", "person%5Bown%5D=x", { page: "one", _target: "person[own]" }, { uploads: {} }),
  ]);
}));

test("a form is submitted with the button that did it", () => withBindings(async (opened) => {
  const { page } = opened;
  await page.fill("#name", "Ann");
  await page.click("#drop");
  await page.waitForFunction(() => document.querySelector("#said > li:last-child").textContent.startsWith("view submitted"));
  assert.equal(await lastSaid(page), "view submitted person[name]=Ann person[own]= act=drop page=one");
  const submit = (act) => form("submitted", `person%5Bname%5D=Ann&person%5Bown%5D=&act=${act}`, { page: "one" });
  await sends(opened, () => page.click("#keep"), [submit("keep")]);
  // Enter is a click on the first button.
  await sends(opened, () => page.press("#name", "Enter"), [submit("keep")]);
}));

test("a debounced input is sent when it has been left alone for so long, or at once when it is left or submitted", () => withBindings(async (opened) => {
  const { page, sent } = opened;
  const begin = sent().length;
  const now = () => events(sent().slice(begin)).map(({ value }) => value);
  const began = performance.now();
  await page.focus("#late");
  await page.keyboard.type("abc", { delay: 40 });
  assert.deepEqual(now(), []);
  await page.waitForFunction(() => document.querySelector("#said > li:last-child").textContent.includes("late=abc"));
  assert.ok(performance.now() - began > 400, "it has waited");
  assert.equal(now().length, 1);
  await page.keyboard.type("d");
  await page.focus("#on-blur");
  assert.equal(now().length, 2, "left");
  assert.match(now()[1], /^late=abcd&/);
  await page.keyboard.type("e");
  await page.focus("#late");
  assert.equal(now().length, 3, "left, where nothing else sends it");
  assert.match(now()[2], /&on-blur=e&/);
  await page.keyboard.type("f");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(600);
  assert.deepEqual(events(sent().slice(begin)).map(({ event }) => event), ["changed", "changed", "changed", "submitted"]);
}));

test("a throttled binding is sent at once, and then not for so long", () => withBindings(async (opened) => {
  const { page } = opened;
  const clicks = async () => { for (let click = 0; click < 4; click += 1) await page.$eval("#throttled", (button) => button.click()); };
  await sends(opened, clicks, [click("clicked", { value: "" })]);
  await page.waitForTimeout(700);
  await sends(opened, () => page.$eval("#throttled", (button) => button.click()), [click("clicked", { value: "" })]);
  await page.focus("#repeats");
  // A key that is held down repeats; another key is another matter.
  const down = (key) => page.keyboard.down(key);
  await sends(opened, async () => { await down("a"); await down("a"); await down("a"); await down("b"); }, [
    typed("keydown", "down", { key: "a", value: "" }),
    typed("keydown", "down", { key: "b", value: "aaa" }),
  ]);
}));

test("a throttled input sends its first change at once and its last when the time is over", () => withBindings(async (opened) => {
  const { page, sent } = opened;
  const begin = sent().length;
  await page.focus("#soon");
  await page.keyboard.type("abc");
  await page.waitForTimeout(600);
  const values = events(sent().slice(begin)).map(({ value }) => value.match(/(?:^|&)soon=(.*)/)[1]);
  assert.equal(values[0], "a");
  assert.ok(values.length < 3, `${values}`);
}));

test("what appears says so once, and what goes stays until its transition is over", () => withBindings(async (opened) => {
  const { page, sent } = opened;
  assert.ok(await page.$eval("#shown", (shown) => shown.classList.contains("grown")));
  const begin = sent().length;
  const since = () => events(sent().slice(begin));
  await page.$eval("#hide", (button) => button.click());
  await page.waitForFunction(() => document.querySelector("#shown")?.classList.contains("fade-out"));
  await page.waitForSelector("#shown", { state: "detached" });
  await page.$eval("#show", (button) => button.click());
  await page.waitForSelector("#shown.grown");
  await page.waitForFunction(() => document.querySelector("#said > li:last-child").textContent.startsWith("view mounted"));
  assert.deepEqual(since().map(({ type, event }) => [type, event]), [
    ["click", "show"], ["remove", "removed"], ["click", "show"], [null, "mounted"],
  ]);
}));

test("commands of the connection run when it comes and goes", () => withBindings(async ({ page, sockets }) => {
  const state = (state) => page.waitForSelector(`#connection[data-state=${state}]`, { state: "attached" });
  await state("connected");
  assert.deepEqual(await said(page), ["view mounted {}", "view connected {}"]);
  await page.evaluate(() => {
    new MutationObserver(() => { (window.states ??= []).push(document.querySelector("#connection").dataset.state); })
      .observe(document.querySelector("#connection"), { attributes: true, attributeFilter: ["data-state"] });
    window.liveSocket.disconnect();
  });
  await state("disconnected");
  await page.evaluate(() => window.liveSocket.connect());
  await state("connected");
  assert.deepEqual(await page.evaluate(() => window.states), ["disconnected", "connected"]);
  await page.waitForFunction(() => document.querySelector("#said > li:last-child")?.textContent === "view connected {}");
  assert.equal(sockets.length, 2);
}, { expectErrors: [/WebSocket/] }));

test("a target is a component by its number, or what a selector finds, each with a message of its own", () => withBindings(async (opened) => {
  const { page } = opened;
  const of = (value, cid) => click("told", { of: value, value: "" }, { cid });
  await sends(opened, () => page.click("#pad-second .own"), [of("own", 2)]);
  await sends(opened, () => page.click("#to-one"), [click("told", { value: "" }, { cid: 1 })]);
  await sends(opened, () => page.click("#to-inside"), [click("told", { value: "" }, { cid: 2 })]);
  await sends(opened, () => page.click("#to-all"), [of("all", 1), of("all", 2), of("all", 3)]);
  await sends(opened, () => page.click("#pad-first .views"), [click("told", { value: "" })]);
  const told = (pad) => page.$eval(`#pad-${pad}`, (pad) => [pad.querySelector("em").textContent, pad.querySelector("b").textContent]);
  assert.deepEqual(await told("first"), ["told {\"of\":\"all\",\"value\":\"\"}", "2"]);
  assert.deepEqual(await told("second"), ["told {\"of\":\"all\",\"value\":\"\"}", "3"]);
  assert.deepEqual(await told("third"), ["told {\"of\":\"all\",\"value\":\"\"}", "1"]);
  // An element of no component is the view's.
  await sends(opened, () => page.click("#to-main"), [click("told", { value: "" })]);
  assert.equal(await lastSaid(page), "view told {\"value\":\"\"}");
  await sends(opened, () => page.click("#to-nobody"), []);
}, { expectErrors: [/nothing found matching|no element/i] }));

test("a form whose target is a selector sends changes to each that it finds, and is submitted to the first", () => withBindings(async (opened) => {
  const { page } = opened;
  await page.focus("#shared");
  await sends(opened, () => page.keyboard.type("a"), [1, 2, 3].map((cid) =>
    form("changed", "shared=a", { _target: "shared" }, { uploads: {}, cid })));
  await sends(opened, () => page.keyboard.press("Enter"), [form("submitted", "shared=a", {}, { cid: 1 })]);
  assert.deepEqual(await page.$$eval(".pad em", (pads) => pads.map((pad) => pad.textContent)),
    ["submitted shared=a", "changed shared=a _target=shared", "changed shared=a _target=shared"]);
}));

test("the ends of a list ask for more as they are reached, and for the beginning when it was scrolled past", () => withBindings(async (opened) => {
  const { page, sent } = opened;
  const scroll = (to) => page.$eval("#scroll", (list, to) => { list.scrollTop = to; }, to);
  const rows = () => page.$$eval("#rows > li", (rows) => [rows.length, rows[0].id, rows.at(-1).id]);
  const begin = sent().length;
  const since = () => events(sent().slice(begin));
  assert.deepEqual(await rows(), [30, "rows-1", "rows-30"]);
  await page.$eval("#scroll", (list) => list.scrollIntoView());
  await scroll(10_000);
  await page.waitForSelector("#rows-40", { state: "attached" });
  assert.deepEqual(await rows(), [30, "rows-11", "rows-40"]);
  assert.deepEqual(since(), [typed("js", "next", { id: "rows-30", by: 10 })]);
  // The row that asked stays where it is in the page.
  const [list, row] = await page.$$eval("#scroll, #rows-30", (both) => both.map((element) => element.getBoundingClientRect().bottom));
  assert.ok(Math.abs(list - row) < 3, `${list} and ${row}`);
  await page.waitForTimeout(600);
  await scroll(0);
  await page.waitForSelector("#rows-1", { state: "attached" });
  assert.deepEqual(since().slice(1), [
    typed("js", "previous", { id: "rows-11", _overran: true }), typed("js", "previous", { id: "rows-11" }),
  ]);
}));
