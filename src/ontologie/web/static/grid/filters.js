// The dialog that makes filters, and the chips that show them.
import { element } from "./cells.js";

const OPERATORS = {
  text: ["contains", "equals", "empty", "filled"],
  number: ["from", "to", "equals", "empty", "filled"],
  money: ["from", "to", "equals", "empty", "filled"],
  day: ["from", "to", "equals", "empty", "filled"],
  moment: ["from", "to", "equals", "empty", "filled"],
  yes_no: ["true", "false", "empty"],
  choice: ["among", "empty", "filled"],
  choices: ["among", "empty", "filled"],
  id: ["equals", "empty", "filled"],
  json: ["contains", "empty", "filled"],
};
const WITHOUT_VALUE = new Set(["empty", "filled", "true", "false"]);

export class Filters {
  constructor(config, state, formats, changed) {
    Object.assign(this, { config, state, formats, changed });
    this.dialog = document.getElementById("filter-dialog");
    this.columnField = this.dialog.querySelector("[name=column]");
    this.operatorField = this.dialog.querySelector("[name=operator]");
    this.values = this.dialog.querySelector("[data-values]");
    this.chips = document.getElementById("chips");
    this.fillColumns();
    this.columnField.addEventListener("change", () => this.fillOperators());
    this.operatorField.addEventListener("change", () => this.fillValues());
    this.dialog.querySelector("form").addEventListener("submit", (event) => this.add(event));
    document.getElementById("add-filter").addEventListener("click", () => this.open());
    this.draw();
  }

  column(name) { return this.config.columns.find((one) => one.name === name); }

  fillColumns() {
    for (const [group, columns] of byGroup(this.config.columns)) {
      this.columnField.append(element("optgroup", { label: group }, ...columns.map((one) => element("option", { value: one.name }, one.label))));
    }
  }

  open(filter = null) {
    this.editing = filter;
    this.columnField.value = filter?.column ?? this.config.first[0] ?? this.config.columns[0].name;
    this.fillOperators(filter);
    this.dialog.showModal();
  }

  fillOperators(filter = null) {
    const kind = this.column(this.columnField.value).kind;
    this.operatorField.replaceChildren(...OPERATORS[kind].map((one) => element("option", { value: one }, this.config.texts[this.word(kind, one)])));
    if (filter) this.operatorField.value = filter.operator;
    this.fillValues(filter?.values ?? []);
  }

  word(kind, operator) {
    const dated = kind === "day" || kind === "moment";
    return dated && ["from", "to", "equals"].includes(operator) ? `op_${operator}_day` : `op_${operator}`;
  }

  fillValues(values = []) {
    const column = this.column(this.columnField.value);
    const label = this.config.texts.value;
    if (WITHOUT_VALUE.has(this.operatorField.value)) return this.values.replaceChildren();
    if (column.options.length && this.operatorField.value === "among") return this.fillChoices(column, values);
    const day = column.kind === "day" || column.kind === "moment";
    const numeric = column.kind === "number" || column.kind === "money";
    this.values.replaceChildren(element("input", { class: "input", name: "value", "aria-label": label, required: true, autocomplete: "off",
      type: day ? "date" : "text", inputmode: numeric ? "decimal" : false, value: values[0] ?? "" }));
  }

  fillChoices(column, values) {
    const list = element("div", { class: "choices", role: "group", "aria-label": column.label });
    const find = element("input", { class: "input small", type: "search", placeholder: this.config.texts.find, "aria-label": this.config.texts.find,
      oninput: () => { for (const one of list.children) one.hidden = !fold(one.textContent).includes(fold(find.value)); } });
    for (const [value, label] of column.options) {
      const box = element("input", { type: "checkbox", name: "value", value });
      box.checked = values.includes(value);
      list.append(element("label", { class: "choice-line" }, box, element("span", {}, label)));
    }
    this.values.replaceChildren(...(column.options.length > 8 ? [find, list] : [list]));
  }

  add(event) {
    const given = new FormData(event.target);
    const operator = given.get("operator");
    const values = WITHOUT_VALUE.has(operator) ? [] : given.getAll("value").filter((one) => one !== "");
    if (!WITHOUT_VALUE.has(operator) && !values.length) { event.preventDefault(); return; }
    const filter = { column: given.get("column"), operator, values };
    const place = this.editing ? this.state.filters.indexOf(this.editing) : -1;
    if (place >= 0) this.state.filters[place] = filter; else this.state.filters.push(filter);
    this.draw();
    this.changed();
  }

  remove(filter) {
    this.state.filters = this.state.filters.filter((one) => one !== filter);
    this.draw();
    this.changed();
    document.getElementById("add-filter").focus();
  }

  draw() {
    const { texts } = this.config;
    this.chips.replaceChildren(...this.state.filters.map((one) => {
      const column = this.column(one.column);
      const kind = column?.kind ?? "text";
      const values = one.values.map((value) => (column && ["choice", "choices"].includes(kind) ? this.formats.label(column, value) : column && kind !== "id" && one.operator !== "contains" ? this.formats.text(kind === "moment" ? { ...column, kind: "day" } : column, value) : value));
      const words = [column?.label ?? one.column, texts[this.word(kind, one.operator)] ?? one.operator, shorten(values)].filter(Boolean).join(" ");
      return element("li", { class: "chip" },
        element("button", { type: "button", class: "chip-text", onclick: () => column && this.open(one) }, words),
        element("button", { type: "button", class: "chip-close", "aria-label": `${texts.remove} ${words}`, onclick: () => this.remove(one) }, "×"));
    }));
  }
}

function shorten(values) { return values.length > 3 ? `${values.slice(0, 2).join(", ")} +${values.length - 2}` : values.join(", "); }

export function fold(text) { return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, ""); }

export function byGroup(columns) {
  const groups = new Map();
  for (const one of columns) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}
