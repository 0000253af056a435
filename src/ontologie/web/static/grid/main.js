// The spreadsheet: Tabulator shows it, the server chooses, sorts and filters the rows.
import { listen, trouble } from "../states.js";
import { Formats, element } from "./cells.js";
import { Columns } from "./columns.js";
import { Drawer } from "./drawer.js";
import { Filters } from "./filters.js";
import { KEYBINDINGS, Keyboard } from "./keyboard.js";
import { Rows } from "./rows.js";
import { State } from "./state.js";
import { Views } from "./views.js";

const PAGE = 100;
const MOST_REFRESHED = 500;
const config = JSON.parse(document.getElementById("grid-config").textContent);
const holder = document.getElementById("grid");
const status = document.getElementById("grid-status");
const state = new State();
const formats = new Formats(config);
const drawer = new Drawer();
const columns = new Columns(config, state, () => { table.setColumns(definitions()); reload({ recount: false }); });
const filters = new Filters(config, state, formats, () => reload());
const tell = { slow: () => say("slow"), fine: () => say(null), failed: (error) => say("failed", error) };
const rows = new Rows(config, state, tell);
rows.early = config.rows;
let ready = false;
let nameHeader = null;
let kept;

// --- what the table looks like

function definitions() { return columns.shown().map(definition); }

// The first column stays in sight and names the row.
function rowHeader() {
  return { title: config.texts.record, field: "_record", frozen: true, width: state.widths._record ?? (holder.clientWidth < 600 ? 150 : 240), resizable: true,
    formatter: recordCell, titleFormatter: nameTitle, headerSort: false, headerClick: sortByName, hozAlign: "left", headerHozAlign: "left" };
}

// Tabulator's row header does not sort by itself.
function nameTitle(cell) {
  nameHeader = element("button", { type: "button", class: "name-sort" }, config.texts.record, element("span", { class: "sort-arrow", "aria-hidden": "true" }));
  showNameSort();
  return nameHeader;
}

function showNameSort() {
  const mine = config.order && state.sort.replace(/^-/, "") === config.order && !columns.shown().includes(config.order);
  const way = mine ? (state.sort.startsWith("-") ? "descending" : "ascending") : "none";
  nameHeader?.setAttribute("data-sort", way);
  nameHeader?.closest("[role=columnheader]")?.setAttribute("aria-sort", way);
}

function sortByName() {
  if (!config.order) return;
  const next = state.sort === config.order ? `-${config.order}` : config.order;
  table.clearSort();
  state.sort = next;
  reload({ recount: false });
}

function definition(name) {
  const column = config.columns.find((one) => one.name === name);
  const right = ["number", "money"].includes(column.kind);
  return { title: column.label, field: name, hozAlign: right ? "right" : "left", headerHozAlign: right ? "right" : "left", cssClass: right ? "figures" : "",
    formatter: (cell) => document.createTextNode(formats.text(column, cell.getValue(), cell.getData())),
    titleFormatter: titleOf(column.label, [column.name, column.description].filter(Boolean).join("\n")), width: state.widths[name] ?? widthOf(column) };
}

function widthOf(column) {
  if (column.name === "email") return 240;
  const usual = { number: 120, money: 130, day: 130, moment: 190, yes_no: 90, id: 140, choice: 200 }[column.kind] ?? 190;
  return Math.min(260, Math.max(usual, column.label.length * 7.5 + 44));
}

// Tabulator writes strings as HTML; a node it takes as it is.
function titleOf(text, hint) { return () => element("span", { title: hint || text }, text); }

function titleText(row) {
  const words = config.title.map((name) => {
    const column = config.columns.find((one) => one.name === name);
    return formats.text(column, row[name], row);
  }).filter(Boolean);
  return words.join(" ") || `${config.texts.untitled} ${row._record}`;
}

function recordCell(cell) {
  const row = cell.getData();
  const url = `${config.base}/records/${row._record}`;
  return element("a", { href: url, class: "record-link", tabindex: "-1" }, titleText(row));
}

// The whole of a value that its cell cuts off.
function cutOff(event, cell) {
  const box = cell.getElement();
  return box.scrollWidth > box.clientWidth ? element("span", {}, box.textContent) : "";
}

// --- the table

