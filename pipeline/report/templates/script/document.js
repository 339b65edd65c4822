// A document as a whole: its heading, its conflicts, the legend, and the text, drawn as far as somebody scrolls.

const AT_ONCE = 200; // paragraphs that are drawn before somebody scrolls; fewer where much was changed in them
const CONFLICTS = 12; // conflicts that are told above the text
let drawing = null; // what is left to be drawn of the open document
let change = -1; // the item that was gone to last

function drawDocument() {
  const pane = by("document");
  const text = make("div", { className: "text", lang: account.languages[1] });
  items = itemsOf();
  change = -1;
  drawing = blocks(items.map((item, place) => [place, item]));
  if (view.side) {
    const heads = ["raw_text", "published_text"].map((key) => make("div", {}, say(key)));
    text.append(make("div", { className: "pair heads", lang: document.documentElement.lang }, heads));
  }
  const hasChanges = items.some(({ piece, isQuiet }) => piece && !isQuiet);
  const none = hasChanges ? [] : [make("p", { className: "soft" }, say("nothing_changed"))];
  pane.classList.toggle("side", view.side);
  const conflicts = account.conflicts.slice(0, CONFLICTS).map(drawConflict);
  pane.replaceChildren(...heading(), ...conflicts, tools(), ...none, text);
  pane.scrollTop = 0;
  drawMore(text);
}

/** Draw so much as a reader sees at once; what is left follows when somebody scrolls there. Whether more was drawn. */
function drawMore(text) {
  text.querySelector(".more")?.remove();
  for (let n = 0; n < AT_ONCE; ) {
    const { value, done } = drawing.next();
    if (done) return n > 0;
    text.append(value);
    n += 1 + value.childNodes.length / 10;
  }
  const more = make("button", { className: "more", type: "button" }, say("more"));
  const go = () => more.isConnected && drawMore(text);
  more.addEventListener("click", go);
  new IntersectionObserver(([seen]) => seen.isIntersecting && go()).observe(more);
  text.append(more);
  return true;
}

const swatch = () => make("i", { className: "swatch" });
const facts = (...all) => make("p", { className: "facts" }, all.filter(Boolean).map((one) => make("span", {}, one)));
const chip = (flag) => make("li", { title: told(flags[flag] ?? ""), lang: "en" }, flag);
const scriptOf = (tag) => (words[`name_${scripts[tag]}`] ? say(`name_${scripts[tag]}`) : tag);
const path = (name) => make("bdi", { className: "path" }, plain(name));

function heading() {
  const [raw, published] = account.languages;
  const { copies: [copies, times], bytes } = account;
  const lengths = { raw: number(account.raw), published: number(account.published) };
  const more = times > copies.length ? say("and_more", { n: number(times - copies.length) }) : "";
  const known = (name, sentence = "", ...value) => [
    make("dt", {}, make("code", {}, name)),
    make("dd", {}, ...value, make("p", { className: "soft", lang: languageOf(sentence) }, spelled(sentence))),
  ];
  const fields = account.fields.flatMap(([name, value]) => (
    known(name, columns[name], make("p", { lang: published }, plain(value, "\n")))));
  return [
    make("h2", { lang: published }, plain(nameOf(account))),
    facts(path(account.path), make("code", {}, account.id)),
    facts(
      [account.encoding, bytes === null ? null : say("bytes", { n: number(bytes) })].filter(Boolean).join(" · "),
      [...new Set([raw, published].map(scriptOf))].join(" → "),
      say("length_change", lengths),
      editsOf(account.edits.length)),
    make("ul", { className: "chips" }, account.flags.map(chip)),
    times ? facts(`${say("copies")}:`, ...copies.map(path), more) : "",
    make("details", { className: "read" }, make("summary", {}, say("fields")),
      make("dl", {}, account.flags.flatMap((flag) => known(flag, flags[flag])), fields)),
    account.conflicts.length > CONFLICTS ? facts(say("n_conflicts", { n: number(account.conflicts.length) })) : "",
  ];
}

function drawConflict({ piece, style, resolution, rule, sides }) {
  const became = words[`conflict_${resolution}`] ? say(`conflict_${resolution}`) : resolution;
  const isThere = (item) => item.piece && !item.isQuiet && item.place >= piece;
  const show = make("button", { type: "button" }, say("show_in_text"));
  show.addEventListener("click", () => goTo(items.findIndex(isThere)));
  return make("details", { className: "resolved f-conflict" },
    make("summary", {}, say("conflict_one"), " · ", plain(style), " · ", became),
    make("p", {}, make("code", {}, rules[rule].name), " ",
      make("span", { lang: languageOf(rules[rule].sentence) }, spelled(rules[rule].sentence))),
    sides.flatMap(([side, label, text]) => [
      make("p", { className: "soft" }, say(`side_${side}`), " ", make("bdi", {}, plain(label ?? ""))),
      make("pre", { lang: account.languages[0] }, plain(text, "\n")),
    ]),
    make("p", {}, show));
}

/** The legend, whose families can be put out, and the ways to look at the text. */
function tools() {
  const times = new Map();
  for (const edit of account.edits.keys()) times.set(familyOf(edit), (times.get(familyOf(edit)) ?? 0) + 1);
  const button = (id, name, act, { pressed, ...properties }, ...children) => {
    const state = pressed === undefined ? { "aria-label": name, title: name } : { "aria-pressed": pressed };
    const made = make("button", { id, type: "button", attributes: state, ...properties }, children);
    made.addEventListener("click", act);
    return made;
  };
  const legend = families.filter((family) => times.has(family)).map((family) => {
    const name = say(`family_${family}`);
    const isOn = !view.off.has(family);
    const turn = () => redraw(() => (isOn ? view.off.add(family) : view.off.delete(family)));
    const properties = { pressed: isOn, className: `legend f-${family}` };
    return button(`legend-${family}`, name, turn, properties, swatch(), `${name} ${number(times.get(family))}`);
  });
  const fold_ = () => redraw(() => { view.folded = !isFolded(); });
  const side = () => redraw(() => { view.side = !view.side; });
  return make("div", { className: "tools", attributes: { role: "toolbar", "aria-label": say("legend") } }, legend,
    make("span", { className: "ways" },
      button("previous", say("previous_change"), () => nextChange(-1), {}, "↑"),
      button("next", say("next_change"), () => nextChange(1), {}, "↓"),
      button("fold", say("fold"), fold_, { pressed: isFolded() }, say("fold")),
      button("side", say("side_by_side"), side, { pressed: view.side }, say("side_by_side"))));
}

/** Draw the open document anew after a change of view, and leave the focus where it was. */
function redraw(act) {
  const focused = document.activeElement?.id;
  act();
  drawDocument();
  if (focused) by(focused)?.focus();
}
