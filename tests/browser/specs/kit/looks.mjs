// The kit's style sheet, and an app's own.
import assert from "node:assert/strict";
import { test } from "../../runner.mjs";
import { kit } from "./page.mjs";

test("rules of an app's style sheet win over the kit's, however short their selectors", kit(async ({ page }) => {
  const sheets = await page.$$eval("link[rel=stylesheet]", (links) => links.map((link) => new URL(link.href).pathname));
  assert.match(sheets.join(" "), /^\/_hothouse\/page-\w+\.css \/_hothouse\/kit-\w+\.css \/assets\/app-\w+\.css$/);
  const answer = await page.request.get(new URL(sheets.at(-1), page.url()).href);
  assert.equal(answer.headers()["content-type"], "text/css; charset=utf-8");
  assert.match(answer.headers()["cache-control"], /immutable/);
  assert.equal((await page.request.get(new URL("/assets/app-000000000000.css", page.url()).href)).status(), 404);
  const look = (selector, property) => page.$eval(selector, (element, property) => getComputedStyle(element)[property], property);
  assert.equal(await look(".bench", "display"), "grid", "the app's own");
  assert.equal(await look("#add", "borderRadius"), "8px", "the kit's");
  await page.addStyleTag({ content: "button { border-radius: 3px }" });
  assert.equal(await look("#add", "borderRadius"), "3px");
}));
