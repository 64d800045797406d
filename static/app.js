// What htmx leaves to us: the pay sheet, the focus, a word when the line is gone. Everything works without.
const at = (id) => document.getElementById(id);
const on = (event, act) => addEventListener(event, act, true);
let sheet, place, offline;
const rest = () => {
  const it = at(place) || at("main");
  it.tabIndex = -1;
  it.focus({ preventScroll: true });
};
on("htmx:after:swap", ({ detail }) => {
  const next = document.querySelector("#sheet dialog");
  if (next && next != sheet) {
    if (!sheet) place = detail.ctx.sourceElement.closest("[id]").id;
    next.open = false;
    next.showModal();
  } else if (document.activeElement == document.body) rest();
  sheet = next;
  if (offline) offline.hidden = true;
});
on("htmx:error", ({ target, detail }) => {
  if (!detail.ctx || detail.ctx.response) return;
  offline = at("offline") || offline;
  (target.closest("form") || at("main")).prepend(offline);
  offline.hidden = false;
});
on("close", ({ target }) => {
  if (target != sheet) return;
  at("sheet").textContent = "";
  sheet = null;
  rest();
});
on("click", (event) => {
  const near = (what) => event.target.closest(what);
  if (near("[data-print]")) print();
  if (!near("#sheet [data-close]")) return;
  event.preventDefault();
  event.stopPropagation();
  sheet.close();
});
