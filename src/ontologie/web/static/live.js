// Replaces a part of the page as the server tells it, and keeps the keyboard and open parts where they were.
for (const live of document.querySelectorAll("[data-events]")) {
  const events = new EventSource(live.dataset.events);
  events.addEventListener(live.dataset.event, (event) => {
    const focused = document.activeElement?.closest("[data-key]")?.dataset.key;
    const open = [...live.querySelectorAll("details[open][data-key]")].map((one) => one.dataset.key);
    live.innerHTML = event.data;
    for (const key of open) live.querySelector(`details[data-key="${CSS.escape(key)}"]`)?.setAttribute("open", "");
    if (focused) live.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    window.htmx?.process(live);
  });
  // While the server is away the page says so; the browser tries again by itself.
  const notice = document.getElementById("live-lost");
  events.addEventListener("open", () => { notice.hidden = true; });
  events.addEventListener("error", () => { notice.hidden = false; });
  addEventListener("pagehide", () => events.close());
}
