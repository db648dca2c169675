// Every page of the showcase in each of its states, read by axe: no barrier, light, dark and narrow.
import assert from "node:assert/strict";
import { looks, open, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const showcase = "examples/showcase";

test("every page of the showcase is without barriers", () => withServer(showcase, async (server) => {
  for (const look of looks) {
    const home = await open(server.url, look);
    await home.joined();
    await home.accessible();
    const paths = await home.page.$$eval("ul.cards a", (links) => links.map((link) => link.getAttribute("href")));
    await home.close();
    for (const path of paths) {
      const { joined, accessible, close } = await open(`${server.url}${path}`, look);
      await joined();
      await accessible();
      await close();
    }
  }
}));

test("a form is without barriers when it is empty, wrong and right, with rows", () => withServer(showcase, async (server) => {
  for (const look of looks) {
    const { page, joined, accessible, frames, close } = await open(`${server.url}/inputs`, look);
    await joined();
    await frames(() => page.click("text=Add a plant"));
    await accessible();
    await frames(() => page.click("button[type=submit]"));
    await page.waitForSelector("[aria-invalid]");
    await accessible();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it is wider than the window");
    await page.fill("[name='order[name]']", "Ann");
    await page.waitForSelector("[name='order[name]']:not([aria-invalid])");
    await accessible();
    await close();
  }
}));

test("menus, dialogs, tabs, tooltips and messages are without barriers while they are there", () => withServer(showcase, async (server) => {
  for (const look of looks) {
    const { page, joined, accessible, close } = await open(`${server.url}/kit`, look);
    await joined();
    await page.click("#more-1-button");
    await page.waitForSelector("#more-1-menu", { state: "visible" });
    await accessible();
    await page.keyboard.press("Escape");
    for (const [button, modal] of [["#add", "#new-plant"], ["#clear", "#clear-bench"]]) {
      await page.click(button);
      await page.waitForSelector(modal, { state: "visible" });
      await accessible();
      await page.keyboard.press("Escape");
      await page.waitForSelector(modal, { state: "hidden" });
    }
    await page.click("#more-1-button");
    await page.click("#more-1-menu > :last-child");
    await page.waitForSelector("#remove-plant", { state: "visible" });
    await accessible();
    await page.keyboard.press("Escape");
    await page.waitForSelector("#remove-plant", { state: "detached" });
    for (const tab of ["Light", "Soil", "Water"]) {
      await page.click(`[role=tab]:has-text("${tab}")`);
      await accessible();
    }
    for (const tooltip of ["mist", "shade", "prune"]) {
      await page.hover(`#${tooltip}`);
      await page.waitForSelector(`#${tooltip}-text`, { state: "visible" });
      await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState === "finished"));
      await accessible();
    }
    await page.click("#catalogue [aria-label='Page 5']");
    await page.waitForSelector("#catalogue [aria-current=page]:has-text('5')");
    await accessible();
    for (const kind of ["info", "success", "warning", "error"]) {
      await page.click(`[phx-value-kind=${kind}]`);
      await page.waitForSelector(`#flash-${kind}`);
    }
    await accessible();
    await close();
  }
}));

test("a table is without barriers when it is sorted, filtered and empty", () => withServer(showcase, async (server) => {
  for (const look of looks) {
    const { page, joined, accessible, frames, close } = await open(`${server.url}/table`, look);
    await joined();
    await frames(() => page.click("th:has-text('Height') button"));
    await accessible();
    await page.fill("[type=search]", "sundew");
    await page.waitForSelector("#count:has-text('20 of 200')");
    await accessible();
    await page.fill("[type=search]", "none such");
    await page.waitForSelector(".hh-table-empty");
    await accessible();
    await close();
  }
}));