const table = new Tabulator(holder, {
  height: "100%",
  index: "_record",
  rowHeader: rowHeader(),
  columns: definitions(),
  columnDefaults: { minWidth: 70, resizable: true, headerTooltip: false, tooltip: cutOff },
  renderHorizontal: "virtual",
  movableColumns: true,
  nestedFieldSeparator: false,
  layout: "fitData",
  rowHeight: 36,
  ajaxURL: `${config.base}/rows`,
  ajaxRequestFunc: (url, options, params) => ask(params),
  progressiveLoad: "scroll",
  progressiveLoadScrollMargin: 900,
  paginationSize: PAGE,
  sortMode: "remote",
  headerSortElement: () => element("span", { class: "sort-arrow", "aria-hidden": "true" }),
  initialSort: sortedFirst(),
  dataLoader: false,
  placeholder: nothingFound,
  selectableRange: 1,
  selectableRangeRows: true,
  selectableRangeColumns: false,
  selectableRangeClearCells: false,
  selectableRangeAutoFocus: false,  // with every answer it would take the focus from the search field
  keybindings: KEYBINDINGS,
  clipboard: "copy",
  clipboardCopyRowRange: "range",
  clipboardCopyStyled: false,
  clipboardCopyConfig: { columnHeaders: false },
});

// Tabulator knows the sort of the columns that are shown; the name's, and a hidden column's, are ours alone.
function sortedFirst() {
  const name = state.sort.replace(/^-/, "");
  return columns.shown().includes(name) ? [{ column: name, dir: state.sort.startsWith("-") ? "desc" : "asc" }] : [];
}

function ask(params) {
  const sorted = params.sort?.[0];
  if (sorted) state.sort = `${sorted.dir === "desc" ? "-" : ""}${sorted.field}`;
  else if (columns.shown().includes(state.sort.replace(/^-/, ""))) state.sort = "";
  if (ready) { state.show(); showNameSort(); }
  if (params.page === 1) rows.forget();
  kept = ready ? cellsKept(params.page > 1) : () => [];
  nameRoles();  // before there is any row: tableBuilt comes after the first page
  holder.setAttribute("aria-busy", "true");
  return rows.page(params.page, columns.shown(), params.size ?? PAGE);
}

// Tabulator makes all rows anew with every page that comes, and goes back to the first cell. We go back to the same
// cells; where the rows are others, to the first in the same column.
function cellsKept(more) {
  const range = table.getRanges()[0];
  const [rows, columns] = [range.getRows(), range.getColumns()];
  if (!rows.length) return () => [];
  const [first, last] = [rows[0], rows.at(-1)].map((row) => row.getData()._record);
  const [left, right] = [columns[0], columns.at(-1)].map((column) => column.getField());
  if (more) return () => [table.getRow(first).getCell(left), table.getRow(last).getCell(right)];
  return () => [table.getRows()[0]?.getCell(left)];
}

// Whatever stands in a grid has to be a row of cells for assistive technology.
function nothingFound() {
  const said = document.getElementById("grid-empty").content.cloneNode(true);
  if (state.archived && !state.search && !state.filters.length) said.querySelector("p").textContent = config.texts.none_archived;
  return element("div", { role: "row" }, element("div", { role: "gridcell" }, said));
}

// The part that scrolls takes the focus, so it is the one that assistive technology must know.
function nameRoles() {
  holder.setAttribute("aria-label", config.texts.table);
  holder.querySelector(".tabulator-tableholder").setAttribute("role", "rowgroup");
  holder.querySelector(".tabulator-table").setAttribute("role", "presentation");
  holder.querySelector(".tabulator-header").removeAttribute("tabindex");  // the name's button in it is a stop already
}

table.on("columnResized", (column) => { state.widths[column.getField()] = Math.round(column.getWidth()); state.show(); });
table.on("tableBuilt", () => { ready = true; });
table.on("dataProcessed", () => { const [start, end] = kept(); if (start) table.getRanges()[0].setBounds(start, end || start); });
table.on("columnMoved", () => {
  state.columns = table.getColumns().map((one) => one.getField()).filter((name) => name && name !== "_record");
  state.show();
});

