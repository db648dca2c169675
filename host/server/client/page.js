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

  liveSocket.connect();
  window.liveSocket = liveSocket;
})();
