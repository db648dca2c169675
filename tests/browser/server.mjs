// The real server, as a process of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/**
 * Starts `hothouse serve`, with `flags`. `kept` is the folder with its key and its storage: a server that is started again
 * on `port` with the same is the same to a browser.
 */
export async function serve(app, { port = 0, kept = newFolder(), flags = [] } = {}) {
  const own = ["--listen", `127.0.0.1:${port}`, "--key-file", join(kept, "secret.key"), "--storage", join(kept, "storage")];
  const server = await start("hothouse", ["serve", "--app", resolve(root, app), ...own, ...flags]);
  return { ...server, kept, forget: () => rmSync(kept, { recursive: true, force: true }) };
}

/** Starts one of our programs that says where it listens. */
export async function start(program, args) {
  const child = spawn(join(root, "target/debug", program), args, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (data) => { log += data; });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    let out = "";
    child.stdout.on("data", (data) => {
      out += data;
      const found = out.match(/listening on (http:\S+)/);
      if (found) resolve(found[1]);
    });
    ended.then((code) => reject(new Error(`the server ended with ${code}: ${log}`)));
  });
  return {
    url,
    port: Number(new URL(url).port),
    log: () => log,
    /** Ends as an operator would end it. */
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}

function newFolder() {
  return mkdtempSync(join(tmpdir(), "hothouse-kept-"));
}
