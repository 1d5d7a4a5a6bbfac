// What the checklist asks of the open page.  Evaluated there; the policy of the page stays in force.
(() => {
  const visible = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== "hidden";
  // Kept for screen readers only: cut away to nothing.
  const cutAway = (one) => one && (getComputedStyle(one).clipPath === "inset(50%)" || cutAway(one.parentElement));
  const seen = (one) => visible(one) && !cutAway(one);
  const outOfView = (one) => {
    const box = one.getBoundingClientRect();
    return box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth;
  };
  const twoFrames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const start = (one) => one.outerHTML.slice(0, 90);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const FIELDS = "input:not([type=hidden]), select, textarea";
  const TYPED = "input:not([type]), input[type=text], input[type=search], input[type=tel], input[type=email], textarea";

  const frame = () => {
    const found = [];
    if (document.documentElement.lang !== "ja") found.push("lang is not ja");
    if (!/^[^｜]+｜[^｜]+$/.test(document.title)) found.push(`title: ${document.title}`);
    for (const tag of ["h1", "main"]) if (all(tag).filter(visible).length !== 1) found.push(`not one ${tag}`);
    if (document.querySelector("[style]")) found.push("a style attribute");
    if (document.querySelector("script:not([src])")) found.push("an inline script");
    const acting = all("*").find((one) => one.getAttributeNames().some((name) => name.startsWith("on")));
    if (acting) found.push(`an inline act: ${start(acting)}`);
    const levels = all("h1, h2, h3, h4, h5, h6").filter(visible).map((one) => Number(one.tagName[1]));
    levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) found.push(`heading level ${level} after ${levels[i - 1]}`); });
    return found;
  };
  // Static pages of the gateway have one link in their head and no menu: nothing to skip.
  const skip = () => {
    const first = document.querySelector("a, button, input");
    return first && first.getAttribute("href") === "#main" && document.getElementById("main") ? [] : ["the skip link is not first"];
  };
  const sideways = () => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = all("body *").find((one) => visible(one) && one.getBoundingClientRect().right > root.clientWidth + 1);
    return [`scrolls sideways: ${wide ? start(wide) : "?"}`];
  };
  // Links in running text may be lower; axe's target-size holds them to 24 px or the space around them (WCAG 2.5.8).
  const targets = () => all(`button, .button, ${FIELDS}, summary`)
    .map((one) => [one, (one.closest("label") || one).getBoundingClientRect()])
    .filter(([one, box]) => seen(one) && box.height > 1 && box.height < 43.5)
    .map(([one, box]) => `target of ${box.height.toFixed(0)} px: ${start(one)}`);
  const labelled = (one) => {
    // A search is named by its button, a box to pick a row by the row.
    if (one.closest("[role=search], label.pick")) return true;
    return [...(one.labels || [])].some(seen) || all("legend", one.closest("fieldset") || document.createElement("p")).some(seen);
  };
  const fields = () => {
    const found = [];
    for (const one of all(FIELDS).filter(seen)) if (!labelled(one)) found.push(`no visible label: ${start(one)}`);
    for (const one of all(TYPED).filter(seen)) {
      if (!one.hasAttribute("autocomplete")) found.push(`no autocomplete: ${start(one)}`);
      if (one.closest(".unit") && one.inputMode !== "numeric") found.push(`digits without inputmode: ${start(one)}`);
    }
    if (document.querySelector("[placeholder], [disabled], [readonly]")) found.push("a placeholder, disabled or readonly");
    for (const one of all("[aria-describedby]")) {
      for (const id of one.getAttribute("aria-describedby").split(" ")) if (!document.getElementById(id)) found.push(`describedby ${id}`);
    }
    return found;
  };
  const mistakes = () => {
    const wrong = all("[data-invalid]");
    if (!wrong.length) return [];
    const found = [];
    const summary = document.querySelector(".error-summary[role=alert]");
    if (!document.title.startsWith("エラー：")) found.push("the title of an error page does not begin so");
    if (!summary) found.push("no summary of the errors");
    else for (const one of all("a", summary)) if (!document.getElementById(one.hash.slice(1))) found.push(`the summary leads nowhere: ${one.hash}`);
    for (const one of wrong) {
      const said = all(".error-text", one).map((text) => text.id).filter(Boolean);
      const tied = [one, ...all("[aria-describedby]", one)].some((part) => said.some((id) => (part.getAttribute("aria-describedby") || "").split(" ").includes(id)));
      if (!said.length || !tied) found.push(`an error that its field does not name: ${start(one)}`);
      if (one.matches("div") && !one.querySelector("[aria-invalid=true]")) found.push(`not aria-invalid: ${start(one)}`);
    }
    return found;
  };
  // What people have typed stays as they typed it (data-typed); an option and a title cannot hold a tag.
  const dates = () => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const parent = text.parentElement;
      if (/[0-9０-９]+月[0-9０-９]+日/.test(text.data) && !parent.closest("time, option, textarea, [data-typed]")) found.push(`a date without <time>: ${text.data.trim().slice(0, 60)}`);
    }
    return found;
  };

  return {
    axe: async (tags) => {
      const rules = { "target-size": { enabled: true } };
      const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, rules, resultTypes: ["violations"] });
      return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
    },
    structure: () => [...frame(), ...sideways(), ...targets(), ...fields(), ...mistakes(), ...dates()],
    skip,
    sideways,
    // The ring, the view, and whether the stop comes after the one before it.
    focus: async () => {
      const one = document.activeElement;
      if (!one || one === document.body) return { end: true };
      const before = window.checklistStop;
      window.checklistStop = one;
      const style = getComputedStyle(one), found = [];
      if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 3) found.push(`no ring: ${start(one)}`);
      // A picture that loads at this moment moves the page; the browser brings the stop back in its next frames.
      if (outOfView(one)) await twoFrames();
      if (outOfView(one)) found.push(`out of view: ${start(one)}`);
      const back = before && before.isConnected && before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING;
      if (back) return { end: true };
      if (one.tabIndex > 0) found.push(`a tabindex of its own: ${start(one)}`);
      return { end: false, found };
    },
    focusAgain: () => { window.scrollTo(0, 0); document.activeElement?.blur(); window.checklistStop = null; },
    // WCAG 1.4.12: with these spaces nothing is cut off.
    spaced: () => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
      document.adoptedStyleSheets = [sheet];
      const cut = all("body *").filter((one) => {
        const style = getComputedStyle(one);
        const hides = /hidden|clip/.test(style.overflowY + style.overflowX);
        return hides && seen(one) && one.textContent.trim() && (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1);
      });
      const found = [...sideways(), ...cut.map((one) => `cut off when spaced: ${start(one)}`)];
      document.adoptedStyleSheets = [];
      return found;
    },
    // In forced colours backgrounds are gone: what has a state keeps a line.
    forced: () => all(".button:not([data-type=text]), .input, .chip, .banner, .verdict, .error-summary, .choice-box, .count[data-hot], .panel.act, [aria-current=page]")
      .filter(seen)
      .filter((one) => {
        const style = getComputedStyle(one);
        const lines = ["Top", "Right", "Bottom", "Left"].some((side) => style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) >= 1);
        return !lines && style.outlineStyle === "none";
      })
      .map((one) => `no line in forced colours: ${start(one)}`),
    summaryFocused: () => {
      const summary = document.querySelector(".error-summary");
      return !summary || document.activeElement === summary ? [] : ["the summary of the errors has not the focus"];
    },
    words: () => all("main, aside, title").map((one) => {
      const copy = one.cloneNode(true);
      copy.querySelectorAll(".paper").forEach((paper) => paper.remove());
      return copy.textContent;
    }).join(),
  };
})()
