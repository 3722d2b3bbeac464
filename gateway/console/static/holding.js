// A time that is held is given back when the panel that holds it closes, or shows another matter.

let held = null;

const holding = () => document.querySelector("#hold input[name=hold]")?.value ?? null;

function release(hold) {
  const body = new URLSearchParams({ hold });
  navigator.sendBeacon(`${location.pathname.split("/").slice(0, 3).join("/")}/bookings/new/release`, body);
}

// What replaces a hold has given it back already: only where nothing is held any more is there anything to do.
function look() {
  const now = holding();
  if (held && !now && !document.getElementById("hold")) release(held);
  held = now ?? (document.getElementById("hold") ? held : null);
}

document.addEventListener("htmx:afterSettle", look);
document.addEventListener("frontdesk:closed", look);
addEventListener("pagehide", () => held && release(held));
