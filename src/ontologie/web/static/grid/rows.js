import { read } from "../states.js";

// Asking the server for rows: one question at a time, which the reader may stop.
export class Rows {
  constructor(config, state, tell) {
    Object.assign(this, { config, state, tell });
    this.places = [];
    this.running = null;
    this.early = null;  // the address of a first page that the browser has asked for already
  }

  // Columns that every row brings, shown or not: its title, and the currency of its amounts.
  needed(shown) {
    const names = new Set([...this.config.title, ...shown]);
    if (this.config.columns.some((one) => one.name === "deal_currency_code")) names.add("deal_currency_code");
    return [...names];
  }

  forget() { this.places = []; this.stop(); }

  stop() { this.running?.abort(); this.running = null; }

  // One page for Tabulator: pages follow each other, and each says where the next one begins.
  async page(number, shown, limit) {
    const early = number === 1 && this.early;
    this.early = null;
    const columns = early ? new URLSearchParams(early.split("?")[1]).get("cols").split(",") : this.needed(shown);
    const asked = this.state.question();
    asked.set("cols", columns.join(","));
    asked.set("limit", limit);
    if (number > 1) {
      if (!this.places[number - 1]) return { last_page: number - 1, data: [] };
      asked.set("after", this.places[number - 1]);
    }
    this.stop();
    const mine = (this.running = new AbortController());
    const slow = setTimeout(() => this.tell.slow(), 700);
    try {
      const answer = await fetch(early || `${this.config.base}/rows?${asked}`, { signal: mine.signal });
      if (answer.status === 401) location.reload();
      if (!answer.ok) throw new Refused(await refusal(answer));
      const found = await answer.json();
      this.places[number] = found.after;
      this.tell.fine();
      return { last_page: found.after ? number + 1 : number, data: found.rows.map((values, index) => asRow(found.ids[index], columns, values)) };
    } catch (error) {
      if (error.name !== "AbortError") this.tell.failed(error);
      return new Promise(() => {});  // Tabulator would write a rejection over the rows that are there
    } finally {
      clearTimeout(slow);
      if (this.running === mine) this.running = null;
    }
  }
}

// Ours is JSON; where the page itself was refused it is an error page.
async function refusal(answer) {
  const json = answer.headers.get("content-type")?.startsWith("application/json");
  return json ? answer.json() : read(await answer.text());
}

export class Refused extends Error {
  constructor({ problem, remedy }) { super(`${problem} ${remedy}`); this.problem = problem; this.remedy = remedy; }
}

function asRow(id, columns, values) {
  const row = { _record: id };
  columns.forEach((name, index) => { row[name] = values[index]; });
  return row;
}
