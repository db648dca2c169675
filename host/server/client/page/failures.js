// A view that declares a failure lives on; what it has to say is shown here.
function showFailures() {
  onHostEvent("failure", ({ message }) => {
    const region = document.getElementById("hothouse-notices");
    if (!region) return;
    const notice = document.createElement("p");
    notice.textContent = message;
    region.replaceChildren(notice);
    setTimeout(() => notice.remove(), 6000);
  });
}
