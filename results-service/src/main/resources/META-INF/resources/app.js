// The page of certificates: reads the list, then follows the live stream. Data only ever become
// text nodes and attributes, never markup. The table holds the first rows of the order, as many as
// were asked for, however many certificates the stream brings.

import { openFeed } from "./feed.js";

const CERTIFICATES = "/api/v1/certificates";
const PAGE_SIZE = 50;
const MOST_PAGES = 10;
const RENDER_EVERY_MS = 200;
const PROGRESS_LINES = 12;

const byId = (id) => document.getElementById(id);
const rowsBody = byId("rows");

const certificates = new Map(); // experiment id -> certificate, as far as loaded
const rows = new Map(); // experiment id -> its <tr>
const details = new Map(); // experiment id -> its open <tr> of results
const progress = new Map(); // experiment id and activity -> line
let more = false; // whether certificates are left out
let shownPages = 1;
let request = 0; // the newest list request; answers to older ones are dropped
let renderTimer = null;

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value !== undefined && value !== null) {
      made.setAttribute(key, value);
    }
  }
  made.append(...children);
  return made;
}

function drawn(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

// ---- numbers and times as text

function short(value) {
  if (value === undefined || value === null) {
    return "–";
  }
  const size = Math.abs(value);
  if (value !== 0 && (size >= 1e6 || size < 1e-3)) {
    return value.toExponential(3);
  }
  return Number(value.toPrecision(6)).toString();
}

function numberCell(value) {
  return element("td", { class: "number", title: value }, short(value));
}

function time(instant) {
  return new Date(instant).toLocaleTimeString();
}

// ---- the interval, on a logarithmic scale from the lower bound to ten times that

function interval(certificate) {
  const { lower, upper, ratio, bestTraining } = certificate;
  const svg = drawn("svg", { viewBox: "0 0 160 20", role: "img" });
  svg.append(drawn("line", { class: "axis", x1: 0, x2: 160, y1: 10, y2: 10 }));
  for (const factor of [1, 2, 5, 10]) {
    const x = 159 * Math.log10(factor) + 0.5;
    svg.append(drawn("line", { class: "tick", x1: x, x2: x, y1: 4, y2: 16 }));
  }
  if (!(lower > 0) || upper === undefined) {
    svg.setAttribute("aria-label", "No interval to draw yet");
    return svg;
  }
  const place = (value) => Math.min(159, 159 * Math.log10(value / lower));
  svg.append(drawn("rect", { class: "bar", x: 0, y: 6, height: 8, width: Math.max(1.5, place(upper)) }));
  if (upper > 10 * lower) {
    svg.append(drawn("path", { class: "beyond", d: "M 150 2 L 160 10 L 150 18 z" }));
  }
  if (bestTraining !== undefined) {
    const x = Math.max(1, place(bestTraining));
    svg.append(drawn("line", { class: "training", x1: x, x2: x, y1: 1, y2: 19 }));
  }
  svg.setAttribute("aria-label", `Upper is ${short(ratio ?? upper / lower)} times lower`);
  return svg;
}

// ---- the table

function verdictBadge(verdict) {
  return element("span", { class: "verdict", "data-verdict": verdict }, verdict);
}

function cells(certificate, name) {
  return [
    name,
    element("td", {}, verdictBadge(certificate.verdict)),
    numberCell(certificate.lower),
    numberCell(certificate.upper),
    numberCell(certificate.ratio),
    element("td", {}, interval(certificate)),
    numberCell(certificate.bestTraining),
    element("td", { class: "number" }, `${certificate.completedResults} / ${certificate.plannedResults}`),
    element("td", {}, element("time", { datetime: certificate.updatedAt }, time(certificate.updatedAt))),
  ];
}

function nameCell(certificate) {
  const button = element("button", { type: "button", "aria-expanded": "false" }, certificate.name);
  button.addEventListener("click", () => toggleDetails(certificate.experimentId, button));
  const size = `${certificate.n} × ${certificate.d}, beta ${short(certificate.beta)}`;
  return element("th", { scope: "row" }, button, element("small", {}, size));
}

function rowOf(certificate) {
  let row = rows.get(certificate.experimentId);
  if (!row) {
    row = element("tr");
    rows.set(certificate.experimentId, row);
    row.shown = null;
  }
  if (row.shown !== certificate) {
    // The name's cell stays: it holds the button that may have the focus.
    row.name ??= nameCell(certificate);
    const [, ...others] = cells(certificate, row.name);
    if (row.firstChild !== row.name) {
      row.prepend(row.name);
    }
    while (row.lastChild !== row.name) {
      row.lastChild.remove();
    }
    row.append(...others);
    row.shown = certificate;
  }
  return row;
}

function compare(a, b) {
  const [, minus, field] = /^(-?)(.*)$/.exec(byId("sort").value);
  const x = a[field];
  const y = b[field];
  if (x === undefined || y === undefined) {
    const idOrder = a.experimentId < b.experimentId ? -1 : 1;
    return (x === undefined) - (y === undefined) || (minus ? -idOrder : idOrder);
  }
  const order = x < y ? -1 : x > y ? 1 : 0;
  return (minus ? -1 : 1) * (order || (a.experimentId < b.experimentId ? -1 : 1));
}

function isWanted(certificate) {
  return certificate.name.toLowerCase().includes(byId("filter").value.trim().toLowerCase());
}

function render() {
  renderTimer = null;
  const sorted = [...certificates.values()].filter(isWanted).sort(compare);
  const shown = sorted.slice(0, shownPages * PAGE_SIZE);
  forgetAllBut(shown);
  const wanted = [];
  for (const certificate of shown) {
    wanted.push(rowOf(certificate));
    const open = details.get(certificate.experimentId);
    if (open) {
      wanted.push(open);
    }
  }
  const keep = new Set(wanted);
  for (const row of [...rowsBody.children]) {
    if (!keep.has(row)) {
      row.remove();
    }
  }
  wanted.forEach((row, index) => {
    if (rowsBody.children[index] !== row) {
      rowsBody.insertBefore(row, rowsBody.children[index] ?? null);
    }
  });
  more ||= sorted.length > shown.length;
  byId("more").hidden = !more || shownPages >= MOST_PAGES;
  const count = shown.length === 1 ? "1 certificate" : `${shown.length} certificates`;
  byId("count").textContent = more ? `the first ${count}; narrow them by name for others` : count;
  renderProgress();
}

function forgetAllBut(shown) {
  const keep = new Set(shown.map((certificate) => certificate.experimentId));
  for (const known of [certificates, rows, details]) {
    for (const id of [...known.keys()]) {
      if (!keep.has(id)) {
        known.delete(id);
      }
    }
  }
}

function renderSoon() {
  renderTimer ??= setTimeout(render, RENDER_EVERY_MS);
}

// ---- one experiment's results

async function toggleDetails(id, button) {
  const open = details.get(id);
  if (open) {
    details.delete(id);
    button.setAttribute("aria-expanded", "false");
    render();
    return;
  }
  const cell = element("td", { colspan: 9 }, "Loading");
  details.set(id, element("tr", { class: "details" }, cell));
  button.setAttribute("aria-expanded", "true");
  render();
  await fillDetails(id);
}

async function fillDetails(id) {
  const cell = details.get(id)?.firstChild;
  if (!cell) {
    return;
  }
  try {
    const certificate = await getJson(`${CERTIFICATES}/${id}`);
    cell.replaceChildren(resultsTable(certificate.results));
  } catch (failure) {
    cell.replaceChildren(failure.message);
  }
}

function resultsTable(results) {
  if (results.length === 0) {
    return document.createTextNode("No results yet.");
  }
  const heading = ["Method", "Kind", "Value", "Verdict", "Status", "Seconds", "Remark"];
  const body = results.map((result) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, methodName(result)),
      element("td", {}, result.kind),
      numberCell(result.value),
      element("td", {}, verdictBadge(result.verdict)),
      element("td", {}, result.status),
      element("td", { class: "number" }, result.elapsedSeconds.toFixed(2)),
      element("td", { class: "why" }, result.reason ?? result.rung ?? ""),
    ),
  );
  return element(
    "table",
    {},
    element("caption", {}, "The best result of each method and run"),
    element("thead", {}, element("tr", {}, ...heading.map((text) => element("th", { scope: "col" }, text)))),
    element("tbody", {}, ...body),
  );
}

