// Events of the host itself are dispatched at the window. A view's command can dispatch one of the same name at an element,
// and what bubbles up from there is not meant.
const onHostEvent = (name, handle) =>
  window.addEventListener(`phx:hothouse:${name}`, (event) => { if (event.target === window) handle(event.detail); });
