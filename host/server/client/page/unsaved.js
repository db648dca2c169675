// A page with an element that has `data-unsaved-changes` asks what that says before it is left, and once. What the view
// itself does, and a form around or in that element, leads on as meant. Answers a function that says so of what follows.
function guardUnsavedChanges(liveSocket) {
  const guard = () => document.querySelector("[data-unsaved-changes]");
  let isMeant = false;
  const leave = () => { isMeant = true; };
  const stay = () => { isMeant = false; };

  const ask = () => {
    const element = guard();
    if (!element) return true;
    isMeant = confirm(element.dataset.unsavedChanges);
    return isMeant;
  };

  // Where nobody was asked yet, the browser asks in words of its own. When the client has ended its views, the server leads
  // on, or it was asked below.
  window.addEventListener("beforeunload", (event) => {
    if (guard() && !isMeant && !liveSocket.isUnloaded()) event.preventDefault();
    stay();
  });

  // Live navigation. A patch stays in the view, which knows what is not saved.
  window.addEventListener("phx:before-navigate", (event) => {
    if (!event.detail.patch && !ask()) event.preventDefault();
  });
  window.addEventListener("phx:page-loading-stop", stay);

  // At a click on a link that is loaded, and when a form is sent, the client ends all views before the browser could ask: so
  // it is asked before the client knows.
  const stop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  window.addEventListener("click", (event) => {
    stay();
    const link = event.target.closest?.("a[href]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (link.target === "_blank" || link.hasAttribute("download") || !link.protocol.startsWith("http")) return;
    const isLive = link.hasAttribute("data-phx-link") && liveSocket.getSocket().isConnected();
    const [there, here] = [link.href, location.href].map((url) => url.split("#")[0]);
    if (isLive || (link.hash && there === here)) return;
    if (!ask()) stop(event);
  }, true);
  window.addEventListener("submit", (event) => {
    const [form, element] = [event.target, guard()];
    if (!element || form.contains(element) || element.contains(form)) return;
    if (form.hasAttribute("phx-submit") || form.method === "dialog") return;
    if (!ask()) stop(event);
  }, true);
  return leave;
}
