// From values to what a cell shows. Always a DOM node made here: what a record holds is text and never markup.
export class Formats {
  constructor(config) {
    this.config = config;
    const { locale, zone } = config;
    this.numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 12 });
    this.days = new Intl.DateTimeFormat(locale, { timeZone: "UTC", dateStyle: "medium" });
    this.moments = new Intl.DateTimeFormat(locale, { timeZone: zone, dateStyle: "medium", timeStyle: "short" });
    this.money = new Map();
    this.labels = new Map();
    for (const column of config.columns) {
      if (column.options.length) this.labels.set(column.name, new Map(column.options));
    }
  }

  // The text of a value; "" for none.
  text(column, value, row = {}) {
    if (value === null || value === undefined || value === "") return "";
    switch (column.kind) {
      case "number": return this.number(value);
      case "money": return this.amount(value, column, row);
      case "day": return this.date(this.days, `${value}T00:00:00Z`, value);
      case "moment": return this.date(this.moments, value.replace(" ", "T").replace(/\+00$/, "Z"), value);
      case "yes_no": return this.config.texts[value ? "yes" : "no"];
      case "choice": return this.label(column, value);
      case "choices": return value.map((one) => this.label(column, one)).join(", ");
      default: return String(value);
    }
  }

  label(column, value) { return this.labels.get(column.name)?.get(value) ?? value; }

  number(value) { return Number.isFinite(Number(value)) ? this.numbers.format(value) : String(value); }

  amount(value, column, row) {
    const home = column.name.includes("home_currency");
    const currency = (!home && row.deal_currency_code) || this.config.currency;
    if (!/^[A-Z]{3}$/.test(currency ?? "")) return this.number(value);
    if (!this.money.has(currency)) {
      const style = { style: "currency", currency, trailingZeroDisplay: "stripIfInteger" };
      this.money.set(currency, new Intl.NumberFormat(this.config.locale, style));
    }
    return this.money.get(currency).format(value);
  }

  date(format, iso, value) {
    const moment = new Date(iso);
    return Number.isNaN(moment.getTime()) ? value : format.format(moment);  // years that JavaScript does not have
  }
}

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}
