// Starts the LiveView client on a Hothouse page. Loaded after phoenix.js and phoenix_live_view.js.
(() => {
  const csrfToken = document.querySelector("meta[name='csrf-token']")?.content;
  // Said only where the app asks for it, by a view that may know it.
  const timeZone = document.querySelector("meta[name='hothouse-time-zone']")
    ? { _time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone }
    : {};
  const liveSocket = new LiveView.LiveSocket("/live", Phoenix.Socket, {
    // A function, so that join-time keys do not leak into the socket's URL.
    params: () => ({ _csrf_token: csrfToken, ...timeZone }),
  });

  // A view that declares a failure lives on; what it has to say is shown here.
  window.addEventListener("phx:hothouse:failure", ({ detail }) => {
    const region = document.getElementById("hothouse-notices");
    if (!region) return;
    const notice = document.createElement("p");
    notice.textContent = detail.message;
    region.replaceChildren(notice);
    setTimeout(() => notice.remove(), 6000);
  });

  // A joined view cannot set a cookie. What it puts into the session is fetched by a form, for which the page is handed
  // a ticket before it changes: a form of the view's that is triggered then takes it along, or the page sends one itself.
  const session = "/_hothouse/session";
  const forms = `form[action="${session}"][method="post" i]`;
  let ticket;

  // Fields that only what the browser itself sends has: no view is told of them.
  const complete = (form) => form.addEventListener("formdata", ({ formData }) => {
    formData.set("_csrf_token", csrfToken);
    if (ticket) formData.set("ticket", ticket);
    ticket = undefined;
  }, { once: true });

  window.addEventListener("phx:hothouse:ticket", ({ detail }) => { ticket = detail.ticket; });
  document.addEventListener("phx:update", () => {
    if (ticket) document.querySelectorAll(`${forms}[phx-trigger-action]`).forEach(complete);
  });
  window.addEventListener("phx:hothouse:session", () => {
    if (!ticket) return;
    liveSocket.disconnect();
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: session });
    document.body.append(form);
    complete(form);
    form.submit();
  });
  window.addEventListener("submit", ({ target }) => {
    if (target.matches(`${forms}:not([phx-submit])`)) complete(target);
  });

  // A socket can be open and lead nowhere, as after a laptop has slept: the client notices within a minute. So the other end
  // is asked as soon as an event has had no answer for a while, and when the page is back; whatever comes is an answer.
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

  // The client loads a page at once that may not be joined. If that does not help, as when the page's cookie is not sent
  // along, it would do so for ever: from the second time on there is a pause before it.
  const REFUSED = "hothouse:refused";
  const refused = Number(sessionStorage.getItem(REFUSED));
  socket.onMessage(({ event, payload }) => {
    if (event !== "phx_reply") return;
    const { reason, rendered } = payload.response;
    if (reason === "stale" || reason === "unauthorized") sessionStorage.setItem(REFUSED, refused + 1);
    if (rendered) sessionStorage.removeItem(REFUSED);
  });
  // The client listens for the window's focus, and passes over all events whose target is no element, as the window is none.
  for (const type of ["focus", "blur"]) {
    window.addEventListener(type, ({ target }) => {
      if (target === window) document.documentElement.dispatchEvent(new FocusEvent(type, { bubbles: true }));
    });
  }
  window.liveSocket = liveSocket;
  if (refused < 2) {
    liveSocket.connect();
  } else {
    document.querySelector("[data-phx-main]")?.classList.add("phx-loading", "phx-error", "phx-server-error");
    setTimeout(() => liveSocket.connect(), 10_000);
  }
})();
