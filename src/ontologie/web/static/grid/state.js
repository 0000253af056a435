// What the reader asked to see. It lives in the address, so that a link, a reload and a saved view all mean the same.
export class State {
  constructor(search = location.search) { this.read(search); }

  read(search) {
    const given = new URLSearchParams(search);
    this.search = given.get("q") ?? "";
    this.filters = given.getAll("f").map(readFilter).filter(Boolean);
    this.sort = given.get("sort") ?? "";
    this.columns = given.get("cols")?.split(",").filter(Boolean) ?? null;
    this.archived = given.get("archived") === "1";
    this.widths = readWidths(given.get("w") ?? "");
  }

  // The question, without what only concerns the look.
  question() {
    const asked = new URLSearchParams();
    if (this.search) asked.set("q", this.search);
    if (this.sort) asked.set("sort", this.sort);
    if (this.archived) asked.set("archived", "1");
    for (const one of this.filters) asked.append("f", JSON.stringify([one.column, one.operator, ...one.values]));
    return asked;
  }

  toString() {
    const all = this.question();
    if (this.columns) all.set("cols", this.columns.join(","));
    const widths = Object.entries(this.widths).map(([name, pixels]) => `${name}:${pixels}`);
    if (widths.length) all.set("w", widths.join(","));
    return all.toString();
  }

  show() {
    const query = this.toString();
    history.replaceState(history.state, "", location.pathname + (query ? `?${query}` : ""));
  }
}

// In pixels, by column. What is no width is left out.
function readWidths(text) {
  const pairs = text.split(",").map((one) => [one.slice(0, one.lastIndexOf(":")), Number(one.slice(one.lastIndexOf(":") + 1))]);
  return Object.fromEntries(pairs.filter(([name, pixels]) => name && pixels >= 40 && pixels <= 2000));
}

function readFilter(text) {
  try {
    const [column, operator, ...values] = JSON.parse(text);
    return typeof column === "string" && typeof operator === "string" ? { column, operator, values: values.map(String) } : null;
  } catch {
    return null;  // a link that was cut: the filter is left out, and its chip is not there
  }
}
