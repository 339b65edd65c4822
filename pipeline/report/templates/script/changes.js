// Change by change: going from one to the next, and what is said beside each.

const TOLD = 6; // edits that are told of one change
const TOLD_CHARACTERS = 120; // of what an edit replaced, and with what

/** Go to what the next edit did, or the one before: of an edit in several places, to the first one on the way. */
function nextChange(direction) {
  for (let place = change + direction; place >= 0 && place < items.length; place += direction) {
    const { piece, edit, isQuiet } = items[place];
    if (piece && !isQuiet && edit !== items[change]?.edit) return goTo(place);
  }
}

function goTo(place) {
  const find = () => by("document").querySelector(`[data-change="${place}"]`);
  const text = by("document").querySelector(".text");
  while (!find() && drawMore(text));
  const element = find();
  if (!element) return;
  change = place;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center" });
  explain(element);
}

/** Say beside a change which rules made it, and what for. */
function explain(element) {
  const { piece, edit } = items[element.dataset.change];
  hideWhy();
  document.querySelectorAll(`[data-edit="${edit}"]`).forEach((one) => one.classList.add("current"));
  const told = account.told(piece);
  const why = by("why");
  why.replaceChildren(...told.slice(0, TOLD).map(explained));
  if (told.length > TOLD) why.append(note(say("and_more", { n: number(told.length - TOLD) })));
  why.hidden = false;
  element.setAttribute("aria-describedby", "why");
  const at = element.getClientRects()[0] ?? element.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = why;
  const isBelow = at.bottom + 8 + height < innerHeight;
  why.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  why.style.top = `${isBelow ? at.bottom + 8 : Math.max(8, at.top - height - 8)}px`;
}

/** One edit: its rule and what that is for, its step, what it replaced, and with what. */
function explained(edit) {
  const { rule, step, column, masked } = account.edits[edit];
  const { name, family, sentence } = rules[rule];
  const [before, after] = [account.endedBy[edit], account.bornOf[edit]].map((pieces) => shortened(textOf(pieces)));
  return make("section", { className: `f-${family}` },
    make("p", {}, make("span", { className: "step" }, steps[step].join(" › ")), swatch(), make("code", {}, name)),
    make("p", { lang: languageOf(sentence) }, sentence ? spelled(sentence) : say("unknown_rule")),
    make("p", { lang: account.languages[1] },
      before && make("del", {}, plain(before)), before && after && " → ", after && make("ins", {}, plain(after))),
    column < 0 ? "" : note(say("column_kept", { column: Object.keys(columns)[column] })),
    masked ? note(say("masked")) : "");
}

const note = (phrase) => make("p", { className: "soft" }, phrase);

function shortened(text) {
  if (text.length <= TOLD_CHARACTERS) return text;
  const half = TOLD_CHARACTERS / 2;
  return `${text.slice(0, border(text, half))} … ${text.slice(border(text, text.length - half))}`;
}

function hideWhy() {
  by("why").hidden = true;
  document.querySelectorAll(".current").forEach((one) => {
    one.classList.remove("current");
    one.removeAttribute("aria-describedby");
  });
}
