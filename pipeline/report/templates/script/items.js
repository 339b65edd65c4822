// A document item by item: what of it is drawn, with long stretches folded away. How it looks is in drawing.js.

const CONTEXT = 80; // characters that stay beside a fold
const LONG = 4000; // characters of a change that is folded in any case
const ENDLESS = /[^\n]{20000}/; // a line that is folded in any case
const REVEALED = 10000; // characters that a fold shows at once
const WHOLE = 20000; // characters up to which a text is drawn whole at first
const HAN = /^\p{Script=Han}+$/u;

let account = null; // of the document that is open
let items = []; // what is drawn of it, in order
const view = { side: false, folded: null, off: new Set() };
const isFolded = () => view.folded ?? account.raw > WHOLE;
const familyOf = (edit) => rules[account.edits[edit].rule].family;

/** What is drawn of the open document: text that stays, what is gone, what is new, and pairs of both.
 *
 *  A quiet item is one that nobody asked to see: what is gone is not there, what is new is text like any other. */
function itemsOf() {
  const found = [];
  const signed = new Set(); // edits of which a sign tells
  const isAny = by("rule").value === "";
  for (let n = 0; n < account.pieces.length; n += 1) {
    const [piece, next] = account.pieces.slice(n, n + 2);
    if (piece.born < 0 && piece.ended < 0) {
      found.push({ kind: "same", text: piece.text, place: n });
      continue;
    }
    const edit = account.decider(piece);
    const family = familyOf(edit);
    const isWanted = isAny || account.told(piece).some((one) => isChosen(account.edits[one].rule));
    const item = { text: piece.text, piece, edit, family, isQuiet: !isWanted || view.off.has(family), place: n };
    if (piece.born >= 0 && piece.ended >= 0) {
      // Nobody sees it before or after. Where nothing else tells of one of its edits, it gets a sign.
      const told = account.told(piece);
      const isTold = told.every((one) => account.isTold(one) || signed.has(one));
      if (!item.isQuiet && !isTold) found.push({ ...item, kind: "passed", text: "◇" });
      told.forEach((one) => signed.add(one));
    } else if (piece.born >= 0) {
      found.push({ ...item, kind: "new" });
    } else if (isPair(piece, next)) {
      found.push(...facing(item, next.text));
      n += 1;
    } else {
      found.push({ ...item, kind: "gone" });
    }
  }
  return found.flatMap((item, place) => folded(item, place > 0, place < found.length - 1));
}

function isPair(old, fresh) {
  const isInItsPlace = fresh?.born === old.ended && fresh.ended < 0;
  return isInItsPlace && lengthOf(old.text) === lengthOf(fresh.text) && account.isEven(old.ended);
}

/** What is gone and what came in its place, position by position: what is the same on both sides was not changed. */
function facing(item, fresh) {
  const [old, now] = [[...item.text], [...fresh]];
  const found = [];
  for (let start = 0, end; start < old.length; start = end) {
    const isSame = old[start] === now[start];
    for (end = start + 1; end < old.length && (old[end] === now[end]) === isSame; end += 1);
    const [was, text] = [old, now].map((characters) => characters.slice(start, end).join(""));
    if (isSame) found.push({ kind: "same", text, place: item.place });
    else if (HAN.test(was)) found.push({ ...item, kind: "pair", was, text });
    else found.push({ ...item, kind: "gone", text: was }, { ...item, kind: "new", text });
  }
  return found;
}

/** An item with its middle folded away, where it is longer than anybody wants to scroll. */
function folded(item, hasBefore, hasBehind) {
  const { kind, text } = item;
  const isSame = kind === "same";
  const most = !isSame ? LONG : isFolded() || ENDLESS.test(text) ? 3 * CONTEXT : Infinity;
  if (text.length <= most) return [item];
  const isAlone = !hasBefore && !hasBehind;
  const head = isSame && !hasBefore && !isAlone ? 0 : border(text, CONTEXT);
  const tail = isSame && !hasBehind && !isAlone ? text.length : border(text, text.length - CONTEXT);
  const parts = [
    { ...item, text: text.slice(0, head) },
    { kind: "fold", text: "", hides: { ...item, text: text.slice(head, tail) } },
    { ...item, text: text.slice(tail) },
  ];
  return parts.filter((part) => part.text || part.hides);
}

/** A place to cut a text at, never between the halves of a character. */
const border = (text, place) => (/[\udc00-\udfff]/.test(text[place] ?? "") ? place + 1 : place);
