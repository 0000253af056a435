// Which columns are shown: a dialog with HubSpot's labels and groups.
import { element } from "./cells.js";
import { byGroup, fold } from "./filters.js";

export class Columns {
  constructor(config, state, changed) {
    Object.assign(this, { config, state, changed });
    this.dialog = document.getElementById("column-dialog");
    this.list = this.dialog.querySelector("[data-columns]");
    this.find = this.dialog.querySelector("[type=search]");
    this.find.addEventListener("input", () => this.filter());
    this.dialog.querySelector("form").addEventListener("submit", () => this.take(this.ticked()));
    this.dialog.querySelector("[data-usual]").addEventListener("click", () => { this.dialog.close(); this.take(null); });
    this.dialog.querySelector("[data-all]").addEventListener("click", () => this.tick(true));
    this.dialog.querySelector("[data-none]").addEventListener("click", () => this.tick(false));
    document.getElementById("choose-columns").addEventListener("click", () => this.open());
  }

  shown() {
    const known = new Set(this.config.columns.map((one) => one.name));
    const chosen = (this.state.columns ?? this.config.first).filter((name) => known.has(name));
    return chosen.length ? chosen : this.config.first;
  }

  open() {
    const shown = new Set(this.shown());
    this.list.replaceChildren(...[...byGroup(this.config.columns)].map(([group, columns]) =>
      element("fieldset", { class: "column-group" }, element("legend", {}, group), ...columns.map((one) => {
        const box = element("input", { type: "checkbox", value: one.name });
        box.checked = shown.has(one.name);
        return element("label", { class: "choice-line", title: one.name }, box, element("span", {}, one.label));
      }))));
    this.find.value = "";
    this.dialog.showModal();
    this.find.focus();
  }

  filter() {
    const wanted = fold(this.find.value);
    for (const group of this.list.children) {
      let any = false;
      for (const line of group.querySelectorAll("label")) {
        line.hidden = !fold(line.textContent + " " + line.title).includes(wanted);
        any ||= !line.hidden;
      }
      group.hidden = !any;
    }
  }

  tick(on) {
    for (const line of this.list.querySelectorAll("label:not([hidden]) input")) line.checked = on;
  }

  // Those that are shown stay in their order; the others come after them.
  ticked() {
    const ticked = [...this.list.querySelectorAll("input:checked")].map((one) => one.value);
    const kept = this.shown().filter((name) => ticked.includes(name));
    return [...kept, ...ticked.filter((name) => !kept.includes(name))];
  }

  take(names) {
    this.state.columns = names;
    this.changed();
  }
}
