// Writes the contract's types for TypeScript: `node types.mjs <live.wit> <folder>`.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { $init, generateTypes } from "@bytecodealliance/jco-transpile/component";

const [contract, folder] = process.argv.slice(2);
await $init;
const files = generateTypes("live-view", {
  wit: { tag: "source", val: readFileSync(contract, "utf8") },
  world: "live-view",
  guest: true,
  features: { tag: "list", val: [] },
});
for (const [name, contents] of files) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
}
