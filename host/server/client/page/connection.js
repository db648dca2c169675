// A socket can be open and lead nowhere, as after a laptop has slept: the client notices within a minute. So the other end
// is asked as soon as an event has had no answer for a while, and when the page is back; whatever comes is an answer.
function watchConnection(liveSocket) {
  const socket = liveSocket.getSocket();
  const reconnect = () => { liveSocket.disconnect(); socket.connect(); };
  let waiting = null;
  const wait = (milliseconds, then) => { waiting ??= setTimeout(() => { waiting = null; then(); }, milliseconds); };
  const ask = () => { if (socket.ping(() => {})) wait(10_000, reconnect); };
  window.addEventListener("phx:push", () => wait(3_000, ask));
  window.addEventListener("online", ask);
  document.addEventListener("resume", ask);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  socket.onMessage(() => { clearTimeout(waiting); waiting = null; });

  // After half a minute the client gives an event up, disconnects, and is about to load the page, with what was typed there
  // and whether there is a server or not. To join again is enough.
  window.addEventListener("phx:live-view:diagnostic", ({ detail }) => {
    if (detail.metadata?.error === "push timeout" && !socket.isConnected()) reconnect();
  });
}

// The client loads a page at once that may not be joined. If that does not help, as when the page's cookie is not sent
// along, it would do so for ever: from the second time on there is a pause before it.
function connect(liveSocket) {
  const REFUSED = "hothouse:refused";
  const refused = Number(sessionStorage.getItem(REFUSED));
  liveSocket.getSocket().onMessage(({ event, payload }) => {
    if (event !== "phx_reply") return;
    const { reason, rendered } = payload.response;
    if (reason === "stale" || reason === "unauthorized") sessionStorage.setItem(REFUSED, refused + 1);
    if (rendered) sessionStorage.removeItem(REFUSED);
  });
  if (refused < 2) {
    liveSocket.connect();
  } else {
    document.querySelector("[data-phx-main]")?.classList.add("phx-loading", "phx-error", "phx-server-error");
    setTimeout(() => liveSocket.connect(), 10_000);
  }
}
