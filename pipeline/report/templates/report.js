"use strict";
// The page of the report: its words, the list of documents, and each document before and after.
// Texts are hostile. They reach the page as text of an element alone: nothing here makes markup out of a string.

const { rules, steps, families, flags, columns, words } = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");

/** An element with these properties and children; strings become text. */
function make(tag, properties = {}, ...children) {
  const { data = {}, ...rest } = properties;
  const made = Object.assign(document.createElement(tag), rest);
  Object.assign(made.dataset, data);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

// ------------------------------------------------------------------------------------------------------------- words
const remembered = { get: () => { try { return localStorage.getItem("language"); } catch { return null; } },
  set: (value) => { try { localStorage.setItem("language", value); } catch { /* a page in a folder may keep nothing */ } } };
let language = remembered.get() ?? (navigator.language.startsWith("zh") ? "zh" : "en");

const say = (key, values = {}) => words[key][language].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

/** Put every word of the page into the language that was chosen; what the dataset says stays as it is. */
function speak() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const one of document.querySelectorAll("[data-word]")) {
    one.textContent = say(one.dataset.word, JSON.parse(one.dataset.values ?? "{}"));
  }
  for (const one of document.querySelectorAll("[data-name]")) one.ariaLabel = say(one.dataset.name);
  for (const one of document.querySelectorAll("[data-hint]")) one.placeholder = say(one.dataset.hint);
  for (const one of document.querySelectorAll("[data-group]")) one.label = say(one.dataset.group);
  choose();
  if (account) drawDocument();
}

// -------------------------------------------------------------------------------------------------------------- data
const PAGES_KEPT = 6;
const taken = new Map(); // pages of documents by number, the one that was used last behind the others
let listed = [];
window.report = Object.freeze({
  list: (rows) => { listed = rows; },
  take: (page, documents) => { taken.set(page, documents); },
});

const OURS = /^data\/(documents|page-\d{4,})\.js$/;
const checked = (name) => { if (!OURS.test(name)) throw new TypeError(name); return name; };
const policy = window.trustedTypes?.createPolicy("report", { createScriptURL: checked }) ?? { createScriptURL: checked };

/** Run one of the scripts beside this page: it hands over its rows, and is forgotten. */
function load(name) {
  return new Promise((done, failed) => {
    const script = make("script", { src: policy.createScriptURL(name), onload: done, onerror: failed });
    script.addEventListener("load", () => script.remove());
    document.head.append(script);
  });
}

async function documentOf(row) {
  if (!taken.has(row.page)) await load(`data/page-${String(row.page).padStart(4, "0")}.js`);
  const documents = taken.get(row.page);
  taken.delete(row.page);
  taken.set(row.page, documents);
  for (const page of [...taken.keys()].slice(0, -PAGES_KEPT)) taken.delete(page);
  return documents[row.id];
}

// ------------------------------------------------------------------------------------------------------------ the list
const ROW = 56;
const compare = new Intl.Collator("zh-Hans-u-co-pinyin", { numeric: true }).compare;
const nameOf = (row) => row.title ?? row.path.split("/").at(-1);
const ORDERS = {
  path: (a, b) => compare(a.path, b.path),
  title: (a, b) => compare(nameOf(a), nameOf(b)),
  changes: (a, b) => b.edits - a.edits,
  loss: (a, b) => b.raw - b.published - a.raw + a.published,
  date: (a, b) => (b.date ?? "").localeCompare(a.date ?? ""),
};
let shown = [];
let current = null; // the row of the document that is open

/** Whether a rule, by its number, is one that was chosen: all of them where none was. */
const isChosen = (rule) => { const chosen = by("rule").value; return !chosen || rules[rule].name === chosen || rules[rule].family === chosen; };

const found = (row) => (row.found ??= [row.title ?? "", row.path, row.id, row.encoding ?? "", row.date ?? "", ...row.flags].join("\n").toLowerCase());

