
"use strict";
// Curves over each other: which ones, and of which key, is chosen here. The picture is the one that
// LineChart draws.
const selection = (() => {
  const data = JSON.parse(document.getElementById("curves").textContent);
  const chosen = new Set(data.chosen);
  const listeners = [];
  const tell = () => listeners.forEach((listener) => listener(chosen));
  return {
    names: data.names,
    most: data.most,
    has: (i) => chosen.has(i),
    set: (i, on) => {
      if (on && chosen.size >= data.most) return false;
      if (on) chosen.add(i); else chosen.delete(i);
      tell();
      return true;
    },
    clear: () => { chosen.clear(); tell(); },
    onChange: (listener) => { listeners.push(listener); listener(chosen); },
    metrics: data.metrics,
  };
})();

(() => {
  const COLOURS = 8, TOP = 18, PLOT = 176, HEIGHT = 218, UNITS = 1000, GAP = 65535, FULL = 65534;
  const holder = document.getElementById("charts");
  if (selection.metrics.length === 0) return;

  const svg = (tag, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  const decode = ([, x0, x1, text]) => {
    const bytes = new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
    const y0 = bytes.getFloat64(0, true), y1 = bytes.getFloat64(8, true), points = [];
    for (let i = 16; i < bytes.byteLength; i += 4) {
      const x = bytes.getUint16(i, true), y = bytes.getUint16(i + 2, true), share = y / FULL;
      points.push([x0 + (x1 - x0) * x / FULL, y === GAP ? NaN : y0 * (1 - share) + y1 * share]);
    }
    return points;
  };

  const number = (value) => {
    if (!Number.isFinite(value)) return String(value);
    const size = Math.abs(value);
    const text = Number.isInteger(value) && size < 1e6 ? String(value)
      : size < 1e-4 || size >= 1e7 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
    return text.replaceAll("-", "\u2212");
  };

  const marks = (low, high) => {
    const raw = (high - low) / 4, ten = 10 ** Math.floor(Math.log10(raw)), ratio = raw / ten;
    const step = ten * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10), found = [];
    if (!(step > 0) || !Number.isFinite(step)) return found;
    for (let i = Math.ceil(low / step); i * step <= high && found.length < 8; i++) {
      found.push(Math.abs(i * step) < step / 1e6 ? 0 : i * step);
    }
    return found;
  };

  const draw = (title, curves) => {
    const lines = curves.map((curve) => ({ name: selection.names[curve[0]], points: decode(curve) }));
    let first = Infinity, last = -Infinity, low = Infinity, high = -Infinity;
    for (const { points } of lines) {
      for (const [x, y] of points) {
        first = Math.min(first, x); last = Math.max(last, x);
        if (Number.isFinite(y)) { low = Math.min(low, y); high = Math.max(high, y); }
      }
    }
    if (!(low <= high)) { low = 0; high = 1; }
    const span = high - low, room = span || Math.max(Math.abs(low) * 0.05, 1e-9);
    low -= span ? room * 0.06 : room;
    high += span ? room * 0.08 : room;
    const share = (y) => (y - low) / (high - low);
    const x = (v) => (last === first ? UNITS / 2 : UNITS * (v - first) / (last - first)).toFixed(2);
    const picture = svg("svg", { class: "plot", role: "img", width: "100%", height: HEIGHT }, svg("title", {}, title));
    const scale = marks(low, high).map((mark) => [mark, TOP + PLOT * (1 - share(mark))]);
    for (const [, y] of scale) picture.append(svg("line", { class: "grid", x1: 0, x2: "100%", y1: y, y2: y }));
    const plot = svg("svg", { x: 0, y: TOP, width: "100%", height: PLOT, viewBox: "0 0 1000 1000", preserveAspectRatio: "none" });
    lines.forEach(({ points }, i) => {
      let d = "", gap = true;
      for (const [px, py] of points) {
        if (!Number.isFinite(py)) { gap = true; continue; }
        d += (gap ? "M" : "L") + x(px) + " " + (UNITS * (1 - share(py))).toFixed(2) + (gap ? "h0" : "");
        gap = false;
      }
      plot.append(svg("path", { class: style(i), d }));
    });
    picture.append(plot);
    const axis = svg("svg", { class: "axis", "aria-hidden": "true", width: "100%", height: HEIGHT });
    for (const [mark, y] of scale) axis.append(svg("text", { class: "mark", x: "100%", y: y + 4, "text-anchor": "end" }, number(mark)));
    if (first <= last) {
      picture.append(svg("text", { class: "mark", x: 0, y: HEIGHT - 6 }, "step " + Math.round(first)));
      if (last > first) picture.append(svg("text", { class: "mark", x: "100%", y: HEIGHT - 6, "text-anchor": "end" }, "step " + Math.round(last)));
    }
    const legend = page.make("ul", { className: "legend" });
    lines.forEach(({ name, points }, i) => {
      const values = points.filter(([, y]) => Number.isFinite(y));
      const end = values.length ? " " + number(values[values.length - 1][1]) : "";
      legend.append(page.make("li", {}, page.make("span", { className: "key " + style(i) }), name, page.make("span", { className: "quiet" }, end)));
    });
    return page.make("figure", { className: "chart" }, page.make("figcaption", {}, title), page.make("div", { className: "axes" }, axis, picture), legend);
  };

  const style = (i) => "line c" + i % COLOURS + (i >= COLOURS ? " dashed" : "");

  const choice = page.make("select", {}, ...selection.metrics.map((metric, i) => page.make("option", { value: i }, metric.key)));
  choice.setAttribute("aria-label", "Metric");
  if (selection.metrics.length > 1) choice.prepend(page.make("option", { value: "", selected: true }, "all metrics"));
  const count = page.make("span", { className: "count" });
  const none = page.make("button", { type: "button" }, "Choose none");
  none.onclick = () => selection.clear();
  const bar = page.make("div", { className: "tools" }, choice, count, none);
  holder.before(bar);
  const show = () => {
    const wanted = choice.value === "" ? selection.metrics : [selection.metrics[Number(choice.value)]];
    const figures = [];
    for (const metric of wanted) {
      const curves = metric.curves.filter((curve) => selection.has(curve[0]));
      if (curves.length) figures.push(draw(metric.key, curves));
    }
    holder.replaceChildren(...(figures.length ? figures : [page.make("p", { className: "quiet" }, "Choose runs in the table to see their curves.")]));
  };
  choice.onchange = show;
  selection.onChange((chosen) => {
    count.textContent = chosen.size + " chosen in the table, " + selection.most + " at most";
    show();
  });
})();
