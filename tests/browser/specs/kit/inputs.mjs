// Inputs: their labels and what describes them, what is sent, and what stays when the view renders.
import assert from "node:assert/strict";
import { test } from "../../runner.mjs";
import { focused, inputs } from "./page.mjs";

/** What is wrong with an input, as it is described. */
const wrong = (page, selector) => page.$eval(selector, (element) => element.getAttribute("aria-describedby").split(" ")
  .map((id) => document.getElementById(id)).find((element) => element.id.endsWith("-errors")).textContent);
/** The fields of the last event, in their order. */
const fields = (frames) => new URLSearchParams(JSON.parse(frames.sent.at(-1))[4].value);

/** An order that is right but for what is given. */
async function fill(page) {
  await page.getByLabel("Name").fill("Ann");
  await page.getByLabel("Email").fill("ann@example.org");
  await page.getByLabel("Secret word").fill("monstera");
  await page.getByLabel("Country").selectOption("Kenya");
  await page.getByLabel("Day").fill("2030-04-01");
  await page.getByLabel("A bag of soil").check();
  await page.getByLabel("Rooms").selectOption(["Kitchen", "Balcony"]);
  await page.getByLabel("Plant", { exact: true }).fill("Palm");
  await page.getByLabel("I have read what plants need").check();
}

test("every input has a label and is described by elements that are there", inputs(async ({ page }) => {
  const nameless = await page.$$eval("#order :is(input:not([type=hidden]), select, textarea)", (elements) =>
    elements.filter((element) => element.labels.length !== 1 || element.labels[0].textContent.trim() === "").map(({ id }) => id));
  assert.deepEqual(nameless, []);
  const missing = await page.$$eval("#order [aria-describedby], #order [aria-labelledby]", (elements) =>
    elements.flatMap((element) => `${element.getAttribute("aria-describedby") ?? ""} ${element.getAttribute("aria-labelledby") ?? ""}`
      .split(" ").filter((id) => id && !document.getElementById(id))));
  assert.deepEqual(missing, []);
  assert.equal(await page.getByRole("radiogroup", { name: "Delivery" }).count(), 1);
  assert.equal(await page.getByRole("group", { name: "Extras" }).count(), 1);
  for (const name of ["Name", "Email", "Secret word", "Country", "Day", "Boxes", "Rooms"]) {
    assert.equal(await page.getByLabel(name).getAttribute("required"), "", name);
  }
}));

test("an error comes and goes, and the input stays the same element with its focus, its text and its caret",
  inputs(async ({ page, frames }) => {
    const name = "[name='order[name]']";
    await page.$eval(name, (input) => { input.mark = "the same"; });
    await page.focus(name);
    await page.keyboard.type("Ann");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    for (const [key, error] of [["x".repeat(80), "must have at most 80 characters"], ["", ""]]) {
      if (key) {
        const { received } = await frames(() => page.keyboard.insertText(key));
        assert.ok(received[0].length <= 400, `${received[0].length} bytes: ${received[0]}`);
      }
      else await frames(async () => { for (let times = 0; times < 80; times += 1) await page.keyboard.press("Backspace"); });
      await page.waitForFunction(([selector, is]) => document.querySelector(selector).hasAttribute("aria-invalid") === is, [name, Boolean(error)]);
      assert.equal(await wrong(page, name), error);
      assert.deepEqual(await page.$eval(name, (input) => [input.mark, input === document.activeElement, input.value.replace(/x/g, ""), input.selectionStart]),
        ["the same", true, "Ann", key ? 81 : 1]);
    }
  }));

test("errors are said where somebody has been, and everywhere once it was submitted", inputs(async ({ page, frames }) => {
  const invalid = () => page.$$eval("#order [aria-invalid]", (elements) => elements.map(({ id }) => id));
  assert.deepEqual(await invalid(), []);
  await frames(async () => {
    await page.focus("[name='order[email]']");
    await page.keyboard.type("ann");
    await page.keyboard.press("Tab");
  });
  await page.waitForSelector("[name='order[email]'][aria-invalid=true]");
  assert.deepEqual(await invalid(), ["order_email"]);
  assert.equal(await wrong(page, "[name='order[email]']"), "is not an email address");
  await page.click("button[type=submit]");
  await page.waitForSelector("[name='order[name]'][aria-invalid=true]");
  const all = await invalid();
  assert.deepEqual(all.filter((id) => !/^order_(extras-|lines_)/.test(id)),
    ["order_name", "order_email", "order_secret", "order_country", "order_day", "order_rooms", "order_terms"]);
  assert.equal(all.filter((id) => id.startsWith("order_extras-")).length, 3, "each box of a group that is wrong");
  assert.equal(await wrong(page, "#order_extras"), "choose one or two");
}));

