// Keeps what is typed in a long form while somebody types, and when the page goes out of sight.  Works without it too.
(() => {
  "use strict";
  const PAUSE = 2000;
  const form = document.querySelector("form[data-keep]");
  let typed = false;
  let timer = 0;

  async function keep() {
    clearTimeout(timer);
    if (!typed) return;
    typed = false;
    const data = new FormData(form);
    data.set("leave", "keep");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, keepalive: true });
      form.querySelector("[data-signed-out]").hidden = answer.status !== 401;
    } catch {
      typed = true; // no network: kept with the next letter
    }
  }

  form.addEventListener("input", () => {
    typed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => {
    typed = false;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
})();
