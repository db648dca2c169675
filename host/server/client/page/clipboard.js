// `hothouse:copy` at an element copies its value, or its text. Whatever has `data-copied` around or in what asked for it says
// so for a moment, to those who listen as well.
function copyToClipboard() {
  window.addEventListener("hothouse:copy", async ({ target, detail: { dispatcher } }) => {
    const asked = dispatcher ?? target;
    const status = asked.querySelector("[data-copied]") ?? asked.parentElement?.querySelector("[data-copied]");
    let said = status?.dataset.copied;
    try {
      await navigator.clipboard.writeText(target.value ?? target.textContent.trim());
      asked.classList.add("hh-copied");
    } catch (error) {
      said = status?.dataset.failed;
      console.error("nothing was copied:", error);
    }
    if (status) status.textContent = said;
    setTimeout(() => {
      asked.classList.remove("hh-copied");
      if (status) status.textContent = "";
    }, 2000);
  });
}
