// Hooks that stand beside the view that they are for.
import { note } from "/assets/lib/note.js";

/** As a class. */
class Own extends LiveView.ViewHook {
  mounted() {
    note(this.el, "mounted");
    this.el.textContent = "shown by a hook of the view's own";
  }
}

export default { Own };