const archived = document.getElementById("show-archived");
archived.setAttribute("aria-pressed", state.archived);
archived.addEventListener("click", () => {
  state.archived = !state.archived;
  archived.setAttribute("aria-pressed", state.archived);
  reload();
});

function reload({ recount = true } = {}) {
  state.show();
  document.getElementById("news").hidden = true;
  if (recount) count();
  table.setData(`${config.base}/rows`);
}

// --- what is said below the table

function say(what, error = null) {
  if (what !== "slow") holder.removeAttribute("aria-busy");
  status.querySelector("[data-slow]").hidden = what !== "slow";
  const failed = status.querySelector("[data-failed]");
  const bare = what === "failed" && error.name !== "AbortError" && !holder.querySelector(".tabulator-row");
  document.getElementById("grid-trouble").replaceChildren(...(bare ? [trouble(error, again)] : []));
  failed.hidden = what !== "failed" || bare;
  if (what === "failed") failed.querySelector("span").textContent = error.name === "AbortError" ? config.texts.stopped : error.problem ? error.message : config.texts.lost;
}

// Its button goes as it is pressed.
function again() { holder.querySelector(".tabulator-tableholder").focus(); say(null); reload(); }

async function count() {
  const place = status.querySelector("[data-count]");
  place.textContent ||= config.texts.counting;
  try {
    const answer = await fetch(`${config.base}/count?${state.question()}`, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    const { records, exact } = await answer.json();
    const number = formats.numbers.format(records);
    place.textContent = (exact ? (records === 1 ? config.texts.count_one : config.texts.count) : config.texts.count_about).replace("{n}", number);
    place.title = exact ? "" : config.texts.count_why;
  } catch {
    place.textContent = config.texts.uncounted;
    place.title = config.texts.lost;
  }
}

const retry = status.querySelector("[data-retry]");
status.querySelector("[data-stop]").addEventListener("click", () => {
  if (!rows.running) return;
  rows.stop();
  tell.failed({ name: "AbortError" });
  retry.focus();
});
retry.addEventListener("click", again);

// --- search, keyboard, drawer

const search = document.getElementById("grid-search");
search.value = state.search;
let typing;
search.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => { if (state.search !== search.value.trim()) { state.search = search.value.trim(); reload(); } }, 250);
});
search.closest("form").addEventListener("submit", (event) => event.preventDefault());

holder.addEventListener("click", (event) => {
  const link = event.target.closest("a.record-link");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  drawer.open(link.getAttribute("href"));
});
new Keyboard(table, holder, {
  open: (row) => drawer.open(`${config.base}/records/${row.getData()._record}`),
  sort: (column) => table.setSort(column.getField(), state.sort === column.getField() ? "desc" : "asc"),
  tell: (cell) => {
    const column = config.columns.find((one) => one.name === cell.getField());
    const text = formats.text(column, cell.getValue(), cell.getData());
    return `${column.label}${text ? `: ${text}` : ` ${config.texts.op_empty}`}. ${titleText(cell.getData())}`;
  },
});

// --- what a sync brings: values change in place, new rows wait until they are asked for

async function refresh() {
  const loaded = table.getData().length;
  // Where this fails, what is on the screen stays as it was, and the next sync tells again.
  const fresh = new Rows(config, state, { slow() {}, fine() {}, failed() {} });
  const known = new Set(table.getData().map((row) => row._record));
  const { data } = await fresh.page(1, columns.shown(), Math.min(MOST_REFRESHED, Math.max(loaded, PAGE)));
  await table.updateData(data.filter((row) => known.has(row._record)));
  document.getElementById("news").hidden = data.every((row) => known.has(row._record));
  count();
}

document.getElementById("news").addEventListener("click", () => reload());
let synced = null;
listen(`${config.base}/events`, "freshness", (data) => {
  const told = JSON.parse(data);
  document.getElementById("freshness").textContent = told.text;
  if (synced !== null && told.synced_at !== synced) refresh();
  synced = told.synced_at;
});

document.getElementById("export-menu")?.addEventListener("toggle", (event) => {
  const asked = state.question();
  asked.set("cols", [...new Set(["id", ...columns.shown()])].join(","));
  for (const link of event.currentTarget.querySelectorAll("a")) link.search = `?${asked}`;
});
new Views(config, state);
count();
