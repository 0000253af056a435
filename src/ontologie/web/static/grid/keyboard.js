// The table by keyboard alone: Tabulator moves by arrows; what it leaves out is here.
const MOVES = new Set(["Home", "End", "PageUp", "PageDown"]);

// Tab would go from cell to cell, and out of a long table never; the others scroll and leave the cell at hand behind.
export const KEYBINDINGS = { navPrev: false, navNext: false, scrollPageUp: false, scrollPageDown: false, scrollToStart: false, scrollToEnd: false };

export class Keyboard {
  constructor(table, holder, { open, sort, tell }) {
    Object.assign(this, { table, holder, open, sort });
    // Before Tabulator, which would edit the cell.
    holder.addEventListener("keydown", (event) => this.pressed(event), true);
    document.addEventListener("keydown", (event) => this.pressedElsewhere(event));
    const said = document.getElementById("grid-said");
    table.on("rangeChanged", () => { const cell = this.focused() && this.cell(); if (cell) said.textContent = tell(cell); });
  }

  // The part that scrolls has the focus; which cell is at hand only Tabulator knows.
  get body() { return this.holder.querySelector(".tabulator-tableholder"); }

  focused() { return this.body.contains(document.activeElement); }

  cell() {
    const range = this.table.getRanges()[0];
    return range?.getRows()[0]?.getCell(range.getColumns()[0]);
  }

  pressed(event) {
    const cell = this.focused() && this.cell();
    if (!cell || event.altKey) return;
    const plain = !event.ctrlKey && !event.metaKey;
    if (event.key === "Enter") this.open(cell.getRow());
    else if (event.key.toLowerCase() === "s" && plain) this.sort(cell.getColumn());
    else if (MOVES.has(event.key)) this.move(cell, event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move(cell, { key, ctrlKey }) {
    const columns = this.table.getColumns().filter((one) => one.isVisible() && one.getField() !== "_record");
    const rows = this.table.getRows();
    const page = Math.floor(this.body.clientHeight / cell.getElement().offsetHeight) - 1;
    const place = cell.getRow().getPosition() - 1;
    const wanted = { PageUp: place - page, PageDown: place + page, Home: ctrlKey ? 0 : place, End: ctrlKey ? rows.length - 1 : place }[key];
    const row = rows[Math.min(rows.length - 1, Math.max(0, wanted))];
    const column = key === "Home" ? columns[0] : key === "End" ? columns.at(-1) : cell.getColumn();
    this.table.scrollToRow(row, "nearest", false);
    if (column !== cell.getColumn()) this.table.scrollToColumn(column, "middle", false);
    this.table.getRanges()[0].setBounds(row.getCell(column));  // addRange would do it later, and the next key comes before
  }

  pressedElsewhere(event) {
    const search = document.getElementById("grid-search");
    if (event.key === "/" && !event.target.closest("input, textarea, select, dialog")) search.focus();
    else if (event.key.startsWith("Arrow") && event.target === document.body) this.body.focus();
    else return;
    event.preventDefault();
  }
}
