// Every page of the showcase in each of its states, read by axe: no barrier, light, dark and narrow.
import { open, withServer } from "../browser.mjs";
import { test } from "../runner.mjs";

const showcase = "examples/showcase";
const looks = [
  { colorScheme: "light", reducedMotion: "reduce" },
  { colorScheme: "dark", reducedMotion: "reduce" },
  { colorScheme: "light", reducedMotion: "reduce", viewport: { width: 375, height: 720 } },
];

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

test("menus, dialogs and tabs are without barriers while they are open", () => withServer(showcase, async (server) => {
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
