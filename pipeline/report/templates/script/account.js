// What was done to a document: which edit made which piece of it, and what became of it.

/** The pieces and edits of a document: which edit made which piece, and what became of it. */
class Account {
  constructor(id, whole) {
    Object.assign(this, whole, { id, edits: [], bornOf: [], endedBy: [], before: [], behind: [] });
    for (const [rule, step, column, masked, times] of whole.runs) {
      for (let n = 0; n < times; n += 1) {
        this.edits.push({ rule, step, column, masked });
        this.bornOf.push([]);
        this.endedBy.push([]);
      }
    }
    this.pieces = whole.texts.map((text, place) => {
      const fates = [whole.fates[place]].flat(); // 0: nothing; n: edit n - 1 took it out; -n: that put it in; or both
      const born = -1 - (fates.find((fate) => fate < 0) ?? 0);
      const ended = (fates.find((fate) => fate > 0) ?? 0) - 1;
      const piece = { text, born, ended };
      this.bornOf[born]?.push(piece);
      this.endedBy[ended]?.push(piece);
      return piece;
    });
  }

  /** Whether an edit put in as many characters as it took out: only then it is known which became which. */
  isEven(edit) {
    return lengthOf(textOf(this.endedBy[edit])) === lengthOf(textOf(this.bornOf[edit]));
  }

  /** An edit and those that had made what it replaced. */
  earlier(edit) {
    const makers = () => this.endedBy[edit].flatMap(({ born }) => (born < 0 ? [] : this.earlier(born)));
    return (this.before[edit] ??= unique([...makers(), edit]));
  }

  /** An edit and those that replaced what it had made. */
  later(edit) {
    const enders = () => this.bornOf[edit].flatMap(({ ended }) => (ended < 0 ? [] : this.later(ended)));
    return (this.behind[edit] ??= unique([edit, ...enders()]));
  }

  /** The edits that tell how a piece came about and what became of it, in the order in which they were made. */
  told({ born, ended }) {
    return unique([...(born < 0 ? [] : this.earlier(born)), ...(ended < 0 ? [] : this.later(ended))]);
  }

  /** The edit that decided about a piece: of what is gone without a trace, the last one. */
  decider({ born, ended }) {
    if (ended < 0) return born;
    if (this.bornOf[ended].every((piece) => piece.ended < 0)) return ended;
    const later = this.later(ended);
    return later.some((edit) => this.bornOf[edit].some((piece) => piece.ended < 0)) ? ended : later.at(-1);
  }

  /** Whether some piece of the raw or of the published text tells of an edit. */
  isTold(edit) {
    const isFromRaw = this.earlier(edit).some((one) => this.endedBy[one].some(({ born }) => born < 0));
    return isFromRaw || this.later(edit).some((one) => this.bornOf[one].some(({ ended }) => ended < 0));
  }
}
const unique = (values) => [...new Set(values)].sort((a, b) => a - b);
const textOf = (pieces) => pieces.map(({ text }) => text).join("");
const lengthOf = (text) => [...text].length;
