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

  liveSocket.connect();
  window.liveSocket = liveSocket;
})();
