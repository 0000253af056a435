import { read, trouble, waiting } from "../states.js";

// A record beside the table. It has an address of its own, which is also a page: this only saves leaving the table.
export class Drawer {
  constructor() {
    this.dialog = document.getElementById("drawer");
    this.body = this.dialog.querySelector("[data-body]");
    this.home = location.pathname + location.search;
    this.dialog.addEventListener("close", () => { if (history.state?.drawer) history.go(-(history.state.depth ?? 1)); });
    this.dialog.addEventListener("click", (event) => this.clicked(event));
    addEventListener("popstate", (event) => (event.state?.drawer ? this.load(event.state.drawer) : this.dialog.close()));
  }

  open(url) {
    const depth = (history.state?.depth ?? 0) + 1;
    history.pushState({ drawer: url, depth }, "", url);
    return this.load(url);
  }

  async load(url) {
    this.body.setAttribute("aria-busy", "true");
    if (!this.dialog.open) { this.body.replaceChildren(waiting()); this.dialog.showModal(); }
    try {
      const answer = await fetch(url, { headers: { "hx-request": "true" } });
      if (answer.status === 401) location.reload();
      if (!answer.ok) throw new Error(await answer.text());
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();  // our own page, escaped by its template
      this.body.replaceChildren(holder.content);
    } catch (error) {
      this.body.replaceChildren(trouble(read(error.message), () => this.load(url)));
    } finally {
      this.body.removeAttribute("aria-busy");
    }
    this.dialog.scrollTop = 0;
    this.dialog.querySelector("h1, h2")?.focus();
  }

  clicked(event) {
    if (event.target === this.dialog || event.target.closest("[data-close]")) return this.dialog.close();
    const link = event.target.closest("a[data-record]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.open(link.getAttribute("href"));
  }
}
