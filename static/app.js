// What htmx leaves to us: the pay sheet, the focus, and a word when the line is gone. Everything works without.
const find = (what, where = document) => where.querySelector(what);
let shown, offline;

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const sheet = find("#sheet dialog");
  if (sheet && sheet !== shown) {
    sheet.open = false; // as a page of its own it stands open, but not modal
    sheet.showModal?.();
    find("input:not([type=hidden])", sheet)?.focus();
  } else if (document.activeElement === document.body) find("#main").focus({ preventScroll: true });
  shown = sheet;
  if (offline) offline.hidden = true;
});
document.addEventListener("htmx:error", ({ target, detail: { ctx } }) => {
  if (!ctx || ctx.response) return;
  offline = find("#offline") || offline; // it may have gone with the form it stood in
  (target.closest?.("form") || find("main")).prepend(offline);
  offline.hidden = false;
});
document.addEventListener("close", ({ target }) => target === shown && find("#sheet").replaceChildren(), true);
document.addEventListener("click", (event) => {
  const at = event.target;
  if (at.closest("[data-print]")) print();
  if (!at.closest("#sheet [data-close]")) return;
  event.preventDefault();
  event.stopPropagation();
  shown.close();
}, true);
