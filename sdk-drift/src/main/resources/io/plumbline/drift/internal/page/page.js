
"use strict";
// What every page can do: choose light or dark, sort and filter tables and lists. All text that it
// shows is set as text, never as HTML.
const page = (() => {
  const make = (tag, props, ...children) => {
    const element = Object.assign(document.createElement(tag), props);
    element.append(...children);
    return element;
  };

  const theme = () => {
    const root = document.documentElement;
    const stored = () => { try { return localStorage.getItem("plumbline-theme"); } catch { return null; } };
    const store = (value) => { try { localStorage.setItem("plumbline-theme", value); } catch { /* not kept */ } };
    const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const button = make("button", { type: "button", className: "theme" });
    const label = () => {
      button.textContent = dark() ? "\u2600" : "\u263e";
      button.title = dark() ? "Light colours" : "Dark colours";
      button.setAttribute("aria-label", button.title);
    };
    const kept = stored();
    if (kept === "dark" || kept === "light") root.dataset.theme = kept;
    button.onclick = () => { root.dataset.theme = dark() ? "light" : "dark"; store(root.dataset.theme); label(); };
    document.querySelector(".top .wrap")?.append(button);
    label();
  };

  // A filter is words that must all occur, or conditions on columns: "auc>0.9 status:failed".
  const conditions = (text, names) => (text.match(/"[^"]*"|\S+/g) || []).map((word) => {
    const plain = word.replaceAll("\"", "").toLowerCase();
    const parts = /^(.+?)(>=|<=|>|<|=|:)(.+)$/.exec(plain);
    const column = parts ? names.indexOf(parts[1]) : -1;
    if (column < 0) return (row) => row.text.includes(plain);
    const wanted = parts[3];
    const number = Number(wanted);
    return (row) => {
      const value = row.values[column];
      switch (parts[2]) {
        case ":": return row.texts[column].includes(wanted);
        case "=": return row.texts[column] === wanted || value === number;
        case ">": return value > number;
        case "<": return value < number;
        case ">=": return value >= number;
        default: return value <= number;
      }
    };
  });

  const cellValue = (cell) => {
    if (cell.dataset.v !== undefined) return cell.dataset.v === "" ? NaN : Number(cell.dataset.v);
    return cell.textContent.trim() === "" ? NaN : Number(cell.textContent.replaceAll("\u2212", "-"));
  };

  const tools = (box, label, show) => {
    const input = make("input", { type: "search", placeholder: label, autocomplete: "off" });
    input.setAttribute("aria-label", label);
    const count = make("output");
    let waiting = 0;
    const update = () => { count.textContent = show(input.value.trim()); };
    input.oninput = () => { clearTimeout(waiting); waiting = setTimeout(update, 60); };
    box.prepend(make("div", { className: "tools" }, input, count));
    update();
    return input;
  };

  const shown = (n, of) => n === of ? `${of.toLocaleString("en")}` : `${n.toLocaleString("en")} of ${of.toLocaleString("en")}`;

  const table = (box) => {
    const body = box.querySelector("tbody");
    const heads = [...box.querySelectorAll("thead th")];
    const names = heads.map((head) => head.textContent.trim().toLowerCase());
    let rows = null;
    const read = () => rows ??= [...body.rows].map((row, order) => {
      const cells = [...row.cells];
      const texts = cells.map((cell) => cell.textContent.trim().toLowerCase());
      return { row, order, texts, text: texts.join("\n"), values: cells.map(cellValue) };
    });
    heads.forEach((head, column) => {
      const button = make("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.title = button.textContent;
      button.onclick = () => {
        const up = head.getAttribute("aria-sort") === "descending" || (head.getAttribute("aria-sort") === null && !head.classList.contains("n"));
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const sign = up ? 1 : -1;
        const numeric = read().some((row) => !Number.isNaN(row.values[column]));
        const compare = numeric
          ? (a, b) => {
            const x = a.values[column], y = b.values[column];
            if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y) || a.order - b.order;
            return sign * (x < y ? -1 : x > y ? 1 : 0) || a.order - b.order;
          }
          : (a, b) => (a.texts[column] === "") - (b.texts[column] === "") || sign * a.texts[column].localeCompare(b.texts[column], "en", { numeric: true }) || a.order - b.order;
        body.append(...read().slice().sort(compare).map((row) => row.row));
      };
    });
    if (box.dataset.filter) {
      tools(box, "Filter " + box.dataset.filter.toLowerCase(), (text) => {
        if (text === "" && rows === null) return shown(body.rows.length, body.rows.length);
        const all = conditions(text, names);
        let n = 0;
        for (const row of read()) {
          const fits = all.every((condition) => condition(row));
          if (row.row.hidden === fits) row.row.hidden = !fits;
          n += fits;
        }
        return shown(n, rows.length);
      });
    }
  };

  // A list of entries that open: filtered by their words, narrowed to a state.
  const list = (box) => {
    const entries = [...box.querySelectorAll(":scope > details")];
    const texts = entries.map((entry) => entry.querySelector("summary").textContent.toLowerCase());
    let state = "";
    const input = tools(box, "Filter " + box.dataset.filter.toLowerCase(), (text) => {
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      let n = 0;
      entries.forEach((entry, i) => {
        const fits = words.every((word) => texts[i].includes(word)) && (state === "" || entry.dataset.state === state);
        entry.hidden = !fits;
        n += fits;
      });
      return shown(n, entries.length);
    });
    const states = [...new Set(entries.map((entry) => entry.dataset.state).filter(Boolean))];
    if (states.length > 1) {
      const names = { good: "quiet", warn: "warnings", bad: "alerts", none: "too little data", busy: "flagged" };
      const select = make("select", {}, make("option", { value: "" }, "all"), ...states.map((s) => make("option", { value: s }, names[s] || s)));
      select.setAttribute("aria-label", "Only those that are");
      select.onchange = () => { state = select.value; input.oninput(); };
      input.after(select);
    }
    const all = make("button", { type: "button" }, "Open all");
    all.onclick = () => {
      const open = all.textContent === "Open all";
      entries.forEach((entry) => { if (!entry.hidden) entry.open = open; });
      all.textContent = open ? "Close all" : "Open all";
    };
    box.querySelector(".tools").append(all);
  };

  // What a link leads to must be open to be seen.
  const follow = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") { target.hidden = false; target.open = true; target.scrollIntoView(); }
  };

  theme();
  document.querySelectorAll(".table").forEach(table);
  document.querySelectorAll(".list[data-filter]").forEach(list);
  addEventListener("hashchange", follow);
  follow();
  return { make, table };
})();
