// A joined view cannot set a cookie. What it puts into the session is fetched by a form, for which the page is handed a
// ticket before it changes: a form of the view's that is triggered then takes it along, or the page sends one itself.
function fetchSession(liveSocket, csrfToken, leave) {
  const session = "/_hothouse/session";
  const forms = `form[action="${session}"][method="post" i]`;
  let ticket;

  // Fields that only what the browser itself sends has: no view is told of them.
  const complete = (form) => form.addEventListener("formdata", ({ formData }) => {
    formData.set("_csrf_token", csrfToken);
    if (ticket) formData.set("ticket", ticket);
    ticket = undefined;
  }, { once: true });

  onHostEvent("ticket", (detail) => { ticket = detail.ticket; });
  document.addEventListener("phx:update", () => {
    if (ticket) document.querySelectorAll(`${forms}[phx-trigger-action]`).forEach(complete);
  });
  onHostEvent("session", () => {
    if (!ticket) return;
    liveSocket.disconnect();
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: session });
    document.body.append(form);
    complete(form);
    leave();
    form.submit();
  });
  window.addEventListener("submit", ({ target }) => {
    if (target.matches(`${forms}:not([phx-submit])`)) complete(target);
  });
}
