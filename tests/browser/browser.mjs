// A real Chromium, and pages in it that fail when they log an error.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
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

export async function withServer(app, body) {
  const server = await serve(app);
  try {
    await body(server);
  } catch (error) {
    error.stack += `\nthe server's log:\n${server.log()}`;
    throw error;
  } finally {
    await server.stop();
    server.forget();
  }
}
