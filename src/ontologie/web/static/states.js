// What a page shows while the server is asked, and when no answer comes: one way for whole pages, for parts that are
// fetched (data-part), for the spreadsheet and its drawer, and for what is live. The words are the layout's templates.
const CLOSED_RETRY_MS = 5000;
const SLOW_MS = 400;

function cut(name) { return document.getElementById(name).content.firstElementChild.cloneNode(true); }

function say(node, { problem, remedy } = {}) {
  if (!problem) return node;
  node.querySelector("[data-problem]").textContent = problem;
  node.querySelector("[data-remedy]").textContent = remedy ?? "";
  return node;
}

// The sentences of an error page of ours; none where it is another's, as a proxy's, and the template's own stay.
export function read(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html ?? "";
  const text = (name) => holder.content.querySelector(`[data-${name}]`)?.textContent;
  return { problem: text("problem"), remedy: text("remedy") };
}

export function waiting(place) {
  const node = cut("waiting");
  if (place?.dataset.part === "line") node.replaceChildren(node.firstElementChild);
  return node;
}

// A trouble in the place of what did not come; ``again`` is what its button does.
export function trouble(said, again) {
  const node = say(cut("trouble"), said);
  node.querySelector("[data-again]").addEventListener("click", again);
  return node;
}

// --- parts that htmx fetches

// What a part shows while it waits for its first content is .waiting; beside it may be fields, which stay.
function put(place, node) {
  const shown = place.querySelector(":scope > .waiting, :scope > .trouble");
  if (shown) shown.replaceWith(node);
  else place.replaceChildren(node);
}

function ask({ elt, requestConfig, target }) {
  put(target, waiting(target));
  htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt.isConnected ? elt : target, target });
}

function failed({ detail }) {
  const said = read(detail.xhr?.responseText);
  if (detail.target?.matches("[data-part]")) put(detail.target, trouble(said, () => ask(detail)));
  else document.getElementById("toasts").append(say(cut("toast-bad"), said));
}

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, failed);
document.addEventListener("htmx:beforeRequest", ({ detail: { target } }) => {
  if (target?.matches("[data-part]:not(:has(> :not(.trouble)))")) put(target, waiting(target));
});

// --- what is live

// Events of one name, for as long as the page is open. A server that refuses ends an EventSource for good: so we open
// it again, and ask for the way to log in where that is why.
export function listen(address, name, show) {
  const lost = document.getElementById("live-lost");
  let events;
  let again;
  const open = () => {
    events = new EventSource(address);
    events.addEventListener(name, ({ data }) => show(data));
    events.addEventListener("open", () => { lost.hidden = true; });
    events.addEventListener("error", () => {
      lost.hidden = false;
      if (events.readyState === EventSource.CLOSED) again = setTimeout(reopen, CLOSED_RETRY_MS);
    });
  };
  const reopen = async () => {
    const status = await statusOf(address);
    if (status === 401) location.reload();
    else open();
  };
  open();
  addEventListener("pagehide", () => { clearTimeout(again); events.close(); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) open(); });
}

async function statusOf(address) {
  const stop = new AbortController();
  try {
    return (await fetch(address, { signal: stop.signal })).status;
  } catch {
    return 0;  // no answer at all: the next attempt tells the same
  } finally {
    stop.abort();
  }
}

// --- whole pages

// The next page is on its way.
const going = document.getElementById("going");
let slow;
addEventListener("beforeunload", () => { slow = setTimeout(() => { going.hidden = false; }, SLOW_MS); });
addEventListener("pageshow", () => { clearTimeout(slow); going.hidden = true; });

// A page that could not be shown comes by itself as soon as it can.
const awaited = document.querySelector("[data-awaits]");
if (awaited) setInterval(async () => { if (await statusOf(awaited.dataset.awaits) === 200) location.reload(); }, CLOSED_RETRY_MS);

for (const button of document.querySelectorAll("[data-reload]")) button.addEventListener("click", () => location.reload());