test("what is filled in by label is sent, and the form begins anew", inputs(async ({ page, frames }) => {
  await fill(page);
  await page.getByLabel("By our van").check();
  await page.getByLabel("Height").fill("150");
  await page.getByLabel("Colour of the pots").fill("#336699");
  await page.getByLabel("Note").fill("\nSecond line");
  await page.waitForSelector("#order_height-description:has-text('150 cm')");
  const sent = fields(await frames(() => page.click("button[type=submit]")));
  const expected = {
    "order[name]": ["Ann"], "order[country]": ["ke"], "order[day]": ["2030-04-01"], "order[delivery]": ["van"],
    "order[extras][]": ["", "soil"], "order[rooms][]": ["", "Kitchen", "Balcony"], "order[height]": ["150"], "order[pot]": ["#336699"],
    "order[terms]": ["false", "true"], "order[lines][0][plant]": ["Palm"],
  };
  for (const [name, values] of Object.entries(expected)) assert.deepEqual(sent.getAll(name), values, name);
  assert.match(sent.get("order[note]"), /^\r?\nSecond line$/, "the first line break stays");
  await page.waitForSelector("#flash-success:has-text('Thank you, Ann: 1 × Palm is on its way.')");
  assert.equal(await page.textContent("#sent"), "1 ordered");
  assert.equal(await page.getByLabel("Name").inputValue(), "");
  assert.equal(await page.getByLabel("I have read what plants need").isChecked(), false);
  assert.equal(await page.getByLabel("By post").isChecked(), true);
  assert.deepEqual(await page.$$eval("#order [aria-invalid]", (elements) => elements.length), 0);
}));

test("what is wrong with the whole is said once, and gone when something is typed", inputs(async ({ page, frames }) => {
  await fill(page);
  await page.getByLabel("Height").fill("150");
  await frames(() => page.click("button[type=submit]"));
  await page.waitForSelector("#order-errors:has-text('does not go by post')");
  await page.getByLabel("By our van").check();
  await page.waitForFunction(() => document.querySelector("#order-errors").textContent === "");
}));

test("groups send what is chosen, and something when nothing is", inputs(async ({ page, frames }) => {
  const extras = async (action) => fields(await frames(action)).getAll("order[extras][]");
  assert.deepEqual(await extras(() => page.getByLabel("Gift wrap").check()), ["", "wrap"]);
  assert.deepEqual(await extras(() => page.getByLabel("A card").check()), ["", "card", "wrap"]);
  await page.getByLabel("Gift wrap").uncheck();
  assert.deepEqual(await extras(() => page.getByLabel("A card").uncheck()), [""]);
  await page.waitForSelector("#order_extras-errors:has-text('choose one or two')");
  const rooms = async (values) => fields(await frames(() => page.getByLabel("Rooms").selectOption(values))).getAll("order[rooms][]");
  assert.deepEqual(await rooms(["Bedroom", "Bathroom"]), ["", "Bedroom", "Bathroom"]);
  assert.deepEqual(await rooms([]), [""]);
  assert.deepEqual(fields(await frames(() => page.getByLabel("I have read what plants need").check())).getAll("order[terms]"), ["false", "true"]);
  assert.deepEqual(fields(await frames(() => page.getByLabel("I have read what plants need").uncheck())).getAll("order[terms]"), ["false"]);
}));

test("radio buttons are gone through with the arrow keys, and what is disabled is left out", inputs(async ({ page, frames }) => {
  await page.getByLabel("By post").focus();
  assert.equal(fields(await frames(() => page.keyboard.press("ArrowDown"))).get("order[delivery]"), "van");
  await focused(page, "#order_delivery-1:checked");
  assert.equal(fields(await frames(() => page.keyboard.press("ArrowDown"))).get("order[delivery]"), "post");
  await focused(page, "#order_delivery-0:checked");
}));

test("the tabulator goes through the form in the order in which it is read", inputs(async ({ page }) => {
  await page.focus("[name='order[name]']");
  const seen = [];
  for (let step = 0; step < 40; step += 1) {
    const name = await page.evaluate(() => {
      const { activeElement: element } = document;
      return element.labels?.[0]?.textContent || element.ariaLabel || element.textContent.trim();
    });
    if (name === "All examples") break;
    // A date has several parts.
    if (seen.at(-1) !== name) seen.push(name);
    await page.keyboard.press("Tab");
  }
  assert.deepEqual(seen, [
    "Name", "Email", "Secret word", "Telephone", "Website", "Plant", "How many", "Move up", "Move down", "Remove", "Add a plant",
    "Country", "Day", "Time", "By post", "A card", "A bag of soil", "Gift wrap", "Boxes", "Colour of the pots", "Height", "Rooms", "Note",
    "I have read what plants need", "Order",
  ]);
}));

test("the form goes back to what it was", inputs(async ({ page, frames }) => {
  await frames(() => fill(page));
  await page.click("button:has-text('Start over')");
  await page.waitForSelector("button:has-text('Start over'):disabled");
  assert.equal(await page.getByLabel("Name").inputValue(), "");
  assert.equal(await page.getByLabel("Country").inputValue(), "");
  assert.equal(await page.getByLabel("A bag of soil").isChecked(), false);
  assert.deepEqual(await page.getByLabel("Rooms").evaluate((select) => [...select.selectedOptions].map(({ value }) => value)), []);
}));
