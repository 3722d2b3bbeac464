// A time that is held is given back when the panel that holds it closes, or shows another matter.

let held = null;
let isAsking = false; // whether a time is just being held
let afterwards = null; // what waits for that

const holding = () => document.querySelector("#hold input[name=hold]")?.value ?? null;

const address = () => `${location.pathname.split("/").slice(0, 3).join("/")}/bookings/new/release`;
const told = (hold) => new URLSearchParams({ hold });

// Where that does not arrive the hold ends by the clock.
const release = (hold) => fetch(address(), { method: "POST", body: told(hold), keepalive: true }).catch(() => {});

// What replaces a hold has given it back already: only where nothing is held any more is there anything to do.
function look() {
  const now = holding();
  if (held && !now && !document.getElementById("hold")) release(held);
  held = now ?? (document.getElementById("hold") ? held : null);
}

// The same time asked for once more, for a patient who was found meanwhile or for another length, takes the hold along:
// or else one would be in one's own way. What books waits for a hold that is under way.
const isOf = ({ detail }, id) => (detail.requestConfig?.elt ?? detail.elt).id === id;
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  if (held && isOf(event, "hold") && !parameters.hold) parameters.replaces = held;
});
document.addEventListener("htmx:beforeRequest", (event) => { isAsking ||= isOf(event, "hold"); });
document.addEventListener("htmx:confirm", (event) => {
  if (!isAsking || !isOf(event, "book")) return;
  event.preventDefault();
  afterwards = event.detail.issueRequest;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!isOf(event, "hold")) return;
  isAsking = false;
  look();
  afterwards?.(true);
  afterwards = null;
});
document.addEventListener("htmx:afterSettle", look);
document.addEventListener("frontdesk:closed", look);
addEventListener("pagehide", () => held && navigator.sendBeacon(address(), told(held)));
