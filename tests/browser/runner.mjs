// Runs named tests one after the other; the last line is `N passed, N failed`.
const grep = process.argv.find((argument) => argument.startsWith("--grep="))?.slice("--grep=".length) ?? "";
const tests = [];

/** Registers a test; its name says what is true when it passes. */
export function test(name, body) {
  if (name.includes(grep)) tests.push({ name, body });
}

/** Runs what was registered. */
export async function run() {
  let failed = 0;
  for (const { name, body } of tests) {
    const began = performance.now();
    try {
      await body();
      console.log(`ok      ${name} (${Math.round(performance.now() - began)} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stack ?? error}`);
    }
  }
  console.log(`${tests.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || tests.length === 0 ? 1 : 0;
}
