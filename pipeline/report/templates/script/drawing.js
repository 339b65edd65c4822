// How items become lines: as one text, or before and after side by side.

const CROWD = 1000; // parts of a line after which it is broken up
const UNSEEN = /([\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}])/u;
const SIGNS = { "\n": "↵", "\t": "→" };

/** A text as nodes; what nobody could see, or would turn the direction of what follows, is named instead. */
function plain(text, keep = "") {
  return text.split(UNSEEN).map((part, n) => {
    if (n % 2 === 0 || keep.includes(part)) return part;
    const point = part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    return make("span", { className: "sign" }, SIGNS[part] ?? `U+${point}`);
  });
}

/** What marks an element as a part of a change. */
const marked = (item, place, className = "") => (
  { className: `${className} f-${item.family}`, data: { change: place, edit: item.edit } });

/** A part of an item as it stands in a line. */
function drawn(item, part, place) {
  const [raw] = account.languages;
  if (item.kind === "same" || item.isQuiet) return plain(part, "\t");
  if (item.kind === "gone") return [make("del", { ...marked(item, place), lang: raw }, plain(part))];
  if (item.kind === "new") return [make("ins", marked(item, place), plain(part))];
  if (item.kind === "passed") return [make("span", { ...marked(item, place, "passed"), title: say("passed") }, part)];
  const was = make("rt", { lang: raw }, make("del", {}, plain(item.was)));
  return [make("ruby", marked(item, place), make("ins", {}, plain(part)), was)];
}

const lineEnd = (item, place) => make(item.kind === "gone" ? "del" : "ins", marked(item, place, "mark"), "↵");

/** How many line ends of the raw text an item holds, of those that are drawn. */
function rawLines(item) {
  const { kind, was, text, isQuiet } = item.hides ?? item;
  const isRaw = kind === "same" || kind === "pair" || (kind === "gone" && !isQuiet);
  return isRaw ? (was ?? text).split("\n") : [""];
}

/** The lines of the raw text of which nothing stays, by their number. */
function goneLines(entries) {
  const gone = new Set();
  let line = 0;
  let isKept = false;
  let isStruck = false;
  const turn = () => {
    if (isStruck && !isKept) gone.add(line);
    line += 1;
    isKept = isStruck = false;
  };
  for (const [, item] of entries) {
    const { kind } = item.hides ?? item;
    for (const [n, part] of rawLines(item).entries()) {
      if (n) turn();
      if (kind === "gone") isStruck ||= part.trim() !== "";
      else isKept ||= part !== "";
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
  const turn = () => {
    const done = line;
    line = make("p");
    hasText = false;
    return done;
  };
  for (const [place, item] of entries) {
    if (item.kind === "fold") {
      raw += rawLines(item).length - 1;
      if (line.hasChildNodes()) yield turn();
      yield fold(item, place);
      continue;
    }
    if (item.kind === "gone" && item.isQuiet) continue;
    for (const [n, part] of item.text.split("\n").entries()) {
      if (n) {
        if (item.kind !== "same" && !item.isQuiet) line.append(lineEnd(item, place));
        if (item.kind !== "gone" || gone.has(raw) || (hasText && gone.has(raw + 1))) yield turn();
        if (item.kind !== "new") raw += 1;
      }
      if (part) {
        line.append(...drawn(item, part, place));
        hasText = true;
      }
      if (line.childNodes.length > CROWD) yield turn();
    }
  }
  if (line.hasChildNodes()) yield turn();
}

/** Before and after side by side: a row ends where both have a line end, and at a line that is gone as a whole. */
function* pairs(entries) {
  const gone = goneLines(entries);
  let raw = 0;
  let [before, after] = cells();
  const turn = () => {
    const done = make("div", { className: "pair" }, before, after);
    [before, after] = cells();
    return done;
  };
  for (const [place, item] of entries) {
    if (item.kind === "fold") {
      raw += rawLines(item).length - 1;
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
        if (item.kind !== "same" && !item.isQuiet) cell.append(lineEnd(item, place));
        if (item.kind === "same" || (gone.has(raw) && !after.hasChildNodes())) yield turn();
        else if (item.text.trim() || item.isQuiet) cell.append("\n");
        if (isLeft && !(item.kind === "gone" && item.isQuiet)) raw += 1;
      }
      if (part && isLeft) before.append(...drawn(item, part, place));
      if (part && item.kind !== "gone") after.append(...drawn(item, part, place));
      if (before.childNodes.length + after.childNodes.length > CROWD) yield turn();
    }
  }
  if (before.hasChildNodes() || after.hasChildNodes()) yield turn();
}

const cells = () => account.languages.map((lang) => make("div", { lang }));
const blocks = (entries) => (view.side ? pairs : paragraphs)(entries);

/** A button in the place of what it hides; it gives way to that bit by bit. */
function fold(item, place) {
  const { text } = item.hides;
  const end = border(text, REVEALED);
  const entries = [[place, { ...item.hides, text: text.slice(0, end) }]];
  if (end < text.length) entries.push([place, { ...item, hides: { ...item.hides, text: text.slice(end) } }]);
  const hidden = say("characters_hidden", { n: number(lengthOf(text)) });
  const made = make("div", { className: "folded" }, make("button", { type: "button" }, hidden));
  made.firstChild.addEventListener("click", () => made.replaceWith(...blocks(entries)));
  return made;
}
