// Starts the LiveView client on a Hothouse page. Loaded after phoenix.js and phoenix_live_view.js.
const csrfToken = document.querySelector("meta[name='csrf-token']")?.content;
// Said only where the app asks for it, by a view that may know it.
const timeZone = document.querySelector("meta[name='hothouse-time-zone']")
  ? { _time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone }
  : {};
const hooks = {};
const liveSocket = new LiveView.LiveSocket("/live", Phoenix.Socket, {
  hooks,
  // A function, so that join-time keys do not leak into the socket's URL.
  params: () => ({ _csrf_token: csrfToken, ...timeZone }),
  dom: { onBeforeElUpdated: appendText() },
});
window.liveSocket = liveSocket;

showFailures();
runCommands(liveSocket);
copyToClipboard();
const leave = guardUnsavedChanges(liveSocket);
fetchSession(liveSocket, csrfToken, leave);
watchConnection(liveSocket);
tellWindowFocus();
loadHooks(hooks).then(() => connect(liveSocket));
