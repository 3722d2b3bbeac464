// Makes the pages quicker; every one of them works without it.
"use strict";

// The calendar: days and months are fetched and put in place instead of loading the whole page. Of several that are
// pressed before an answer has come the last one counts.
let lastPressed;

async function swap(form, button) {
  lastPressed = button;
  const area = form.closest("[data-swap]");
  const isPost = form.method === "post";
  const fields = new URLSearchParams(new FormData(form, button));
  const address = new URL(form.action);
  address.hash = "";
  if (!isPost) address.search = fields.toString();
  area.setAttribute("aria-busy", "true");
  try {
    const headers = { Accept: "text/html" };
    const answer = await fetch(address, isPost ? { method: "POST", body: fields, headers } : { headers });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (button !== lastPressed) return;
    const fresh = page.getElementById(area.id);
    if (!answer.ok || !fresh) throw new Error("not the calendar");
    area.replaceWith(fresh);
    if (!isPost) history.replaceState(null, "", address);
    copyLanguageFields(page);
    showResult(fresh, button);
  } catch {
    if (button !== lastPressed) return;
    if (!isPost) return location.assign(address);
    form.removeAttribute("data-swaps");
    form.requestSubmit(button);
  }
}

function copyLanguageFields(page) {
  const ours = document.querySelector(".languages form");
  const theirs = page.querySelector(".languages form");
  if (ours && theirs) ours.replaceWith(theirs);
}

function showResult(fresh, button) {
  if (button.name === "date") {
    const times = fresh.querySelector(".times");
    times.focus({ preventScroll: true });
    const { top, bottom, height } = times.getBoundingClientRect();
    const isSeen = top >= 0 && bottom <= innerHeight;
    if (!isSeen) times.scrollIntoView({ block: height > innerHeight / 2 ? "start" : "nearest" });
    return;
  }
  const title = fresh.querySelector("[data-title]").textContent;
  const days = [...fresh.querySelectorAll(".week h3")].map((day) => day.textContent);
  document.querySelector("[data-said]").textContent = [title, ...days].join(", ");
  const way = ["next", "previous"].find((each) => button.classList.contains(each));
  const turned = way && fresh.querySelector(`.turn.${way}:enabled`);
  (turned || fresh.querySelector(`${way ? ".turn:enabled, " : ""}button.day, button.time`))?.focus();
}

// What the keyboard reaches of a week is brought wholly into view; browsers leave what is seen in part.
document.addEventListener("focusin", (event) => {
  if (event.target.closest(".week")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("data-swaps") && event.submitter) {
    event.preventDefault();
    swap(form, event.submitter);
  } else if (form.hasAttribute("data-once")) {
    sendOnce(form, event);
  }
});

// A form is sent once, however often its button is pressed; the server would make one booking of it anyway.
function sendOnce(form, event) {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (!button) return;
  button.dataset.idle = button.textContent;
  if (button.dataset.busy) button.textContent = button.dataset.busy;
  button.setAttribute("aria-disabled", "true");
}

// Coming back by the browser's Back button: forms can be sent again, and buttons say what they said.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  document.querySelectorAll("button[data-idle]").forEach((button) => {
    if (button.dataset.busy) button.textContent = button.dataset.idle;
    button.removeAttribute("aria-disabled");
  });
});

// Changing the language keeps what is typed and not yet sent.
document.addEventListener("submit", (event) => {
  const details = document.querySelector("[data-details]");
  if (!details || !event.target.closest(".languages")) return;
  event.target.method = "post";
  for (const [name, value] of new FormData(details)) {
    if (!event.target.elements[name] && value) event.target.append(hiddenField(name, value));
  }
});

function hiddenField(name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  return field;
}

// How long the time is still held: seen every second, said when it gets short.
const SAID_AT_MINUTES = [5, 2, 1];

function countDown(note) {
  const left = Math.floor((Date.parse(note.dataset.until) - Date.now()) / 1000);
  const [shown, said] = note.children;
  if (left <= 0) {
    shown.textContent = note.dataset.over;
    said.textContent = "";
    shown.setAttribute("role", "status");
    note.classList.add("over");
    return;
  }
  const language = document.documentElement.lang;
  const digits = new Intl.NumberFormat(language, { minimumIntegerDigits: 2 });
  const clock = `${new Intl.NumberFormat(language).format(Math.floor(left / 60))}:${digits.format(left % 60)}`;
  note.querySelector("[data-countdown]").textContent = note.dataset.left.replace("{left}", clock);
  const minutes = Math.ceil(left / 60);
  if (SAID_AT_MINUTES.includes(minutes)) {
    const long = new Intl.NumberFormat(language, { style: "unit", unit: "minute", unitDisplay: "long" });
    const sentence = note.dataset.left.replace("{left}", long.format(minutes));
    if (said.textContent !== sentence) said.textContent = sentence;
  }
  setTimeout(countDown, 1000, note);
}

// More book than can be let in at once: what was sent is sent again when its turn comes.
function waitForTurn(form) {
  document.querySelector("[data-turn-note]").hidden = false;
  setTimeout(() => form.requestSubmit(), 1000 * form.dataset.turn);
}

// Inside a clinic's site: whoever frames this page is told its height, and only that, once they ask (see embed.js).
let heightWatch;
addEventListener("message", (event) => {
  if (parent === window || event.source !== parent || event.data !== "frontdesk-height" || event.origin === "null") return;
  const tell = () => parent.postMessage({ frontdeskHeight: document.body.offsetHeight }, event.origin);
  heightWatch?.disconnect();
  heightWatch = new ResizeObserver(tell);
  heightWatch.observe(document.body);
});

document.querySelectorAll("[data-until]").forEach(countDown);
document.querySelectorAll("[data-turn]").forEach(waitForTurn);
document.querySelector("[data-focus]")?.focus({ preventScroll: false });
document.querySelector(".error-summary")?.addEventListener("click", (event) => {
  const target = document.querySelector(event.target.closest("a")?.hash || null);
  if (!target) return;
  event.preventDefault();
  const field = target.matches("fieldset") ? target.querySelector("input") : target;
  (field ?? target).focus();
  target.scrollIntoView({ block: "center" });
});
