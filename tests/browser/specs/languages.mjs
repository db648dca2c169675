// The same view in every language: one suite, run unchanged on each of them.
import assert from "node:assert/strict";
import { open, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const variants = ["rust", "typescript", "python", "c", "go", "spidermonkey", "typescript-html", "python-html", "go-html"];

for (const variant of variants) {
  test(`the view in ${variant} counts, keeps rows, checks a form, refuses, and comes back when it breaks`, () =>
    withServer("examples/languages", async (server) => {
      const { page, joined, close } = await open(`${server.url}/${variant}`, {
        expectErrors: [/view crashed|phx_error|channel_crash/],
      });
      await joined();
      const count = () => page.textContent("#count");
      const rows = () => page.$$eval("#history > li", (rows) => rows.map((row) => `${row.id} ${row.querySelector("span").textContent}`));
      const click = (name) => page.click(`button[phx-click='${name}']`);
      const countIs = (number) => page.waitForFunction((number) => document.querySelector("#count").textContent === number, number);

      await click("increment");
      await countIs("1");
      await click("increment");
      await countIs("2");
      await click("decrement");
      await countIs("1");
      assert.deepEqual(await rows(), ["entry-3 -1: 1", "entry-2 +1: 2", "entry-1 +1: 1"]);

      await page.click("#entry-2 button");
      await page.waitForSelector("#entry-2", { state: "detached" });
      assert.deepEqual(await rows(), ["entry-3 -1: 1", "entry-1 +1: 1"]);

      await page.fill("input[name='name']", "a name that is far too long");
      await page.waitForSelector("#name-error:has-text('at most 20 characters')");
      await page.fill("input[name='name']", "");
      await page.waitForSelector("#name-error:has-text('required')");
      await page.fill("input[name='name']", "<b>Zoë</b>");
      await page.waitForSelector("#name-error", { state: "detached" });
      assert.equal(await page.inputValue("input[name='name']"), "<b>Zoë</b>");
      assert.equal(await page.$("form b"), null);

      await click("refuse");
      await page.waitForSelector("#hothouse-notices p:has-text('refused, as asked')");
      assert.equal(await count(), "1");

      await page.evaluate(() => { window.mark = "the same page"; });
      for (const breaks of ["trap", "spin", "grow"]) {
        await click(breaks);
        await countIs("0");
        await joined();
        assert.deepEqual(await rows(), []);
        await click("increment");
        await countIs("1");
      }
      assert.equal(await page.evaluate(() => window.mark), "the same page");
      assert.match(server.log(), /trap, as asked/);
      await close();
    }));
}
