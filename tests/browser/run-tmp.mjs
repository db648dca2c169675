import { browser } from "./browser.mjs";
import { run } from "./runner.mjs";
for (const spec of process.env.SPECS.split(",")) await import(`./specs/${spec}.mjs`);
try { await run(); } finally { await browser.close(); }
