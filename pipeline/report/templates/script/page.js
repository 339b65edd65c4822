// The page: what an address shows, and what keys and hands do. It begins here, when all the rest is there.

/** Show what the address asks for: #glance, #documents, or the document with an id. */
async function route() {
  const wanted = location.hash.slice(1);
  const isGlance = wanted === "" || wanted === "glance";
  by("glance").hidden = !isGlance;
  by("documents").hidden = isGlance;
  for (const link of document.querySelectorAll(".top nav a")) {
    if ((link.hash === "#glance") === isGlance) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  hideWhy();
  if (isGlance) return;
  const row = wanted === "documents" ? current ?? shown[0] : listed?.find(({ id }) => id === wanted);
  try {
    if (!row) throw new Missing(listed ? wanted : "data/documents.js");
    current = row;
    showRow();
    if (account?.id === row.id) return;
    const whole = await documentOf(row);
    if (current !== row) return; // somebody went on meanwhile
    account = new Account(row.id, whole);
    drawDocument();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    const why = error.message.startsWith("data/") ? say("cannot_read", { file: error.message }) : say("no_document");
    by("document").replaceChildren(make("p", { className: "notice" }, why));
  }
}

const inDocuments = (act) => () => { if (!by("documents").hidden) act(); };
const KEYS = {
  j: inDocuments(() => goOn(1)),
  k: inDocuments(() => goOn(-1)),
  ArrowRight: inDocuments(() => goOn(1)),
  ArrowLeft: inDocuments(() => goOn(-1)),
  n: inDocuments(() => nextChange(1)),
  p: inDocuments(() => nextChange(-1)),
  v: inDocuments(() => by("side")?.click()),
  c: inDocuments(() => by("fold")?.click()),
  f: inDocuments(() => by("rule").focus()),
  g: () => { location.hash = "glance"; },
  d: () => { location.hash = current?.id ?? "documents"; },
  "?": () => by("help").showModal(),
  "/": () => {
    if (by("documents").hidden) KEYS.d();
    setTimeout(() => by("search").focus()); // once the address has been followed
  },
};
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || by("help").open) return;
  const isTyping = target.matches("input, select");
  if (key === "Escape") hideWhy();
  if (key === "Escape" && isTyping) target.blur();
  const act = isTyping ? undefined : target === by("list") && STEPS[key] ? () => goOn(STEPS[key]) : KEYS[key];
  if (!act) return;
  event.preventDefault();
  act();
});

by("list").addEventListener("scroll", drawList, { passive: true });
new ResizeObserver(drawList).observe(by("list"));

let pointer = ""; // where it was last: a text that is scrolled below it, as keys do, is not pointed at
const placeOf = ({ screenX, screenY }) => `${screenX} ${screenY}`;
document.addEventListener("pointermove", (event) => { pointer = placeOf(event); });
by("document").addEventListener("pointerover", (event) => {
  if (placeOf(event) === pointer) return;
  const element = event.target.closest("[data-change]");
  if (element) explain(element);
  else hideWhy();
});
by("document").addEventListener("click", ({ target }) => {
  const element = target.closest("[data-change]");
  if (!element) return;
  change = Number(element.dataset.change);
  explain(element);
});
by("document").addEventListener("pointerleave", hideWhy);
by("document").addEventListener("wheel", hideWhy, { passive: true });

for (const id of ["search", "rule", "sort"]) {
  by(id).addEventListener("input", () => {
    by("list").scrollTop = 0;
    choose();
    if (id === "rule" && account) drawDocument();
  });
}
for (const button of document.querySelectorAll("[data-rule]")) {
  button.addEventListener("click", () => {
    by("rule").value = button.dataset.rule;
    choose();
    if (account) drawDocument();
    location.hash = shown[0]?.id ?? "documents";
  });
}
by("language").addEventListener("click", () => {
  language = language === "en" ? "zh" : "en";
  kept("language", language);
  speak();
});
by("keys").addEventListener("click", () => by("help").showModal());
addEventListener("hashchange", route);
load("data/documents.js").catch(() => {}).then(speak).then(route); // whether there is a list, the address says
