// Tells the page that waits what HubSpot answered. The code is taken out of the address; a popup closes itself (a tab
// that was not opened by a script stays, and shows the way on).
const answer = document.querySelector("[data-oauth-answer]");
history.replaceState(null, "", location.pathname);
const { oauthAnswer, draft, problem, remedy } = answer.dataset;
new BroadcastChannel("ontologie-oauth").postMessage({ answer: oauthAnswer, draft, problem, remedy });
setTimeout(() => window.close(), 300);
