// Hooks of the app. Which views may name them stands in the manifest.
import Sortablejs from "./vendor/sortable.esm.js";

/**
 * A list whose items are dragged. The order is the view's: an item that was dropped is asked for, and put back where the view
 * does not want it. Items have an id and `data-id`.
 */
const Sortable = {
  mounted() {
    this.list = new Sortablejs(this.el, {
      handle: ".handle",
      animation: 120,
      // What is drawn while something is dragged is outside of what the view renders.
      forceFallback: true,
      fallbackOnBody: true,
      onEnd: ({ item }) => this.dropped(item),
    });
    this.order = this.list.toArray();
  },

  async dropped(item) {
    const next = item.nextElementSibling?.dataset.id;
    // By its neighbour and not by its index: the view may have changed the list in the meantime.
    const reply = await this.pushEvent("drop", { id: item.dataset.id, before: next ?? null });
    // The view has moved it as well, so the page is as the view has it. Without a reply it has not.
    if (!reply?.moved) this.list.sort(this.order, true);
  },

  // An element that is moved loses the focus, and whoever moves by keys wants to go on.
  beforeUpdate() { this.focused = this.el.contains(document.activeElement) ? document.activeElement : null; },

  updated() {
    // What the page shows now is the view's order.
    this.order = this.list.toArray();
    if (this.focused?.isConnected) this.focused.focus();
  },

  destroyed() { this.list.destroy(); },
};

/**
 * A combobox: a field, a list that is offered, and keys. The view answers what is offered, and says for which text
 * (`data-query`): an answer that comes late offers nothing.
 */
const Combobox = {
  mounted() {
    this.field = this.el.querySelector("[role=combobox]");
    this.offered = this.el.querySelector("[role=listbox]");
    this.active = null;
    this.field.addEventListener("input", () => this.open(this.field.value.trim() !== ""));
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => this.open(false));
    // Before the field loses the focus.
    this.offered.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
    this.el.addEventListener("submit", (event) => event.preventDefault());
  },

  updated() {
    this.show();
    if (this.isWaiting && this.isAnswered()) {
      this.isWaiting = false;
      const [first] = this.options();
      if (first) this.choose(first);
    }
  },

  options() { return [...this.offered.querySelectorAll("[role=option]")]; },

  /** Whether what is offered is for what stands in the field. */
  isAnswered() { return this.el.dataset.query === this.field.value; },

  open(isOpen) {
    this.isOpen = isOpen;
    this.isWaiting = false;
    if (!isOpen) this.active = null;
    this.show();
  },

  /** Puts into the page what the hook knows: the view leaves these attributes alone. */
  show() {
    const options = this.options();
    const isShown = this.isOpen && this.isAnswered() && options.length > 0;
    const active = options.find(({ id }) => isShown && id === this.active);
    this.offered.hidden = !isShown;
    this.field.setAttribute("aria-expanded", String(isShown));
    options.forEach((option) => option.setAttribute("aria-selected", String(option === active)));
    if (active) this.field.setAttribute("aria-activedescendant", active.id);
    else this.field.removeAttribute("aria-activedescendant");
    active?.scrollIntoView({ block: "nearest" });
  },

  key(event) {
    const options = this.offered.hidden ? [] : this.options();
    const at = options.findIndex(({ id }) => id === this.active);
    const go = (index) => {
      event.preventDefault();
      this.active = options[(index + options.length) % options.length]?.id ?? null;
      this.show();
    };
    if (event.key === "ArrowDown") {
      if (options.length === 0) this.open(this.field.value.trim() !== "");
      else go(at + 1);
    } else if (event.key === "ArrowUp" && options.length > 0) {
      go(at < 0 ? options.length - 1 : at - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (at >= 0) this.choose(options[at]);
      // Faster than the answer: the first that it offers.
      else if (this.isOpen && !this.isAnswered()) this.isWaiting = true;
    } else if (event.key === "Escape") {
      if (this.isOpen) this.open(false);
      else this.field.value = "";
    }
  },

  choose(option) {
    this.field.value = option.textContent;
    this.open(false);
    this.pushEvent("choose", { plant: Number(option.dataset.plant) });
  },
};

export default { Sortable, Combobox };