function methodName(result) {
  return result.width === undefined
    ? result.method
    : `${result.method}, width ${result.width}, seed ${result.seed}`;
}

// ---- progress

function renderProgress() {
  const lines = [...progress.values()].slice(-PROGRESS_LINES).reverse();
  byId("no-progress").hidden = lines.length > 0;
  byId("progress").replaceChildren(
    ...lines.map(({ message, at }) => {
      const name = certificates.get(message.experimentId)?.name ?? message.experimentId.slice(0, 8);
      const value = message.value === undefined ? "" : `${message.kind} ${short(message.value)}`;
      return element(
        "li",
        {},
        element("span", { class: "who" }, name),
        element("span", {}, message.activity),
        element("span", {}, message.phase),
        element("span", {}, value),
        element("span", { class: "when" }, `${message.elapsedSeconds.toFixed(1)} s, ${time(at)}`),
      );
    }),
  );
}

function heardProgress(message) {
  const key = `${message.experimentId} ${message.service} ${message.activity}`;
  progress.delete(key); // the newest goes to the end
  progress.set(key, { message, at: Date.now() });
  if (progress.size > 10 * PROGRESS_LINES) {
    progress.delete(progress.keys().next().value);
  }
  renderSoon();
}

// ---- reading the list

async function getJson(url) {
  const response = await fetch(url, { headers: { accept: "application/json" } });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(body.detail ?? `The service answered ${response.status}.`);
  }
  return body;
}

