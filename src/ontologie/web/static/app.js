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
  Alpine.data("dismiss", () => ({
    dismiss() { this.$root.remove(); },
  }));
});

// A part of a page that could not be fetched says so; what the server says (an error of ours) is shown as it is.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 400 || !event.detail.xhr.responseText) return;
  document.getElementById("toasts").insertAdjacentHTML("beforeend", event.detail.xhr.responseText);
  event.detail.shouldSwap = false;
});
document.addEventListener("htmx:sendError", () => {
  const lost = document.getElementById("connection-lost");
  document.getElementById("toasts").append(lost.content.cloneNode(true));
});
