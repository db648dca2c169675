// A real Chromium, pages of it, and servers for the length of a test.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";
import { network } from "./network.mjs";
import { root, serve } from "./server.mjs";

export const results = join(root, "tests/browser/results");
mkdirSync(results, { recursive: true });

export const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ],
});

/** How long a test waits before it fails, in milliseconds: a busy machine is no failure. */
const patience = 30_000;

/** A page of its own; fails when the page logs an error, unless the test says which it expects. */
export async function open(url, { expectErrors = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const errors = [];
  const sockets = [];
  const note = (text) => { if (!expectErrors.some((expected) => expected.test(text))) errors.push(text); };
  page.on("pageerror", (error) => note(String(error)));
  page.on("console", (message) => { if (message.type() === "error") note(message.text()); });
  page.on("websocket", (socket) => {
    const frames = { sent: [], received: [] };
    sockets.push(frames);
    socket.on("framesent", ({ payload }) => frames.sent.push(payload));
    socket.on("framereceived", ({ payload }) => frames.received.push(payload));
  });
  await page.goto(url);
  return {
    page,
    sockets,
    received: () => sockets.flatMap((socket) => socket.received),
    sent: () => sockets.flatMap((socket) => socket.sent),
    /** Does something, and answers the frames that it made the page send and receive once the view has answered. */
    async frames(action) {
      const before = sockets.map(({ sent, received }) => [sent.length, received.length]);
      const events = (frames) => frames.filter((frame) => !frame.includes('"heartbeat"'));
      const since = (kind, index) =>
        sockets.flatMap((socket, number) => events(socket[kind].slice(before[number]?.[index] ?? 0)));
      await action();
      const deadline = Date.now() + patience;
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 60));
        const [sent, received] = [since("sent", 0), since("received", 1)];
        // Each event is answered once.
        if (received.length >= sent.length) return { sent, received };
        assert.ok(Date.now() < deadline, `no answer to ${sent}`);
      }
    },
    /** Fails when axe finds a barrier in what the page shows now. */
    async accessible() {
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => window.axe.run(document));
      const found = violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary}`));
      assert.deepEqual(found, [], `barriers at ${page.url()}`);
    },
    /** Waits until a frame has been received that is `wanted`, of a socket by its number. */
    async receivedOne(wanted) {
      const deadline = Date.now() + patience;
      while (!sockets.some(({ received }, socket) => received.some((frame) => wanted(frame, socket)))) {
        assert.ok(Date.now() < deadline, "no such frame was received");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    joined: () => page.waitForSelector("[data-phx-main].phx-connected"),
    async close() {
      await context.close();
      assert.deepEqual(errors, [], "the page logged errors");
    },
  };
}

/** Light, dark and narrow. */
export const looks = [
  { colorScheme: "light", reducedMotion: "reduce" },
  { colorScheme: "dark", reducedMotion: "reduce" },
  { colorScheme: "light", reducedMotion: "reduce", viewport: { width: 375, height: 720 } },
];

/** Opens a page in every look. `body` calls `isReadable` in each of its states: no barrier, nothing wider than the window. */
export async function inEveryLook(url, body) {
  for (const look of looks) {
    const opened = await open(url, look);
    await opened.joined();
    await body(opened.page, async () => {
      await opened.accessible();
      assert.ok(await opened.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it is wider than the window");
    });
    await opened.close();
  }
}

/** Marks the document: a page that is loaded again has no mark. */
export const mark = (page) => page.evaluate(() => { window.mark = "the same page"; });
export const isMarked = (page) => page.evaluate(() => window.mark === "the same page");

/** Runs `body` with a copy of an app: its folder, and functions that read and write a file of it. */
export async function withCopy(app, body) {
  const folder = mkdtempSync(join(tmpdir(), "hothouse-app-"));
  cpSync(join(root, app), folder, { recursive: true });
  const read = (name) => readFileSync(join(folder, name), "utf8");
  const write = (name, text) => writeFileSync(join(folder, name), text);
  write("hothouse.toml", read("hothouse.toml").replaceAll("../../../", `${root}/`));
  try {
    await body({ folder, read, write });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Serves an app for as long as `body` runs. */
export const withServer = (app, body) => withRunning(serve(app), body);

/** The same for a server that has been started already. */
export async function withRunning(starting, body) {
  const server = await starting;
  try {
    await body(server);
  } catch (error) {
    error.stack += `\nthe server's log:\n${server.log()}`;
    throw error;
  } finally {
    await server.stop();
    server.forget?.();
  }
}

/** Serves an app, and runs `body` with a way to its server that can be slow, and fail. */
export const withNetwork = (app, body) => withServer(app, (server) => withWayTo(server, body));

/** The same for a server that runs already. */
export async function withWayTo(server, body) {
  const way = await network(server.port);
  try {
    await body(way, server);
  } finally {
    way.close();
  }
}
