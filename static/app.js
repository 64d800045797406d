// The pay sheet, the focus, and a word when the line is gone.
const at = (id) => document.getElementById(id);
const on = (event, act) => addEventListener(event, act, true);
let sheet, place, offline;
const rest = () => {
  const it = at(place) || at("main");
  it.tabIndex = -1;
  it.focus({ preventScroll: true });
};
on("htmx:after:swap", ({ detail }) => {
  const next = at("sheet")?.firstElementChild;
  if (next && next != sheet) {
    place = sheet ? place : detail.ctx.sourceElement.closest("[id]").id;
    next.open = false;
    next.showModal();
  } else if (document.activeElement == document.body) rest();
  sheet = next;
  at("refusal")?.firstChild?.scrollIntoView({ block: "nearest" });
  if (offline) offline.hidden = true;
});
on("htmx:error", ({ target, detail }) => {
  if (!detail.ctx || detail.ctx.response) return;
  offline = at("offline") || offline;
  (target.closest("form") || at("main")).prepend(offline);
  offline.hidden = false;
});
on("close", () => {
  sheet = at("sheet").textContent = "";
  rest();
});
on("click", (event) => {
  if (event.target.closest("[data-print]")) print();
  if (!event.target.closest("#sheet [data-close]")) return;
  event.preventDefault();
  event.stopPropagation();
  sheet.close();
});