function choose() {
  const wanted = by("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (row) => wanted.every((word) => found(row).includes(word)) && (!by("rule").value || row.rules.some(([rule]) => isChosen(rule)));
  shown = listed.filter(fits).sort(ORDERS[by("sort").value]);
  by("found").textContent = shown.length ? say("of_documents", { n: number(shown.length), total: number(listed.length) }) : say("no_document");
  by("rows").style.height = `${shown.length * ROW}px`;
  drawList();
}

/** Draw the rows that are in sight, and a few beyond: a list of ten thousand has no more elements than one of fifty. */
function drawList() {
  const list = by("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 5);
  const rows = shown.slice(first, first + Math.ceil(list.clientHeight / ROW) + 10);
  by("rows").replaceChildren(...rows.map((row, place) => rowOf(row, first + place)));
  const selected = shown.indexOf(current);
  if (by(`row-${selected}`)) list.setAttribute("aria-activedescendant", `row-${selected}`);
  else list.removeAttribute("aria-activedescendant");
}

function rowOf(row, place) {
  const made = make("div", { className: "row", id: `row-${place}`, role: "option", ariaSelected: String(row === current), ariaPosInSet: place + 1, ariaSetSize: shown.length, onclick: () => open(row) },
    make("bdi", { className: "title", lang: "zh-Hans" }, plain(nameOf(row))),
    make("span", { className: "size" }, say("n_edits", { n: number(row.edits) })),
    make("bdi", { className: "path" }, plain(row.path)),
    make("span", { className: "size" }, `${number(row.raw)} → ${number(row.published)}`));
  made.style.top = `${place * ROW}px`;
  return made;
}

function move(by_) {
  const place = shown.indexOf(current);
  const next = shown[place < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, place + by_))];
  if (next && next !== current) open(next);
}

function scrollTo(place) {
  const list = by("list");
  const top = place * ROW;
  if (place >= 0 && (top < list.scrollTop || top + ROW > list.scrollTop + list.clientHeight)) list.scrollTop = top - list.clientHeight / 2;
}

// ---------------------------------------------------------------------------------------------------------- addresses
const open = (row) => { location.hash = row.id; };

async function route() {
  const wanted = location.hash.slice(1);
  const row = listed.find((one) => one.id === wanted);
  const glance = !row && wanted !== "documents";
  by("glance").hidden = !glance;
  by("documents").hidden = glance;
  for (const link of document.querySelectorAll(".top nav a")) {
    if ((link.hash === "#glance") === glance) link.ariaCurrent = "page"; else link.ariaCurrent = null;
  }
  hideWhy();
  if (glance) return;
  if (!row) { drawList(); if (!current && shown.length) location.replace(`#${shown[0].id}`); return; }
  current = row;
  scrollTo(shown.indexOf(row));
  drawList();
  if (account?.id === row.id) return;
  try {
    const whole = await documentOf(row);
    if (current !== row) return; // somebody went on meanwhile
    account = new Account(row.id, whole);
    drawDocument();
  } catch (error) {
    if (!(error instanceof Event)) throw error;
    by("document").replaceChildren(make("p", { className: "notice" }, say("cannot_read", { file: `data/page-${String(row.page).padStart(4, "0")}.js` })));
  }
}

// ----------------------------------------------------------------------------------------------- what was done to a text
/** The pieces and edits of a document: which edit made which piece, and what became of it. */
class Account {
  constructor(id, whole) {
    Object.assign(this, whole, { id, edits: [], bornBy: [], endedBy: [], before: [], behind: [] });
    for (const [rule, by_, column, masked, times] of whole.runs) {
      for (let n = 0; n < times; n += 1) { this.edits.push({ rule, by_, column, masked }); this.bornBy.push([]); this.endedBy.push([]); }
    }
    this.pieces = whole.texts.map((text, place) => {
      const fates = [whole.fates[place]].flat(); // 0: it stays; n: edit n - 1 took it out; -n: that put it in
      const piece = { text, born: -1 - (fates.find((fate) => fate < 0) ?? 0), ended: (fates.find((fate) => fate > 0) ?? 0) - 1 };
      this.bornBy[piece.born]?.push(piece);
      this.endedBy[piece.ended]?.push(piece);
      return piece;
    });
  }

  /** Whether an edit put in as many characters as it took out: only then it is known which became which. */
  isEven(edit) {
    return [...textOf(this.endedBy[edit])].length === [...textOf(this.bornBy[edit])].length;
  }

  /** An edit and those that had made what it replaced. */
  earlier(edit) {
    return (this.before[edit] ??= unique([...this.endedBy[edit].flatMap(({ born }) => (born < 0 ? [] : this.earlier(born))), edit]));
  }

