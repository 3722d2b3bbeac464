// The console's frame: focus that goes where something opens, a panel that closes, menus, forms that are sent once.
// Every page works without it.

const panel = document.getElementById("panel");
const main = document.getElementById("main");
const isNarrow = matchMedia("(max-width: 60rem)");
let openedFrom = null;

const open = (url) => htmx.ajax("GET", url, { source: panel, target: "#panel", swap: "innerHTML show:none", push: "true" });

function close() {
  if (!panel || !main || !panel.children.length) return false;
  if (!main.children.length) return false; // the panel is the page
  panel.replaceChildren();
  history.pushState(null, "", main.dataset.address || location.pathname);
  document.dispatchEvent(new CustomEvent("frontdesk:closed"));
  (openedFrom?.isConnected ? openedFrom : main).focus();
  return true;
}

if (main?.children.length) main.dataset.address = location.pathname + location.search;

document.addEventListener("frontdesk:open", (event) => open(event.detail.url));

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-close]");
  if (link && close()) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const menu = document.querySelector("[data-menu][open]");
  if (menu) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  } else if (!/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "")) {
    close();
  }
});

// A menu that is open closes when something else is pressed.
document.addEventListener("click", (event) => {
  document.querySelectorAll("[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
});

// On a small screen the navigation begins folded, and nothing is put before a panel that is the page.
if (isNarrow.matches) document.querySelector("[data-nav]")?.removeAttribute("open");
else addEventListener("DOMContentLoaded", () => main?.dispatchEvent(new CustomEvent("frontdesk:beside")));

// What opens in the panel is read from its heading; what is wrong, from its summary.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === "panel" && !panel.contains(document.activeElement)) openedFrom = document.activeElement;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "panel") return;
  (panel.querySelector("[data-focus]") ?? panel.querySelector("[autofocus]") ?? panel.querySelector("[data-arrive]"))?.focus();
  if (isNarrow.matches) panel.scrollIntoView(); // there it stands below what it belongs to
  panel.querySelectorAll("[data-until]").forEach(endsAt);
});
// What was done in the panel shows in what stands behind it, where that has marked what may be out of date by then.
document.addEventListener("htmx:afterSettle", (event) => {
  const stale = event.detail.target === panel && event.detail.requestConfig?.verb === "post" && document.querySelector("#main [data-stale]");
  if (stale) htmx.ajax("GET", main.dataset.address, { source: stale, target: stale, select: `#${stale.id}`, swap: "outerHTML" });
});
document.addEventListener("htmx:sendError", () => say(document.documentElement.dataset.offline));

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-once")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
}, true);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-sent]");
  if (form) ready(form);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(ready);
});

function ready(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}

// What can be undone says so until it cannot be any more.
function endsAt(note) {
  const left = Date.parse(note.dataset.until) - Date.now();
  if (left > 0) setTimeout(() => note.querySelector("form")?.remove(), left);
  else note.querySelector("form")?.remove();
}

function say(text) {
  if (text) document.getElementById("said").textContent = text;
}

document.querySelectorAll("[data-until]").forEach(endsAt);
document.querySelector("[data-focus]")?.focus();
document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a");
  const target = link && document.querySelector(link.hash || null);
  if (!target) return;
  event.preventDefault();
  (target.matches("fieldset") ? target.querySelector("input") : target).focus();
});
