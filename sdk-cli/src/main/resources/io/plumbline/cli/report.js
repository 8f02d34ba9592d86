
"use strict";
// The report of a store: rows of the table of runs are chosen, and the chosen ones shown side by side.
(() => {
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const boxes = new Map();
  document.querySelectorAll("#run-table tbody tr").forEach((row) => {
    const i = Number(row.dataset.i), cell = row.cells[0];
    const box = page.make("input", { type: "checkbox" });
    box.setAttribute("aria-label", "Choose " + selection.names[i]);
    box.onchange = () => { if (!selection.set(i, box.checked)) box.checked = false; };
    cell.replaceChildren(page.make("label", { className: "pick" }, box, page.make("span", {}, ...cell.childNodes)));
    boxes.set(i, box);
  });

  const side = document.getElementById("side");
  const MOST_ROWS = 300;
  const part = (chosen, which) => {
    const keys = new Map();
    chosen.forEach((i, column) => {
      const list = facts.runs[i] ? facts.runs[i][which] : [];
      for (let at = 0; at < list.length; at += 2) {
        if (!keys.has(list[at])) keys.set(list[at], new Array(chosen.length).fill(null));
        keys.get(list[at])[column] = list[at + 1];
      }
    });
    return keys;
  };

  let onlyDifferences = false;
  const show = (set) => {
    const chosen = [...set].sort((a, b) => a - b);
    if (chosen.length === 0) {
      side.replaceChildren(page.make("p", { className: "quiet" }, "Choose runs in the table to see them side by side."));
      return;
    }
    const head = page.make("tr", {}, page.make("th", { scope: "col" }, ""));
    chosen.forEach((i) => head.append(page.make("th", { scope: "col", title: selection.names[i] }, selection.names[i])));
    const body = page.make("tbody");
    [["param ", 0], ["metric ", 1], ["tag ", 2]].forEach(([kind, which]) => {
      for (const [key, values] of part(chosen, which)) {
        const differs = values.some((value) => value !== values[0]);
        if (body.rows.length >= MOST_ROWS || (onlyDifferences && !differs)) continue;
        const row = page.make("tr", { className: differs ? "differs" : "" }, page.make("th", { scope: "row" }, kind + facts.keys[key]));
        values.forEach((value) => row.append(page.make("td", {}, value === null ? "\u2013" : facts.texts[value])));
        body.append(row);
      }
    });
    const missing = chosen.filter((i) => !facts.runs[i]).length;
    const switchBox = page.make("input", { type: "checkbox", checked: onlyDifferences });
    switchBox.onchange = () => { onlyDifferences = switchBox.checked; show(set); };
    const tools = page.make("div", { className: "tools" }, page.make("label", { className: "pick" }, switchBox, page.make("span", {}, "Only what differs")));
    if (missing) tools.append(page.make("span", { className: "count" }, missing + " of these did not fit on this page"));
    const table = page.make("table", {}, page.make("caption", {}, "Runs side by side"), page.make("thead", {}, head), body);
    const scroll = page.make("div", { className: "scroll", tabIndex: 0 }, table);
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Runs side by side");
    side.replaceChildren(tools, scroll);
  };

  selection.onChange((chosen) => {
    boxes.forEach((box, i) => { box.checked = chosen.has(i); });
    show(chosen);
  });
})();
