// Changes that are not saved: the page asks before it is left, once, and not when the view itself leads on.
import assert from "node:assert/strict";
import { isMarked, mark, open, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

/** A page whose form was changed, and the questions that it asks; `answers` are taken in order. */
const unsaved = (body) => () => withServer("tests/browser/hooks", async (server) => {
  const opened = await open(server.url);
  const { page } = opened;
  const asked = [];
  const answers = [];
  page.on("dialog", async (dialog) => {
    asked.push(`${dialog.type()} ${dialog.message()}`.trim());
    if (answers.shift()) await dialog.accept();
    else await dialog.dismiss();
  });
  await opened.joined();
  await mark(page);
  await page.click("#letter [name=text]");
  await page.keyboard.type("Dear");
  await page.waitForSelector("[data-unsaved-changes]");
  await body({ ...opened, asked, answers, url: server.url });
  await opened.close();
});

/** Waits until so many questions were asked. */
const asks = async (asked, count) => {
  for (let tries = 0; asked.length < count && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(asked.length, count, asked.join());
};
const question = "confirm Leave without saving?";
const press = (page, name) => page.click(`button:text-is("${name}")`);
/** The page lives: its view answers. */
const lives = async (page) => {
  const before = await page.textContent("#life");
  await press(page, "Count");
  await page.waitForFunction((before) => document.querySelector("#life").textContent !== before, before);
};

test("a live navigation asks, and goes on when it may", unsaved(async ({ page, asked, answers, url }) => {
  answers.push(false, true);
  await page.click("a:text-is('Second')");
  assert.deepEqual(asked, [question]);
  assert.equal(page.url(), `${url}/`);
  assert.equal(await page.inputValue("#letter [name=text]"), "Dear");
  await lives(page);
  await page.click("a:text-is('Second')");
  await page.waitForURL(`${url}/second`);
  await page.waitForFunction(() => !document.querySelector("[data-unsaved-changes]"));
  assert.deepEqual(asked, [question, question]);
  assert.ok(await isMarked(page), "it was not loaded");
  await page.goBack();
  await page.waitForURL(`${url}/`);
  assert.equal(asked.length, 2, "there is nothing to ask any more");
}));

test("going back asks, and the address stays when it may not", unsaved(async ({ page, asked, answers, url }) => {
  answers.push(true, false, true);
  await page.click("a:text-is('Second')");
  await page.waitForURL(`${url}/second`);
  await page.waitForFunction(() => document.querySelector("#letter [name=text]").value === "");
  await page.click("#letter [name=text]");
  await page.keyboard.type("Dear");
  await page.waitForSelector("[data-unsaved-changes]");
  await page.goBack();
  await asks(asked, 2);
  await page.waitForURL(`${url}/second`);
  await lives(page);
  await page.goBack();
  await asks(asked, 3);
  await page.waitForURL(`${url}/`);
  await page.waitForFunction(() => document.querySelector("#letter [name=text]").value === "");
}));

test("a link that is loaded asks once, and the page lives on when it may not", unsaved(async ({ page, asked, answers, url }) => {
  answers.push(false, true);
  await page.click("#loaded");
  assert.deepEqual(asked, [question]);
  await lives(page);
  await page.click("#loaded");
  await page.waitForURL(`${url}/second`);
  await page.waitForSelector("[data-phx-main].phx-connected");
  assert.deepEqual(asked, [question, question], "the browser does not ask again");
  assert.ok(!await isMarked(page));
}));

test("leaving by the browser's own means asks in its words", unsaved(async ({ page, asked, answers }) => {
  answers.push(false, true);
  await page.evaluate(() => { setTimeout(() => location.reload(), 0); });
  await page.waitForFunction(() => true);
  await lives(page);
  assert.deepEqual(asked, ["beforeunload"]);
  await page.reload();
  assert.deepEqual(asked, ["beforeunload", "beforeunload"]);
}));

test("another form that would leave asks, the form that is not saved does not", unsaved(async ({ page, asked, answers, url }) => {
  answers.push(false, true);
  await press(page, "Send");
  assert.deepEqual(asked, [question]);
  await lives(page);
  await press(page, "Save");
  await page.waitForFunction(() => !document.querySelector("[data-unsaved-changes]"));
  await press(page, "Send");
  await page.waitForURL(`${url}/second?`);
  assert.deepEqual(asked, [question]);
}));

test("a patch, and what the view itself leads to, do not ask", unsaved(async ({ page, asked, url }) => {
  await page.click("a:text-is('More')");
  await page.waitForURL(`${url}/?more`);
  await press(page, "Save and go");
  await page.waitForURL(`${url}/second`);
  assert.ok(await isMarked(page));
  await page.waitForFunction(() => document.querySelector("#letter [name=text]").value === "");
  await page.click("#letter [name=text]");
  await page.keyboard.type("Dear");
  await page.waitForSelector("[data-unsaved-changes]");
  await press(page, "Save and leave");
  await page.waitForFunction(() => !window.mark);
  await page.waitForSelector("[data-phx-main].phx-connected");
  assert.deepEqual(asked, []);
}));
