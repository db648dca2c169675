// Text that a view appends to an element, without rendering it. The client knows nothing of it and would take it away with
// its next patch: there it is put back, for as long as the view renders the same in that element. Whatever else it renders
// takes its place, and so does everything once the page joins anew.
function appendText() {
  const appended = new Map();
  onHostEvent("append", ({ to, text, replace }) => {
    const element = document.getElementById(to);
    const isOurs = element?.closest("[data-phx-main], [data-phx-teleported-src]");
    if (!isOurs || element.firstElementChild || element.matches("script, style, textarea, title")) return;
    const shown = element.textContent;
    let known = appended.get(to);
    if (known?.element !== element || known.rendered.length + known.text.length !== shown.length) {
      // Nothing, or of another element that had this id. Those that have gone are forgotten.
      for (const id of appended.keys()) if (!document.getElementById(id)) appended.delete(id);
      appended.set(to, known = { element, rendered: shown, text: "" });
    }
    if (replace) element.textContent = known.rendered;
    known.text = replace ? text : known.text + text;
    if (element.lastChild instanceof Text) element.lastChild.appendData(text); else element.append(text);
  });
  window.addEventListener("phx:page-loading-start", ({ detail }) => {
    if (detail.kind !== "patch" && detail.kind !== "element") appended.clear();
  });
  return (from, to) => {
    const known = appended.get(from.id);
    if (!known) return;
    // Another element has its id when it went and came back: that one shows what it was rendered with.
    const isThere = known.element.isConnected && !to.firstElementChild;
    if (isThere && known.rendered === to.textContent) to.append(known.text); else appended.delete(from.id);
  };
}
