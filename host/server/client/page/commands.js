// Commands that a view has sent: for its own element, unless they name others.
function runCommands(liveSocket) {
  onHostEvent("js", ({ js }) => {
    const main = document.querySelector("[data-phx-main]");
    if (main) liveSocket.execJS(main, JSON.stringify(js));
  });
}
