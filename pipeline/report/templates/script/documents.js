// The documents: how they come to the page, and the list in which they are found.

const PAGES_KEPT = 6;
const taken = new Map(); // pages of documents by number, the one that was used last behind the others
let listed = null; // the rows of the list, once they are there

window.report = Object.freeze({
  list: (rows) => { listed = rows; },
  take: (page, documents) => { taken.set(page, documents); },
});

/** Only a page that lies beside this one may be run; a browser that knows trusted types lets nothing else through. */
const ours = (name) => {
  if (!/^data\/(documents|page-\d{4,})\.js$/.test(name)) throw new TypeError(name);
  return name;
};
const policy = window.trustedTypes?.createPolicy("report", { createScriptURL: ours }) ?? { createScriptURL: ours };

/** Run one of the scripts beside this page: it hands over its rows, and is forgotten. */
function load(name) {
  return new Promise((done, failed) => {
    const script = make("script", { src: policy.createScriptURL(name), onload: done });
    script.onerror = () => failed(new Missing(name));
    document.head.append(script);
    script.remove();
  });
}
class Missing extends Error {}

async function documentOf(row) {
  if (!taken.has(row.page)) await load(`data/page-${String(row.page).padStart(4, "0")}.js`);
  const documents = taken.get(row.page);
  taken.delete(row.page);
  taken.set(row.page, documents);
  for (const page of [...taken.keys()].slice(0, -PAGES_KEPT)) taken.delete(page);
  return documents[row.id];
}

const ROW = 56; // pixels, as in the style
const compare = new Intl.Collator("zh-Hans-u-co-pinyin", { numeric: true }).compare;
const nameOf = (row) => row.title ?? row.path.split("/").at(-1);
const ORDERS = {
  path: (a, b) => compare(a.path, b.path),
  title: (a, b) => compare(nameOf(a), nameOf(b)),
  changes: (a, b) => b.edits - a.edits,
  loss: (a, b) => b.raw - b.published - a.raw + a.published,
  date: (a, b) => (b.date ?? "").localeCompare(a.date ?? ""),
};
let shown = []; // the rows that fit what was asked for, in their order
let current = null; // the row of the document that is open

/** Whether a rule, by its number, is one that was chosen: any is where none was. */
function isChosen(rule) {
  const chosen = by("rule").value;
  return !chosen || rules[rule].name === chosen || rules[rule].family === chosen;
}

/** Whether every word stands in what the list knows of a document. */
function fits(row, wanted) {
  row.said ??= [row.title, row.path, row.id, row.encoding, row.date, ...row.flags].join("\n").toLowerCase();
  return wanted.every((word) => row.said.includes(word));
}

function choose() {
  const wanted = by("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const isAny = by("rule").value === "";
  const isChanged = (row) => isAny || row.rules.some(([rule]) => isChosen(rule));
  shown = (listed ?? []).filter((row) => isChanged(row) && fits(row, wanted)).sort(ORDERS[by("sort").value]);
  const times = { n: number(shown.length), total: number(listed?.length ?? 0) };
  by("found").textContent = shown.length ? say("of_documents", times) : say("no_document");
  by("rows").style.height = `${shown.length * ROW}px`;
  drawList();
}

/** Draw the rows that are in sight, and a few beyond: a list of ten thousand has no more elements than one of fifty. */
function drawList() {
  const list = by("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 5);
  const rows = shown.slice(first, first + Math.ceil(list.clientHeight / ROW) + 10);
  by("rows").replaceChildren(...rows.map((row, place) => drawRow(row, first + place)));
  const selected = `row-${shown.indexOf(current)}`;
  if (by(selected)) list.setAttribute("aria-activedescendant", selected);
  else list.removeAttribute("aria-activedescendant");
}

function drawRow(row, place) {
  const position = { "aria-selected": row === current, "aria-posinset": place + 1, "aria-setsize": shown.length };
  const made = make("div", { className: "row", id: `row-${place}`, attributes: { role: "option", ...position } },
    make("bdi", { className: "title", lang: "zh-Hans" }, plain(nameOf(row))),
    make("span", { className: "size" }, editsOf(row.edits)),
    make("bdi", { className: "path" }, plain(row.path)),
    make("span", { className: "size" }, `${number(row.raw)} → ${number(row.published)}`));
  made.style.top = `${place * ROW}px`;
  made.addEventListener("click", () => openRow(row));
  return made;
}

const openRow = (row) => { location.hash = row.id; };

/** Open the document so many places on in the list. */
function goOn(places) {
  const place = shown.indexOf(current);
  const next = shown[place < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, place + places))];
  if (next && next !== current) openRow(next);
}

/** Have the open document's row in sight. */
function showRow() {
  const list = by("list");
  const place = shown.indexOf(current);
  const top = place * ROW;
  const isInSight = top >= list.scrollTop && top + ROW <= list.scrollTop + list.clientHeight;
  if (place >= 0 && !isInSight) list.scrollTop = top - list.clientHeight / 2;
  drawList();
  const where = { n: number(place + 1), total: number(shown.length) };
  by("said").textContent = place < 0 ? nameOf(current) : `${say("document_of", where)}: ${nameOf(current)}`;
}
