// The network between a browser and a server, which can fail: a proxy on the loopback interface.
import { createServer, connect } from "node:net";
import { Transform } from "node:stream";
import { setTimeout as after } from "node:timers/promises";

/** Lets through in order what comes, each piece after as many milliseconds as `latency` answers when it comes. */
function late(latency) {
  let last = Promise.resolve();
  return new Transform({
    transform(bytes, _, done) {
      const arrival = after(latency());
      last = last.then(() => arrival).then(() => { this.push(bytes); });
      done();
    },
    flush(done) { last.then(() => done()); },
  });
}

/** A way to the server on `port`. It listens on a port of its own until it is closed. */
export async function network(port) {
  const pairs = new Set();
  let isStalled = false;
  let latency = 0;
  const listener = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    const pair = [near, far].map((socket) => ({ socket, late: late(() => latency) }));
    pairs.add(pair);
    for (const [{ socket: from, late }, { socket: to }] of [pair, pair.toReversed()]) {
      from.pipe(late).pipe(to);
      // One end is gone: so is the other.
      from.on("error", () => {});
      from.on("close", () => { pairs.delete(pair); to.destroy(); });
    }
    if (isStalled) stall(pair);
  });
  const stall = (pair) => pair.forEach(({ socket, late }) => socket.unpipe(late).pause());
  const flow = (pair) => pair.forEach(({ socket, late }) => socket.pipe(late));
  const listen = (port) => new Promise((resolve, reject) => listener.once("error", reject).listen(port, "127.0.0.1", resolve));
  await listen(0);
  const own = listener.address().port;
  const cut = () => pairs.forEach((pair) => pair.forEach(({ socket }) => socket.destroy()));
  return {
    url: `http://127.0.0.1:${own}`,
    /** From now on all takes so long, in milliseconds, in each direction. */
    delay(milliseconds) { latency = milliseconds; },
    /** Ends every connection. New ones get through. */
    cut,
    /** Nothing gets through, and nobody is told: as when a cable is pulled. */
    stall() {
      isStalled = true;
      pairs.forEach(stall);
    },
    /** The same for the connections of now, and not for new ones: as when a router has forgotten them. */
    forget: () => pairs.forEach(stall),
    /** What was held back gets through. */
    flow() {
      isStalled = false;
      pairs.forEach(flow);
    },
    /** Ends every connection and refuses new ones. */
    refuse() {
      const closed = new Promise((resolve) => listener.close(resolve));
      cut();
      return closed;
    },
    /** Accepts connections again. */
    accept: () => listen(own),
    close() {
      listener.close();
      cut();
    },
  };
}

/** A way on which the cookies of answers are lost. Answers its URL and a function that closes it. */
export async function cookieless(port) {
  const listener = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    near.pipe(far);
    // Of the same length, so that nothing else changes.
    far.on("data", (bytes) => near.write(bytes.toString("latin1").replace(/^set-cookie:/im, "not-cookie:"), "latin1"));
    for (const [one, other] of [[near, far], [far, near]]) one.on("error", () => {}).on("close", () => other.destroy());
  });
  await new Promise((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${listener.address().port}`, close: () => listener.close() };
}
