export function note(el, what) {
  (window.notes ??= []).push(`${el.id} ${what}`);
}
