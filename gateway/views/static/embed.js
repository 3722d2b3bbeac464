// For clinics' own sites: gives the frames that show our pages the height of their content.
// <script src="https://…/static/embed.js" async></script>; without it a frame keeps the height that it is written with.
"use strict";

(() => {
  const ours = new URL(document.currentScript.src).origin;
  const tallest = 20000; // pixels

  function isOurs(frame) {
    try {
      return new URL(frame.src, location.href).origin === ours;
    } catch {
      return false;
    }
  }

  // Those whose page has answered: by an async script the first one may have been loaded before there was anybody to see it.
  const shown = new WeakSet();

  // The page in the frame answers to whoever asks it, at the asking site's origin and no other.
  function ask(frame) {
    if (isOurs(frame)) frame.contentWindow.postMessage("frontdesk-height", ours);
  }

  addEventListener("message", (event) => {
    const height = event.data?.frontdeskHeight;
    if (event.origin !== ours || !Number.isFinite(height) || height <= 0) return;
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentWindow !== event.source) continue;
      frame.style.height = `${Math.min(Math.ceil(height), tallest)}px`;
      shown.add(frame);
    }
  });

  // Each step of a booking is a page of its own, whose beginning is to be seen: whoever pressed at the bottom of a long
  // one would find themselves in the middle of the next. Where the frame stands when it is first shown, it stays.
  function show(frame) {
    ask(frame);
    if (shown.has(frame) && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  }

  // Load events do not bubble, so they are caught on their way down.
  document.addEventListener("load", (event) => event.target instanceof HTMLIFrameElement && show(event.target), true);
  document.querySelectorAll("iframe").forEach(ask);
})();
