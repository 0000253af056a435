// Opens HubSpot's consent page in a window of its own and waits for the answer, which comes by BroadcastChannel: a page
// of another origin may have cut the tie between the two windows (Cross-Origin-Opener-Policy), and "closed" is then
// untrue. So a closed window is only mentioned, and the answer still counts.
for (const root of document.querySelectorAll("[data-oauth]")) {
  const say = (name) => {
    for (const part of root.querySelectorAll("[data-oauth-said]")) part.hidden = part.dataset.oauthSaid !== name;
  };
  const channel = new BroadcastChannel("ontologie-oauth");
  channel.addEventListener("message", ({ data }) => {
    if (data.answer === "authorized" && root.dataset.oauth.endsWith(`/${data.draft}`)) {
      location.assign(root.dataset.done);
    } else if (data.answer === "refused" && root.dataset.waiting) {
      root.querySelector("[data-oauth-problem]").textContent = data.problem;
      root.querySelector("[data-oauth-remedy]").textContent = data.remedy;
      delete root.dataset.waiting;
      say("refused");
    }
  });
  const go = root.querySelector("[data-oauth-go]");
  go.disabled = false;  // until now a click would have done nothing
  go.addEventListener("click", () => {
    const popup = window.open(root.dataset.oauth, "ontologie-oauth", "popup,width=720,height=820");
    if (!popup) { say("POPUP_BLOCKED"); return; }
    root.dataset.waiting = "yes";
    say("waiting");
    const watch = setInterval(() => {
      if (!root.dataset.waiting) { clearInterval(watch); return; }
      if (!popup.closed) return;
      clearInterval(watch);
      setTimeout(() => { if (root.dataset.waiting) say("POPUP_CLOSED"); }, 1000);
    }, 300);
  });
}
