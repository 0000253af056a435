"use strict";
// Asks for the state once a second and fills the page; every control is one POST. No library.

const $ = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];
const account = $("#account");
const number = new Intl.NumberFormat("en");
let samples = {};
let timer = 0;

const at = (name) => `/_simulator/${name}?portal=${account.value}`;

function say(text, bad) {
  const message = $("#message");
  message.textContent = text;
  message.classList.toggle("bad", Boolean(bad));
}

async function send(name, body, done) {
  try {
    const response = await fetch(at(name), { method: "POST", body: JSON.stringify(body) });
    const reply = await response.json();
    if (!response.ok) return say(reply.message, true), null;
    say(done || "Done.");
    refresh();
    return reply;
  } catch (error) {
    say("The portal does not answer. Start it again, then reload this page.", true);
    return null;
  }
}

function make(tag, text, className) {
  const found = document.createElement(tag);
  if (text !== undefined) found.textContent = text;
  if (className) found.className = className;
  return found;
}

function rows(table, entries) {
  const body = $(`${table} tbody`);
  body.replaceChildren(...entries.map((cells) => {
    const row = make("tr");
    cells.forEach((cell, column) => {
      const one = make(column ? "td" : "th", typeof cell === "number" ? number.format(cell) : cell);
      if (!column) one.scope = "row";
      row.append(one);
    });
    return row;
  }));
}

function bars(limits) {
  $("#bars").replaceChildren(...limits.map((limit) => {
    const box = make("div", undefined, "bar");
    const share = limit.limit ? Math.min(limit.used / limit.limit, 1) : 0;
    const most = limit.limit === null ? "no limit" : number.format(limit.limit);
    const head = make("p");
    head.append(make("span", limit.name), make("b", `${number.format(limit.used)} of ${most}`));
    const meter = make("div", undefined, share > 0.9 ? "meter full" : "meter");
    meter.append(make("i"));
    meter.firstChild.style.width = `${share * 100}%`;
    box.append(head, meter);
    return box;
  }));
}

// A list is built again only when it changed, so that a focused button in it stays where it is.
function list(id, entries, line) {
  const box = $(id);
  const known = JSON.stringify(entries);
  if (box.dataset.known === known) return;
  box.dataset.known = known;
  box.replaceChildren(...(entries.length ? entries.map(line) : [make("li", "None.", "quiet")]));
}

function button(label, title, action) {
  const found = make("button", label);
  found.setAttribute("aria-label", title);
  found.addEventListener("click", action);
  return found;
}

function token(entry) {
  const line = make("li");
  const text = make("div");
  const until = entry.expires_at ? `until ${entry.expires_at.slice(0, 19).replace("T", " ")}` : "no expiry";
  text.append(make("code", entry.token), make("small", ` ${entry.app}, ${entry.scopes.length} scopes, ${until}`));
  const buttons = make("div", undefined, "buttons");
  buttons.append(
    button("Expire", `Expire ${entry.token}`, () => send("tokens", { id: entry.id, expires_in_s: 0 }, "Expired.")),
    button("Revoke", `Revoke ${entry.token}`, () => send("tokens", { id: entry.id, revoke: true }, "Revoked.")),
  );
  line.append(text, buttons);
  return line;
}

function installed(entry) {
  const line = make("li");
  line.append(
    make("div", `${entry.name}, ${entry.scopes.length} scopes`),
    button("Uninstall", `Uninstall ${entry.name}`, () => send("oauth", { uninstall: entry.client_id }, "Uninstalled.")),
  );
  return line;
}

function value(control, found) {
  if (document.activeElement === control) return;
  if (control.type === "checkbox") control.checked = Boolean(found);
  else control.value = Array.isArray(found) ? found.join(" ") : found === null ? "" : found;
}

function show(state) {
  const requests = Object.values(state.statistics).reduce((sum, family) => sum + family.requests, 0);
  $("#summary").textContent = `Account ${state.account}, seed ${state.config.seed}, ${number.format(requests)} requests`;
  $("#now").textContent = `${state.now.slice(0, 10)} ${state.now.slice(11, 19)} UTC`;
  $("#frozen").textContent = state.frozen ? "frozen" : "running";
  $("#freeze").textContent = state.frozen ? "Let it run" : "Freeze";
  $("#freeze").dataset.frozen = state.frozen;
  bars(state.limits.bars);
  rows("#requests", Object.entries(state.statistics).sort().map(([name, family]) =>
    [name.replaceAll("_", " "), family.requests, family.rate_limited, family.errors]));
  rows("#records", Object.entries(state.records).filter(([, count]) => count.live || count.archived)
    .map(([name, count]) => [name, count.live, count.archived]));
  all("[data-bad]").forEach((control) => {
    if (document.activeElement !== control) value(control, Math.round(state.bad_days[control.dataset.bad] * 100));
    control.nextElementSibling.textContent = control.value;
    control.parentElement.classList.toggle("on", Number(control.value) > 0);
  });
  all("[data-bad-number]").forEach((control) => value(control, state.bad_days[control.dataset.badNumber]));
  all("[data-bad-families]").forEach((control) => value(control, state.bad_days.families));
  all("[data-setting]").forEach((control) => value(control, state.config[control.dataset.setting]));
  all("[data-switch]").forEach((control) => value(control, state.oauth.switches[control.dataset.switch]));
  value($("#script [name=rate]"), state.script.rate_per_s);
  $("#played").textContent = number.format(state.script.played);
  list("#tokens", state.tokens, token);
  list("#installed", state.oauth.installed, installed);
}

