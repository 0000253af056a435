// Replaces a part of the page as the server tells it, and leaves the reader where they were: the focus, what is open,
// what is scrolled. While something in it is pressed or selected it waits: a click must find the button it began on.
import { listen } from "./states.js";

function kept(live) {
  const within = live.contains(document.activeElement);
  return {
    focused: within ? document.activeElement.closest("[data-key]")?.dataset.key : null,
    open: [...live.querySelectorAll("details[open][data-key]")].map((one) => one.dataset.key),
    scrolled: [...live.querySelectorAll("[data-key]")].filter((one) => one.scrollTop || one.scrollLeft)
      .map((one) => [one.dataset.key, one.scrollTop, one.scrollLeft]),
  };
}

function replace(live, html) {
  const { focused, open, scrolled } = kept(live);
  live.innerHTML = html;
  const find = (key) => live.querySelector(`[data-key="${CSS.escape(key)}"]`);
  for (const key of open) find(key)?.setAttribute("open", "");
  for (const [key, top, left] of scrolled) find(key)?.scrollTo({ top, left, behavior: "instant" });
  if (focused) find(focused)?.focus({ preventScroll: true });
  window.htmx?.process(live);
}

function selecting(live) {
  const selection = getSelection();
  return !selection.isCollapsed && live.contains(selection.anchorNode);
}

for (const live of document.querySelectorAll("[data-events]")) {
  let waiting = null;
  let pressed = false;
  const show = () => {
    if (waiting === null || pressed || selecting(live)) return;
    const html = waiting;
    waiting = null;
    replace(live, html);
  };
  live.addEventListener("pointerdown", () => { pressed = true; });
  // The click comes right after its pointerup.
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { pressed = false; setTimeout(show); });
  document.addEventListener("selectionchange", show);
  listen(live.dataset.events, live.dataset.event, (html) => { waiting = html; show(); });
}
