// Keys of the desk.  A key moves the focus, opens or marks; it never decides.  Everything works without this script.
(() => {
  "use strict";
  const OFF = "todoke-keys-off";
  let afterG = false;

  const isOff = () => localStorage.getItem(OFF) === "1";
  const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-rows] tbody tr")];
  const here = () => rows().findIndex((row) => row.contains(document.activeElement));

  function move(step) {
    const all = rows();
    const next = all[Math.min(Math.max(here() + step, 0), all.length - 1)];
    next?.querySelector("th a, a")?.focus();
  }

  function mark() {
    rows()[here()]?.querySelector("input[type=checkbox]")?.click();
  }

  function reach(key) {
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (target?.matches("a[data-open]")) target.click();
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
    return Boolean(target);
  }

  function tab(number) {
    document.querySelectorAll("a[data-tab]")[number - 1]?.click();
  }

  function toggle() {
    localStorage.setItem(OFF, isOff() ? "0" : "1");
    show();
  }

  function show() {
    for (const line of document.querySelectorAll(".keys")) {
      let button = line.querySelector("button");
      if (!button) {
        button = document.createElement("button");
        button.type = "button";
        button.className = "button keys-off";
        button.dataset.type = "text";
        button.dataset.size = "md";
        button.addEventListener("click", toggle);
        line.append(button);
      }
      button.textContent = isOff() ? "キー操作を使う" : "キー操作を使わない";
    }
  }

  function press(event) {
    if (isOff() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const key = event.key;
    if (afterG && /^[1-9]$/.test(key)) tab(Number(key));
    else if (key === "j" && rows().length) move(1);
    else if (key === "k" && rows().length) move(-1);
    else if (key === "x") mark();
    else if (!/^[a-z/?]$/.test(key) || (key !== "g" && !reach(key))) { afterG = false; return; }
    afterG = key === "g";
    event.preventDefault();
  }

  document.addEventListener("keydown", press);
  show();
})();
