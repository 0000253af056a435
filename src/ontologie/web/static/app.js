// Small behaviours that every page may use. Registered by name: our Content-Security-Policy allows no code in the HTML.
document.addEventListener("alpine:init", () => {
  // The navigation on a phone.
  Alpine.data("shell", () => ({
    open: false,
    toggle() { this.open = !this.open; },
    close() { this.open = false; },
  }));
  // A <details class="menu">: closes when the focus or a click goes elsewhere, and by Escape.
  Alpine.data("menu", () => ({
    close() { this.$el.removeAttribute("open"); },
    escape() { this.$el.removeAttribute("open"); this.$el.querySelector("summary").focus(); },
  }));
  // A button that opens the <dialog> named in data-opens; the browser traps the focus and gives it back.
  Alpine.data("opener", () => ({
    show() { document.getElementById(this.$el.dataset.opens).showModal(); },
  }));
  Alpine.data("closer", () => ({
    hide() { this.$el.closest("dialog").close(); },
  }));
  Alpine.data("copier", () => ({
    copied: false,
    async copy() {
      await navigator.clipboard.writeText(this.$root.querySelector("[data-copied]").textContent);
      this.copied = true;
    },
  }));
  // A toast; good news goes by itself, bad news waits to be read.
  Alpine.data("dismiss", () => ({
    init() { if (this.$root.classList.contains("good")) setTimeout(() => this.$root.remove(), 8000); },
    dismiss() { this.$root.remove(); },
  }));
});

document.addEventListener("alpine:init", () => {
  // The choice of a frequency: the cron field shows when it is asked for.
  Alpine.data("frequency", () => ({
    custom: false,
    init() { this.custom = this.$el.dataset.custom === "yes"; },
    pick(event) { this.custom = event.target.value === "cron"; },
  }));
  // A list that a search field narrows; the rows carry their text in data-text.
  Alpine.data("finder", () => ({
    none: false,
    get some() { return !this.none; },
    find() {
      const words = this.$root.querySelector("[type=search]").value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of this.$root.querySelectorAll("[data-text]")) {
        row.hidden = !words.every((word) => row.dataset.text.includes(word));
        shown += !row.hidden;
      }
      this.none = shown === 0;
    },
    clear() {
      const field = this.$root.querySelector("[type=search]");
      field.value = "";
      this.find();
      field.focus();
    },
  }));
});

// A form is sent once: a second click while the answer is on its way would make a second key. Who stops the page may
// send it again after a while.
const AGAIN_MS = 10_000;
let sent = new WeakSet();
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  setTimeout(() => sent.delete(form), AGAIN_MS);
});
addEventListener("pageshow", () => { sent = new WeakSet(); });

// Where tabs are wider than the screen, the current one is in sight.
for (const tabs of document.querySelectorAll(".tabs, .segments")) {
  const current = tabs.querySelector("[aria-current]");
  if (current) tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
}
