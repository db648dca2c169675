// What happens to hooks, for tests to read.
import { note } from "./lib/note.js";

const Life = {
  mounted() { note(this.el, "mounted"); },
  beforeUpdate(toEl) { note(this.el, `beforeUpdate ${this.el.dataset.count} to ${toEl.dataset.count}`); },
  updated() { note(this.el, `updated to ${this.el.dataset.count}`); },
  destroyed() { note(this.el, "destroyed"); },
  disconnected() { note(this.el, "disconnected"); },
  reconnected() { note(this.el, "reconnected"); },
};

/** A hook that tests drive. */
const Talk = {
  mounted() {
    window.talk = this;
    this.handleEvent("told", ({ count }) => note(this.el, `told ${count}`));
  },
};

export default { Life, Talk };
