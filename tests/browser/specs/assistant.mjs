// The assistant, with the made-up model: answers stream in while one types, are stopped, and fail.
import assert from "node:assert/strict";
import { inEveryLook, open, withCopy, withRunning, withWayTo } from "../browser.mjs";
import { test } from "../runner.mjs";
import { serve, start } from "../server.mjs";

/** Runs `body` with the server of an assistant that asks a model of its own. */
const withAssistant = (body) => withRunning(start("assistant-model", ["127.0.0.1:0"]), (model) =>
  withCopy("examples/assistant", ({ folder, read, write }) => {
    const address = `127.0.0.1:${model.port}`;
    write("hothouse.toml", read("hothouse.toml").replaceAll("127.0.0.1:4010", address));
    return withRunning(serve(folder, { flags: ["--allow-private-host", address] }), body);
  }));

async function conversation(url, options) {
  const opened = await open(url, options);
  await opened.joined();
  return opened;
}

async function ask(page, question) {
  await page.locator("#ask input").fill(question);
  await page.keyboard.press("Enter");
  await page.locator("#log .user", { hasText: question }).last().waitFor();
  // However quickly Enter came.
  await page.waitForFunction(() => document.querySelector("#ask input").value === "");
}

const answer = (page, text) => page.locator("#answer", { hasText: text }).waitFor();
const said = (page, text) => page.locator("#log .assistant", { hasText: text }).waitFor();

test("an answer streams in while one types the next question", () => withAssistant(async ({ url }) => {
  const { page, close } = await conversation(url);
  await ask(page, "A long story");
  await answer(page, "word20 ");
  await page.keyboard.type("And then?");
  await answer(page, "word60 ");
  assert.equal(await page.locator("#ask input").inputValue(), "And then?");
  await said(page, "word2000");
  const words = (await page.textContent("#log .assistant")).trim().split(" ");
  assert.deepEqual(words, Array.from({ length: 2_000 }, (_, index) => `word${index + 1}`));
  await page.keyboard.press("Enter");
  await said(page, "Question 2, \"And then?\"");
  // What a model says is text.
  await said(page, "but <b>no</b> midday sun");
  assert.equal(await page.locator("#log b").count(), 0);
  await close();
}));

test("tokens are sent as they are, and nothing is sent twice", () => withAssistant(async ({ url }) => {
  const { page, received, close } = await conversation(url);
  const before = received().length;
  await ask(page, "A long story");
  await said(page, "word2000");
  const bytes = received().slice(before).reduce((sum, frame) => sum + frame.length, 0);
  const text = (await page.textContent("#log .assistant")).length;
  // Each piece as it came, and all of it once more when it joins the conversation; the rest is frames around pieces.
  assert.ok(bytes < 2 * text + 2_000 * 120, `${bytes} bytes for ${text} characters`);
  await close();
}));

test("the next answer begins empty, and the page follows it to its end", () => withAssistant(async ({ url }) => {
  const { page, close } = await conversation(url);
  await ask(page, "How do I keep a fern?");
  await said(page, "Everything else is patience.");
  await ask(page, "A long story");
  await answer(page, "word200 ");
  assert.match(await page.textContent("#answer"), /^word1 word2 /);
  // Its end and the form are both to be seen.
  const [end, form] = await page.evaluate(() => ["#answer", "#ask"].map((of) => document.querySelector(of).getBoundingClientRect().bottom));
  const { height } = page.viewportSize();
  assert.ok(end < form && form <= height, `the answer ends at ${end}, the form at ${form} of ${height}`);
  await close();
}));

test("an answer that is stopped stays as far as it came, and the next one comes", () => withAssistant(async ({ url }) => {
  const { page, close } = await conversation(url);
  await ask(page, "A long story");
  await answer(page, "word20 ");
  await page.click("text=Stop");
  await page.waitForSelector("#answer", { state: "detached" });
  await said(page, "word20 ");
  assert.doesNotMatch(await page.textContent("#log"), /word2000/);
  await ask(page, "How do I keep a fern?");
  await said(page, "Everything else is patience.");
  await close();
}));

test("what goes wrong at the model is told, and asked again with a click", () => withAssistant(async ({ url }) => {
  const { page, close } = await conversation(url);
  await ask(page, "Please fail");
  await page.waitForSelector('[role=alert]:has-text("503")');
  await page.$eval("[role=alert]", (alert) => { alert.isFormer = true; });
  await page.click("text=Ask again");
  await page.waitForFunction(() => {
    const alert = document.querySelector("[role=alert]");
    return alert && !alert.isFormer && alert.textContent.includes("503");
  });
  await ask(page, "Now break off");
  await page.waitForSelector('[role=alert]:has-text("The model has broken off.")');
  await said(page, "Question 2");
  await close();
}));

test("a conversation is at its address, for whoever comes back to it, and another one begins empty", () => withAssistant(async ({ url }) => {
  const { page, joined, close } = await conversation(url, { expectErrors: [/404/] });
  await ask(page, "How do I keep a fern?");
  await said(page, "Everything else is patience.");
  await page.waitForURL(/conversations\/[0-9a-f]{32}$/);
  await page.reload();
  await joined();
  await said(page, "Everything else is patience.");
  await ask(page, "And an orchid?");
  await said(page, "Question 2");
  await page.click("text=New conversation");
  await page.waitForSelector("#nothing-said", { state: "visible" });
  assert.equal(await page.locator("#log .said").count(), 0);
  await page.goBack();
  await said(page, "Question 2");
  const answered = await page.goto(`${url}/conversations/none`);
  assert.equal(answered.status(), 404);
  await close();
}));

test("two people have two conversations", () => withAssistant(async ({ url }) => {
  const [ann, bob] = [await conversation(url), await conversation(url)];
  await ask(ann.page, "A long story");
  await answer(ann.page, "word20 ");
  await ask(bob.page, "How do I keep a fern?");
  await said(bob.page, "Question 1");
  assert.doesNotMatch(await bob.page.textContent("main"), /word/);
  await said(ann.page, "word2000");
  await ann.close();
  await bob.close();
}));

test("a conversation whose connection was lost in the middle of an answer can go on", () => withAssistant((server) =>
  withWayTo(server, async (way) => {
    const { page, joined, close } = await conversation(way.url, { expectErrors: [/WebSocket/] });
    await ask(page, "A long story");
    await answer(page, "word20 ");
    await page.keyboard.type("And then?");
    way.cut();
    await page.waitForSelector('[role=alert]:has-text("The answer has not come.")');
    await joined();
    await page.waitForSelector('#log .user:has-text("A long story")');
    assert.equal(await page.locator("#ask input").inputValue(), "And then?");
    await page.click("text=Ask again");
    await answer(page, "word20 ");
    await page.click("text=Stop");
    await page.waitForSelector("#answer", { state: "detached" });
    await ask(page, "How do I keep a fern?");
    await said(page, "Everything else is patience.");
    await close();
  })));

test("a conversation is without barriers, empty, while an answer comes, and when none does", () => withAssistant(({ url }) =>
  inEveryLook(url, async (page, isReadable) => {
    await isReadable();
    await ask(page, "A long story");
    await answer(page, "word20 ");
    await isReadable();
    await page.click("text=Stop");
    await page.waitForSelector("#answer", { state: "detached" });
    await ask(page, "Please fail");
    await page.waitForSelector("[role=alert]");
    await isReadable();
  })));
