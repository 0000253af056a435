// Replaces the streams as the server tells them, and keeps the keyboard where it was.
const live = document.querySelector("[data-events]");
if (live) {
  const events = new EventSource(live.dataset.events);
  events.addEventListener("streams", (event) => {
    const focused = document.activeElement?.getAttribute("formaction");
    live.innerHTML = event.data;
    if (focused) live.querySelector(`[formaction="${CSS.escape(focused)}"]`)?.focus();
  });
  addEventListener("pagehide", () => events.close());
}
