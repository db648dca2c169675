// The client listens for the window's focus, and passes over all events whose target is no element, as the window is none.
function tellWindowFocus() {
  for (const type of ["focus", "blur"]) {
    window.addEventListener(type, ({ target }) => {
      if (target === window) document.documentElement.dispatchEvent(new FocusEvent(type, { bubbles: true }));
    });
  }
}
