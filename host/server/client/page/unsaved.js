// A page with an element that has `data-unsaved-changes` asks what that says before it is left, and once. What the view
// itself does, and a form around or in that element, leads on as meant. Answers a function that says so of what follows.
function guardUnsavedChanges(socket) {
  const guard = () => document.querySelector("[data-unsaved-changes]");
  let isMeant = false;
  const leave = () => { isMeant = true; };
  const stay = () => { isMeant = false; };

  const ask = () => {
    const element = isMeant ? null : guard();
    if (element && !confirm(element.dataset.unsavedChanges)) return false;
    if (element) leave();
    return true;
  };

  // The browser asks in words of its own.
  window.addEventListener("beforeunload", (event) => {
    if (!isMeant && guard() && !document.querySelector("form[phx-trigger-action]")) event.preventDefault();
    stay();
  });

  // Live navigation. A patch stays in the view, which knows what is not saved.
  window.addEventListener("phx:before-navigate", (event) => {
    if (!event.detail.patch && !ask()) event.preventDefault();
  });
  window.addEventListener("phx:page-loading-stop", stay);

  // The client ends all views before the browser could ask, at a click on a link and when a form is sent: so it is asked
  // before the client knows.
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  window.addEventListener("click", (event) => {
    stay();
    const link = event.target.closest?.("a[href]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (link.target === "_blank" || link.hasAttribute("download") || !link.protocol.startsWith("http")) return;
    const here = location.href.split("#")[0];
    const isLive = link.hasAttribute("data-phx-link") && socket.isConnected();
    if (isLive || (link.hash && link.href.split("#")[0] === here)) return;
    if (!ask()) stop(event);
  }, true);
  window.addEventListener("submit", (event) => {
    const form = event.target;
    const element = guard();
    if (!element || form.hasAttribute("phx-submit") || form.method === "dialog") return;
    if (form.contains(element) || element.contains(form)) leave();
    else if (!ask()) stop(event);
  }, true);

  socket.onMessage(({ event, payload }) => {
    const answer = event === "phx_reply" ? payload.response : { [event]: payload };
    if (answer.redirect || answer.live_redirect) leave();
  });
  return leave;
}