  /** An edit and those that replaced what it had made. */
  later(edit) {
    return (this.behind[edit] ??= unique([edit, ...this.bornBy[edit].flatMap(({ ended }) => (ended < 0 ? [] : this.later(ended)))]));
  }

  /** The edits that tell how a piece came about and what became of it, in the order in which they were made. */
  told({ born, ended }) {
    return unique([...(born < 0 ? [] : this.earlier(born)), ...(ended < 0 ? [] : this.later(ended))]);
  }

  /** The edit that decided about a piece: of what is gone without a trace, the last one. */
  decider({ born, ended }) {
    if (ended < 0) return born;
    const later = this.later(ended);
    const stays = later.some((edit) => this.bornBy[edit].some((piece) => piece.ended < 0));
    return stays ? ended : later.at(-1);
  }

  /** Whether some piece of the raw or of the published text tells of an edit. */
  isSeen(edit) {
    return this.endedBy[edit].some(({ born }) => born < 0) || this.bornBy[edit].some(({ ended }) => ended < 0);
  }
}
const unique = (values) => [...new Set(values)].sort((a, b) => a - b);
const textOf = (pieces) => pieces.map(({ text }) => text).join("");

// ------------------------------------------------------------------------------------------- a document, item by item
const CONTEXT = 80; // characters that stay beside a fold
const LONG = 4000; // characters of a change that is folded in any case
const WHOLE = 20000; // characters up to which a text is drawn whole at first
const AT_ONCE = 300; // paragraphs that are drawn before somebody scrolls
const view = { side: false, folded: null, off: new Set() };
const isDrawn = (edit) => isChosen(account.edits[edit].rule) && !view.off.has(rules[account.edits[edit].rule].family);
const isFolded = () => view.folded ?? account.raw > WHOLE;

/** What is drawn, in order: text that stays, what is gone, what is new, and pairs of both. */
function itemsOf() {
  const items = [];
  const marked = new Set();
  const { pieces } = account;
  for (let n = 0; n < pieces.length; n += 1) {
    const piece = pieces[n];
    if (piece.born < 0 && piece.ended < 0) { items.push({ kind: "same", text: piece.text, pieces: [n] }); continue; }
    const told = account.told(piece);
    const drawn = told.some(isDrawn);
    const edit = account.decider(piece);
    const item = { text: piece.text, told, edit, pieces: [n], quiet: !drawn, family: rules[account.edits[edit].rule].family };
    if (piece.born >= 0 && piece.ended >= 0) {
      // Nobody sees it before or after. Where nothing else tells of its edits, it gets a sign.
      if (drawn && !told.some((edit) => account.isSeen(edit) || marked.has(edit))) items.push({ ...item, kind: "passed", text: "◇" });
      for (const edit of told) marked.add(edit);
    } else if (piece.born >= 0) items.push({ ...item, kind: "new" });
    else if (isPair(piece, pieces[n + 1])) { items.push(...facing(item, pieces[n + 1].text)); n += 1; }
    else items.push({ ...item, kind: "gone" });
  }
  return items.flatMap((item, place) => folded(item, place > 0, place < items.length - 1));
}

const isPair = (old, fresh) => fresh?.born === old.ended && fresh.ended < 0 && account.isEven(old.ended) && [...old.text].length === [...fresh.text].length;

/** What is gone and what came in its place, position by position: what is the same on both sides was not changed. */
function facing(item, fresh) {
  const [old, now] = [[...item.text], [...fresh]];
  const found = [];
  for (let start = 0, end; start < old.length; start = end) {
    const isSame = old[start] === now[start];
    for (end = start + 1; end < old.length && (old[end] === now[end]) === isSame; end += 1);
    const [was, text] = [old, now].map((characters) => characters.slice(start, end).join(""));
    if (isSame) found.push({ kind: "same", text, pieces: item.pieces });
    else if (HAN.test(was)) found.push({ ...item, kind: "pair", was, text });
    else found.push({ ...item, kind: "gone", text: was }, { ...item, kind: "new", text });
  }
  return found;
}
const HAN = /^\p{Script=Han}+$/u;

