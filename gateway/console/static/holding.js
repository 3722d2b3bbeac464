// A time that is held is given back when the panel that holds it closes, or shows another matter.

let held = null;

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

document.addEventListener("htmx:afterSettle", look);
document.addEventListener("frontdesk:closed", look);
addEventListener("pagehide", () => held && navigator.sendBeacon(address(), told(held)));
