"use strict";
// The page works without this: it adds sorting, searching, folding, and remembers light or dark.

const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// --- light and dark; a page opened from a disk may not be allowed to remember it -------------
const remembered = (value) => {
  try {
    if (value) localStorage.setItem("theme", value);
    return localStorage.getItem("theme");
  } catch {
    return value;
  }
};
const isDark = () =>
  (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
if (remembered()) root.dataset.theme = remembered();
document.getElementById("theme").addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  remembered(root.dataset.theme);
});

// --- where the reader is: marked in the contents, and kept by the switch of language ----------
const BELOW_BAR = 90;
const sections = all("main > section");
const anchors = all("main > section, .exhibit, main tbody[id]");
const last = (elements) =>
  elements.filter((element) => element.getClientRects().length && element.getBoundingClientRect().top < BELOW_BAR).at(-1);
const markContents = () => {
  const current = (last(sections) || sections[0]).id;
  for (const link of all(".contents a")) {
    if (link.hash === `#${current}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};
addEventListener("scroll", () => requestAnimationFrame(markContents), { passive: true });
requestAnimationFrame(markContents);
const other = document.getElementById("other");
for (const event of ["pointerdown", "focus", "click"]) {
  other.addEventListener(event, () => (other.hash = (last(anchors) || sections[0]).id));
}

// --- the ledger: filter, sort, search; a row opens its derivation -----------------------------
const ledger = (table) => {
  const claims = all("tbody", table);
  const controls = document.getElementById("ledger-controls");
  const count = controls.querySelector("output");

  const setOpen = (claim, open) => {
    claim.querySelector(".why").classList.toggle("shown", open);
    claim.querySelector(".unfold").setAttribute("aria-expanded", String(open));
  };
  const matches = (claim, words) =>
    (!controls.verdict.value || claim.dataset.verdict === controls.verdict.value) &&
    (!controls.provisional.checked || claim.dataset.provisional === "True") &&
    words.every((word) => claim.textContent.toLowerCase().includes(word));
  const filter = () => {
    const words = controls.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const claim of claims) claim.hidden = !matches(claim, words);
    const shown = claims.filter((claim) => !claim.hidden).length;
    count.textContent = count.dataset.words.replace("{shown}", shown).replace("{all}", claims.length);
    document.getElementById("ledger-none").hidden = shown > 0;
  };

  const compare = (first, second) => {
    const [a, b] = [parseFloat(first), parseFloat(second)];
    return Number.isNaN(a) || Number.isNaN(b) ? first.localeCompare(second, root.lang) : a - b;
  };
  const sort = (heading) => {
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const sibling of heading.parentElement.cells) sibling.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const byVerdict = heading.firstElementChild.dataset.sort === "verdict";
    const value = (claim) =>
      byVerdict ? claim.dataset.order : claim.rows[0].cells[heading.cellIndex].textContent.trim();
    const sorted = [...claims].sort((a, b) => compare(value(a), value(b)) * (down ? -1 : 1));
    table.append(...sorted);
  };

  // a link to a statement opens its derivation, whatever the filter hides
  const openTarget = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!claims.includes(target)) return;
    if (target.hidden) {
      controls.reset();
      filter();
    }
    setOpen(target, true);
    target.scrollIntoView();
  };

  for (const claim of claims) {
    setOpen(claim, false);
    claim.querySelector(".unfold").addEventListener("click", (event) =>
      setOpen(claim, event.currentTarget.getAttribute("aria-expanded") === "false"),
    );
  }
  for (const button of all("thead button", table)) {
    button.addEventListener("click", () => sort(button.parentElement));
  }
  controls.addEventListener("input", filter);
  controls.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", openTarget);
  openTarget();
};
if (document.getElementById("ledger-table")) ledger(document.getElementById("ledger-table"));
