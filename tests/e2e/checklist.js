// What the checklist asks of the open page.  Evaluated there; the policy of the page stays in force.
{
  axe: async (tags) => {
    const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
  },
  structure: () => {
    const found = [];
    const visible = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== "hidden";
    if (document.documentElement.lang !== "ja") found.push("lang is not ja");
    if (!/｜/.test(document.title)) found.push(`title: ${document.title}`);
    if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
    if (document.querySelectorAll("main").length !== 1) found.push("not one main");
    if (document.querySelector("[style]")) found.push("a style attribute");
    if (document.querySelector("script:not([src])")) found.push("an inline script");
    const first = document.querySelector("a, button, input");
    if (!first || first.getAttribute("href") !== "#main") found.push("the skip link is not first");
    const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((one) => Number(one.tagName[1]));
    levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) found.push(`heading level ${level} after ${levels[i - 1]}`); });
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) {
      const wide = [...document.querySelectorAll("body *")].find((one) => one.getBoundingClientRect().right > root.clientWidth + 1);
      found.push(`scrolls sideways: ${wide ? wide.outerHTML.slice(0, 90) : "?"}`);
    }
    for (const one of document.querySelectorAll("button, .button, input:not([type=hidden]), select, textarea, summary")) {
      const box = (one.closest("label") || one).getBoundingClientRect();
      if (visible(one) && !one.closest(".visually-hidden") && box.height > 1 && box.height < 43.5) {
        found.push(`target of ${box.height.toFixed(0)} px: ${one.outerHTML.slice(0, 90)}`);
      }
    }
    for (const one of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
      if (!one.labels?.length && !one.closest("fieldset")) found.push(`no label: ${one.outerHTML.slice(0, 90)}`);
    }
    if (document.querySelector("[placeholder], [disabled], [readonly]")) found.push("a placeholder, disabled or readonly");
    for (const one of document.querySelectorAll("[aria-describedby]")) {
      for (const id of one.getAttribute("aria-describedby").split(" ")) if (!document.getElementById(id)) found.push(`describedby ${id}`);
    }
    return found;
  },
  focus: () => {
    const one = document.activeElement;
    if (!one || one === document.body) return "";
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3;
    const inView = box.bottom > 0 && box.top < innerHeight;
    return ring && inView ? "" : `${ring ? "out of view" : "no ring"}: ${one.outerHTML.slice(0, 90)}`;
  },
  words: () => [...document.querySelectorAll("main")].map((one) => {
    const copy = one.cloneNode(true);
    copy.querySelectorAll(".paper").forEach((paper) => paper.remove());
    return copy.textContent;
  }).join(),
}