async function refresh() {
  clearTimeout(timer);
  try {
    const response = await fetch(at("state"));
    show(await response.json());
    document.body.classList.remove("lost");
  } catch (error) {
    document.body.classList.add("lost");
    $("#summary").textContent = "The portal does not answer.";
  }
  timer = setTimeout(refresh, document.hidden ? 10000 : 1000);
}

async function sample() {
  samples = await (await fetch(at("events"))).json();
  fill();
}

function fill() {
  const form = $("#event");
  form.elements.arguments.value = JSON.stringify(samples[form.elements.event.value], null, 1);
}

const words = (text) => text.split(/[\s,]+/).filter(Boolean);

all("[data-advance]").forEach((control) => control.addEventListener("click", () =>
  send("clock", { advance_s: Number(control.dataset.advance) }, `The clock went ${control.textContent.slice(2)} forward.`)));
$("#freeze").addEventListener("click", (event) =>
  send("clock", { freeze: event.currentTarget.dataset.frozen !== "true" }));
$("#set-clock").addEventListener("submit", (event) => {
  event.preventDefault();
  send("clock", { set: `${event.target.elements.at.value}Z` }, "The clock is set.");
});
$("#reset-counts").addEventListener("click", () => send("statistics", {}, "Counting from zero."));
all("[data-bad]").forEach((control) => {
  control.addEventListener("input", () => { control.nextElementSibling.textContent = control.value; });
  control.addEventListener("change", () => send("bad-days", { [control.dataset.bad]: control.value / 100 }, "Set."));
});
all("[data-bad-number]").forEach((control) => control.addEventListener("change", () =>
  send("bad-days", { [control.dataset.badNumber]: Number(control.value) }, "Set.")));
all("[data-bad-families]").forEach((control) => control.addEventListener("change", () =>
  send("bad-days", { families: words(control.value) }, "Set.")));
$("#good-day").addEventListener("click", () => {
  const calm = { families: [], object_types: [], search_lag_s: 0 };
  all("[data-bad]").forEach((control) => { calm[control.dataset.bad] = 0; });
  send("bad-days", calm, "A good day.");
});
$("#script").addEventListener("submit", (event) => {
  event.preventDefault();
  send("script", { rate_per_s: Number(event.target.elements.rate.value) }, "The rate is set.");
});
$("#play").addEventListener("submit", async (event) => {
  event.preventDefault();
  const count = Number(event.target.elements.count.value);
  const reply = await send("script", { play: count });
  if (reply) say(`Played: ${Object.entries(reply.played).map(([name, times]) => `${name} ${times}`).join(", ")}.`);
});
$("#event").elements.event.addEventListener("change", fill);
$("#event").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target.elements;
  let given;
  try {
    given = JSON.parse(form.arguments.value);
  } catch (error) {
    return say(`The arguments are not JSON: ${error.message}`, true);
  }
  const reply = await send("events", { event: form.event.value, arguments: given }, `${form.event.value}: done.`);
  $("#event-result").hidden = !reply || reply.result === null;
  if (reply) $("#event-result").textContent = `result: ${JSON.stringify(reply.result)}`;
});
all("[data-setting]").forEach((control) => control.addEventListener("change", () => {
  const found = control.type === "checkbox" ? control.checked
    : control.dataset.kind === "text" ? control.value
    : control.dataset.kind === "list" ? words(control.value)
    : control.value === "" ? null : Number(control.value);
  send("config", { [control.dataset.setting]: found }, "Set.");
}));
all("[data-switch]").forEach((control) => control.addEventListener("change", () =>
  send("oauth", { switches: { [control.dataset.switch]: control.type === "checkbox" ? control.checked : control.value } }, "Set.")));
account.addEventListener("change", () => { sample(); refresh(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
sample();
refresh();