/** An item with its middle folded away, where it is longer than anybody wants to scroll. */
function folded(item, hasBefore, hasBehind) {
  const most = item.kind === "same" ? (isFolded() ? 3 * CONTEXT : Infinity) : LONG;
  if (item.text.length <= most) return [item];
  const head = item.kind !== "same" || hasBefore ? whole(item.text, CONTEXT) : 0;
  const tail = item.kind !== "same" || hasBehind ? whole(item.text, item.text.length - CONTEXT) : item.text.length;
  const parts = [item.text.slice(0, head), item.text.slice(head, tail), item.text.slice(tail)];
  return parts.map((text, part) => (part === 1 ? { kind: "fold", hides: { ...item, text } } : { ...item, text })).filter(({ kind, text }) => kind === "fold" || text);
}
const whole = (text, at) => (/[\udc00-\udfff]/.test(text[at]) ? at + 1 : at); // never between the halves of a character

// ------------------------------------------------------------------------------------------------------ how it is drawn
const UNSEEN = /([\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}])/u;

/** A text as nodes; what nobody could see, or would turn the direction of what follows, is named instead. */
function plain(text, keep = "") {
  return text.split(UNSEEN).map((part) => {
    if (part === "" || keep.includes(part) || !UNSEEN.test(part)) return part;
    return make("span", { className: "sign" }, part === "\n" ? "↵" : part === "\t" ? "→" : `U+${part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
  });
}

/** A part of an item as it stands in a line. */
function drawn(item, part, place) {
  if (item.kind === "same" || item.quiet) return plain(part, "\t");
  const properties = { className: `f-${item.family}`, data: { change: place, edit: item.edit } };
  if (item.kind === "gone") return [make("del", { ...properties, lang: account.languages[0] }, plain(part))];
  if (item.kind === "new") return [make("ins", properties, plain(part))];
  if (item.kind === "passed") return [make("span", { ...properties, className: `passed f-${item.family}`, title: say("pieces_passed") }, part)];
  return [make("ruby", properties, make("ins", {}, plain(part)), make("rt", { lang: account.languages[0] }, make("del", {}, plain(item.was))))];
}

/** The lines of the raw text of which nothing stays, by their number. */
function goneLines(entries) {
  const gone = new Set();
  let line = 0;
  let isKept = false;
  let isStruck = false;
  const turn = () => { if (isStruck && !isKept) gone.add(line); line += 1; isKept = isStruck = false; };
  for (const [, item] of entries) {
    const { kind, text, was, quiet } = item.hides ?? item;
    if (kind === "new" || kind === "passed" || (kind === "gone" && quiet)) continue;
    for (const [n, part] of (was ?? text).split("\n").entries()) {
      if (n) turn();
      if (kind === "gone") isStruck ||= part.trim() !== ""; else isKept ||= part !== "";
    }
  }
  turn();
  return gone;
}

/** The text as one, in paragraphs. A line end that is gone is a sign alone, but at a line that is gone as a whole. */
function* paragraphs(entries) {
  const gone = goneLines(entries);
  let line = make("p");
  let raw = 0;
  let hasText = false;
  const turn = () => { const done = line; line = make("p"); hasText = false; return done; };
  for (const [place, item] of entries) {
    if (item.kind === "gone" && item.quiet) continue;
    if (item.kind === "fold") {
      raw += item.hides.kind === "new" ? 0 : item.hides.text.split("\n").length - 1;
      if (line.hasChildNodes()) yield turn();
      yield fold(item, place);
      continue;
    }
    for (const [n, part] of item.text.split("\n").entries()) {
      if (n) {
        if (item.kind !== "same" && !item.quiet) line.append(lineEnd(item, place));
        if (item.kind !== "gone" || gone.has(raw) || (hasText && gone.has(raw + 1))) yield turn();
        if (item.kind !== "new") raw += 1;
      }
      if (part) { line.append(...drawn(item, part, place)); hasText = true; }
    }
  }
  if (line.hasChildNodes()) yield turn();
}

/** The text before and after side by side: a row ends where both have a line end, and at a line that is gone as a whole. */
function* pairs(entries) {
  const gone = goneLines(entries);
  let raw = 0;
  let before;
  let after;
  const turn = () => {
    const done = before && make("div", { className: "pair" }, before, after);
    [before, after] = account.languages.map((lang) => make("div", { lang }));
    return done;
  };
  turn();
  for (const [place, item] of entries) {
    if (item.kind === "fold") {
      raw += item.hides.kind === "new" ? 0 : item.hides.text.split("\n").length - 1;
      yield turn();
      yield fold(item, place);
      continue;
    }
    if (item.kind === "pair") {
      before.append(...drawn({ ...item, kind: "gone" }, item.was, place));
      after.append(...drawn({ ...item, kind: "new" }, item.text, place));
      continue;
    }
    const isLeft = item.kind === "same" || item.kind === "gone";
    for (const [n, part] of item.text.split("\n").entries()) {
      if (n) {
        const cell = isLeft ? before : after;
        if (item.kind !== "same" && !item.quiet) cell.append(lineEnd(item, place));
        if (item.kind === "same" || (gone.has(raw) && !after.hasChildNodes())) yield turn();
        else if (item.text.trim() || item.quiet) cell.append("\n");
        if (item.kind !== "new" && !(item.kind === "gone" && item.quiet)) raw += 1;
      }
      if (part && isLeft) before.append(...drawn(item, part, place));
      if (part && item.kind !== "gone") after.append(...drawn(item, part, place));
    }
  }
  if (before.hasChildNodes() || after.hasChildNodes()) yield turn();
}

const lineEnd = (item, place) => make(item.kind === "gone" ? "del" : "ins", { className: `mark f-${item.family}`, data: { change: place, edit: item.edit } }, "↵");
const blocks = (entries) => (view.side ? pairs : paragraphs)(entries);

function fold(item, place) {
  const hides = number([...item.hides.text].length);
  const made = make("div", { className: "folded" }, make("button", { type: "button", onclick: () => made.replaceWith(...blocks([[place, item.hides]])) }, say("characters_hidden", { n: hides })));
  return made;
}

// ------------------------------------------------------------------------------------------------ a document, as a whole
let account = null;
let drawing = null; // what is left to be drawn of the open document
let items = [];

function drawDocument() {
  const pane = by("document");
  items = itemsOf();
  pane.className = view.side ? "side" : "";
  const text = make("div", { className: "text", lang: account.languages[1] });
  if (view.side) text.append(make("div", { className: "pair heads", lang: document.documentElement.lang }, make("div", {}, say("raw_text")), make("div", {}, say("published_text"))));
  pane.replaceChildren(...headOf(), toolsOf(), text);
  pane.scrollTop = 0;
  if (!items.some(({ edit, quiet }) => edit !== undefined && !quiet)) text.before(make("p", { className: "soft" }, say("nothing_changed")));
  drawing = blocks(items.map((item, place) => [place, item]));
  drawMore(text);
  change = -1;
}

/** Draw so much as a reader sees at once; what is left follows when somebody scrolls there. */
function drawMore(text) {
  text.querySelector(".more")?.remove();
  for (let n = 0; n < AT_ONCE; n += 1) {
    const { value, done } = drawing.next();
    if (done) return false;
    text.append(value);
  }
  const more = make("button", { className: "more", type: "button", onclick: () => drawMore(text) }, say("more"));
  text.append(more);
  new IntersectionObserver((seen, watch) => { if (seen.some((one) => one.isIntersecting)) { watch.disconnect(); if (more.isConnected) drawMore(text); } }, { rootMargin: "1000px" }).observe(more);
  return true;
}

function headOf() {
  const row = listed.find(({ id }) => id === account.id);
  const head = [
    make("h2", { lang: account.languages[1] }, plain(nameOf(row))),
    make("p", { className: "facts" }, make("bdi", { className: "path" }, plain(account.path)), make("code", {}, account.id)),
    make("p", { className: "facts" },
      make("span", {}, account.encoding ?? "", account.bytes === null ? "" : ` · ${say("bytes", { n: number(account.bytes) })}`),
      make("span", {}, account.languages[0] === account.languages[1] ? account.languages[1] : account.languages.join(" → ")),
      make("span", {}, say("length_change", { raw: number(account.raw), published: number(account.published) })),
      make("span", {}, say("n_edits", { n: number(account.edits.length) }))),
    make("ul", { className: "chips" }, account.flags.map((flag) => make("li", { title: flags[flag] ?? "", lang: "en" }, flag))),
  ];
  if (account.copies[1]) {
    const more = account.copies[1] - account.copies[0].length;
    head.push(make("p", { className: "facts" }, say("copies"), ": ", account.copies[0].map((path) => make("bdi", { className: "path" }, plain(path))), more ? say("and_more", { n: number(more) }) : ""));
  }
  head.push(make("details", { className: "read" }, make("summary", {}, say("fields")),
    make("dl", {}, account.fields.flatMap(([name, value]) => [make("dt", { title: columns[name] ?? "" }, make("code", {}, name)), make("dd", { lang: account.languages[1] }, plain(value, "\n"))]))));
  const resolved = account.conflicts.slice(0, CONFLICTS).map(conflictOf);
  if (account.conflicts.length > CONFLICTS) resolved.push(make("p", { className: "soft" }, say("and_more", { n: number(account.conflicts.length - CONFLICTS) })));
  return [...head, ...resolved];
}
const CONFLICTS = 12;

function conflictOf(conflict) {
  const resolution = words[`conflict_${conflict.resolution}`] ? say(`conflict_${conflict.resolution}`) : conflict.resolution;
  const sides = conflict.sides.map(([side, label, text]) => [make("p", { className: "soft" }, say(`side_${side}`), " ", make("bdi", {}, plain(label ?? ""))), make("pre", { lang: account.languages[0] }, plain(text, "\n"))]);
  const show = () => goTo(items.findIndex((item) => item.told && !item.quiet && item.pieces.some((piece) => piece >= conflict.piece)));
  return make("details", { className: "resolved f-conflict" },
    make("summary", {}, say("conflict_one"), " · ", plain(conflict.style), " · ", resolution),
    make("p", { lang: "en" }, make("code", {}, rules[conflict.rule].name), " ", make("span", { className: "soft" }, rules[conflict.rule].sentence)),
    sides.flat(),
    make("p", {}, make("button", { type: "button", onclick: show }, say("show_in_text"))));
}

function toolsOf() {
  const times = new Map();
  for (const { rule } of account.edits) times.set(rules[rule].family, (times.get(rules[rule].family) ?? 0) + 1);
  const toggle = (family) => { if (!view.off.delete(family)) view.off.add(family); redraw(`[data-family="${family}"]`); };
  const legend = families.filter((family) => times.has(family)).map((family) => make("button", { type: "button", className: `legend f-${family}`, ariaPressed: String(!view.off.has(family)), data: { family }, onclick: () => toggle(family) }, make("i", { className: "swatch" }), say(`family_${family}`), " ", number(times.get(family))));
  const pick = (key, isOn, id, act) => make("button", { type: "button", id, ariaPressed: String(isOn), onclick: act }, say(key));
  return make("div", { className: "bar-of-tools", role: "toolbar", ariaLabel: say("legend") }, legend, make("span", { className: "ways" },
    make("button", { type: "button", ariaLabel: say("previous_change"), title: say("previous_change"), onclick: () => step(-1) }, "↑"),
    make("button", { type: "button", ariaLabel: say("next_change"), title: say("next_change"), onclick: () => step(1) }, "↓"),
    pick("fold", isFolded(), "fold", () => { view.folded = !isFolded(); redraw("#fold"); }),
    pick("side_by_side", view.side, "side", () => { view.side = !view.side; redraw("#side"); })));
}

/** Draw the document anew, and leave the focus where it was. */
function redraw(focused) {
  const had = document.activeElement?.matches(focused);
  drawDocument();
  if (had) by("document").querySelector(focused)?.focus();
}

// ------------------------------------------------------------------------------------------------------ change by change
let change = -1; // the item that was gone to last

/** Go to what the next edit did, or the one before: of an edit in several places, to the first one on the way. */
function step(by_) {
  for (let place = change + by_; place >= 0 && place < items.length; place += by_) {
    const { edit, quiet } = items[place];
    if (edit !== undefined && !quiet && edit !== items[change]?.edit) return goTo(place);
  }
}

function goTo(place) {
  const there = () => by("document").querySelector(`[data-change="${place}"]`);
  while (!there() && drawMore(by("document").querySelector(".text")));
  const element = there();
  if (!element) return;
  change = place;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center" });
  explain(element);
}

const TOLD = 6;

/** Say beside a change which rules made it, and what for. */
function explain(element) {
  const item = items[element.dataset.change];
  for (const one of document.querySelectorAll(".current")) one.classList.remove("current");
  for (const one of document.querySelectorAll(`[data-edit="${item.edit}"]`)) one.classList.add("current");
  const told = item.told.slice(0, TOLD).map((edit) => {
    const { rule, by_, column, masked } = account.edits[edit];
    const { name, family, sentence } = rules[rule];
    const [before, after] = [account.endedBy[edit], account.bornBy[edit]].map((pieces) => shortened(textOf(pieces)));
    return make("section", { className: `f-${family}` },
      make("p", {}, make("span", { className: "step" }, steps[by_].join(" › ")), make("i", { className: "swatch" }), make("code", {}, name)),
      make("p", { lang: "en" }, sentence || words.unknown_rule.en),
      make("p", { lang: account.languages[1] }, before && make("del", {}, plain(before)), before && after ? " → " : "", after && make("ins", {}, plain(after))),
      column >= 0 ? make("p", { className: "soft" }, say("column_kept", { column: Object.keys(columns)[column] })) : null,
      masked ? make("p", { className: "soft" }, say("masked")) : null);
  });
  if (item.told.length > TOLD) told.push(make("p", { className: "soft" }, say("and_more", { n: number(item.told.length - TOLD) })));
  const why = by("why");
  why.replaceChildren(...told);
  why.hidden = false;
  element.setAttribute("aria-describedby", "why");
  const at = element.getClientRects()[0] ?? element.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = why;
  why.style.left = `${Math.max(8, Math.min(at.left, innerWidth - offsetWidth - 8))}px`;
  why.style.top = `${at.bottom + 8 + offsetHeight < innerHeight ? at.bottom + 8 : Math.max(8, at.top - offsetHeight - 8)}px`;
}

function shortened(text) {
  const most = 120;
  return text.length <= most ? text : `${text.slice(0, whole(text, most / 2))} … ${text.slice(whole(text, text.length - most / 2))}`;
}

function hideWhy() {
  by("why").hidden = true;
  for (const one of document.querySelectorAll(".current")) { one.classList.remove("current"); one.removeAttribute("aria-describedby"); }
}

// -------------------------------------------------------------------------------------------------------- hands and keys
const inDocuments = (act) => () => { if (!by("documents").hidden) act(); };
const KEYS = {
  j: inDocuments(() => move(1)), ArrowRight: inDocuments(() => move(1)), k: inDocuments(() => move(-1)), ArrowLeft: inDocuments(() => move(-1)),
  n: inDocuments(() => step(1)), p: inDocuments(() => step(-1)),
  "/": () => { location.hash = by("documents").hidden ? "documents" : location.hash; setTimeout(() => by("search").focus()); },
  f: inDocuments(() => by("rule").focus()), v: inDocuments(() => by("side")?.click()), c: inDocuments(() => by("fold")?.click()),
  g: () => { location.hash = "glance"; }, d: () => { location.hash = current?.id ?? "documents"; }, "?": () => by("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || by("help").open) return;
  const isTyping = event.target.matches("input, select");
  if (event.key === "Escape") { hideWhy(); if (isTyping) event.target.blur(); }
  if (isTyping || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});
by("list").addEventListener("keydown", (event) => {
  const by_ = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
  if (by_) { event.preventDefault(); move(by_); }
});
by("list").addEventListener("scroll", drawList, { passive: true });
new ResizeObserver(drawList).observe(by("list"));
by("document").addEventListener("pointerover", ({ target }) => { const element = target.closest("[data-change]"); if (element) explain(element); else hideWhy(); });
by("document").addEventListener("pointerleave", hideWhy);
by("document").addEventListener("scroll", () => { if (!document.activeElement?.matches("[data-change]")) hideWhy(); }, { passive: true });
by("document").addEventListener("click", ({ target }) => { const element = target.closest("[data-change]"); if (element) { change = Number(element.dataset.change); explain(element); } });
for (const id of ["search", "rule", "sort"]) {
  by(id).addEventListener("input", () => { by("list").scrollTop = 0; choose(); if (id === "rule" && account) drawDocument(); });
}
by("language").addEventListener("click", () => { language = language === "en" ? "zh" : "en"; remembered.set(language); speak(); });
by("keys").addEventListener("click", () => by("help").showModal());
for (const button of document.querySelectorAll("[data-rule]")) {
  button.addEventListener("click", () => { by("rule").value = button.dataset.rule; choose(); location.hash = shown[0]?.id ?? "documents"; });
}
addEventListener("hashchange", route);
load("data/documents.js").then(() => { speak(); return route(); }, () => by("found").replaceChildren(say("cannot_read", { file: "data/documents.js" })));