function pageUrl(cursor) {
  const query = new URLSearchParams({ sort: byId("sort").value, limit: PAGE_SIZE });
  const name = byId("filter").value.trim();
  if (name) {
    query.set("name", name);
  }
  if (cursor) {
    query.set("cursor", cursor);
  }
  return `${CERTIFICATES}?${query}`;
}

async function reload() {
  const mine = ++request;
  try {
    const loaded = [];
    let cursor = null;
    for (let page = 0; page < shownPages; page++) {
      const { items, next: following } = await getJson(pageUrl(cursor));
      loaded.push(...items);
      cursor = following ?? null;
      if (cursor === null) {
        break;
      }
    }
    if (mine !== request) {
      return;
    }
    const newer = [...certificates.values()];
    certificates.clear();
    loaded.forEach(take);
    // What the stream brought meanwhile may be newer than the answer.
    newer.filter((known) => certificates.has(known.experimentId)).forEach(take);
    more = cursor !== null;
    byId("problem").hidden = true;
    render();
  } catch (failure) {
    if (mine === request) {
      byId("problem").textContent = `The list could not be read: ${failure.message}`;
      byId("problem").hidden = false;
    }
  }
}

function take(certificate) {
  const known = certificates.get(certificate.experimentId);
  if (!known || Date.parse(known.updatedAt) <= Date.parse(certificate.updatedAt)) {
    certificates.set(certificate.experimentId, certificate);
  }
}

// ---- the live stream

function connection(state, text) {
  const shown = byId("connection");
  shown.dataset.state = state;
  if (shown.textContent !== text) {
    shown.textContent = text;
  }
}

function follow() {
  openFeed({
    open() {
      connection("live", "Live");
      reload(); // what happened while nobody listened
      details.forEach((_, id) => fillDetails(id));
    },
    lost() {
      connection("lost", "Connection lost, trying again");
    },
    certificate(certificate) {
      take(certificate);
      fillDetails(certificate.experimentId);
      renderSoon();
    },
    progress: heardProgress,
  });
}

let typing = null;
byId("filter").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    shownPages = 1;
    reload();
  }, 200);
});
byId("sort").addEventListener("change", () => {
  shownPages = 1;
  reload();
});
byId("controls").addEventListener("submit", (event) => event.preventDefault());
byId("more").addEventListener("click", () => {
  shownPages++;
  reload();
});

reload();
follow();
