
"use strict";
(() => {
  const table = document.getElementById("table");
  if (!table) return;
  const data = JSON.parse(document.getElementById("data").textContent);
  const body = table.tBodies[0];
  const more = document.getElementById("more");
  const step = 100;
  const severities = { error: 3, warning: 2, info: 1 };
  const amounts = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2 });
  const counts = new Intl.NumberFormat("en-US");
  const money = (cents) => (cents < 0 ? "" : amounts.format(cents / 100));

  const rows = data.findings.map((f, order) => {
    const [id, file, payer, npi, hidden, lines] = data.claims[f[0]];
    const [severity, outcome, disposition, remit, element] = data.kinds[f[3]].split("\t");
    const values = f[6].split(" ");
    const texts = data.patterns[f[5]].replace(/\u0001(\d+)\u0001/g, (_, n) => values[n]);
    const [message, why, fix] = texts.split("\u0002");
    const rule = data.rules[f[2]];
    const row = {
      order, claim: id, line: f[1], rule: rule.id, about: rule, severity, outcome, disposition, remit,
      element, charge: f[4], partners: f[7], partnerLines: f[8], place: f[9], message, why, fix,
      owner: rule.owner, payer: data.payers[payer], npi: data.npis[npi], file: data.files[file],
      hidden, lines,
    };
    row.text = [id, rule.id, message, row.payer, row.npi, row.owner, remit, row.file,
      lines.map((line) => data.shapes[line[1]].split("\t")[0]).join(" ")].join("\n").toLowerCase();
    return row;
  });

  const add = (parent, tag, text, name) => {
    const element = parent.appendChild(document.createElement(tag));
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  const fill = (id, values) => {
    const select = document.getElementById(id);
    [...new Set(values)].sort().forEach((value) => {
      const option = add(select, "option", value || "(none)");
      option.value = value || "(none)";
    });
    return select;
  };
  const filters = ["severity", "outcome", "owner", "rule"].map((key) => [key, fill(key, rows.map((row) => row[key]))]);
  const search = document.getElementById("search");

  let sort = { key: "charge", up: false };
  let shown = step;
  let matching = rows;

  const compare = (a, b) => {
    let [x, y] = [a[sort.key], b[sort.key]];
    if (sort.key === "severity") [x, y] = [severities[x], severities[y]];
    const result = typeof x === "number" ? x - y : x < y ? -1 : x > y ? 1 : 0;
    return (sort.up ? result : -result) || a.order - b.order;
  };

  const detail = (row) => {
    const tr = document.createElement("tr");
    tr.className = "detail";
    const cell = add(tr, "td");
    cell.colSpan = 8;
    const facts = add(cell, "dl", undefined, "facts");
    const [textLine, segment, offset] = row.place;
    const fact = (name, text) => {
      if (!text) return;
      add(facts, "dt", name);
      add(facts, "dd", text);
    };
    fact("Why", row.why);
    fact("What to do", row.fix);
    fact("Disposition", row.disposition + (row.outcome === "fires" ? "" : " (" + row.outcome + ")"));
    fact("Remit codes", row.remit);
    row.about.sources.forEach((source) => fact("Source", source));
    fact("Rule", row.about.title + " (" + row.rule + ", " + row.about.pack + ")");
    fact("With line", row.partners);
    fact("Billing NPI", row.npi);
    fact("Place", row.file + ", line " + textLine + (segment ? ", segment " + segment : "") + ", byte " + offset + ", " + row.element);
    const lines = add(add(cell, "div", undefined, "scroll"), "table", undefined, "lines");
    const head = add(add(lines, "thead"), "tr");
    ["", "Line", "Procedure", "Modifiers", "Region", "Units", "POS", "Date of service", "Charge"].forEach((name, index) => {
      const th = add(head, "th", name, [1, 5, 8].includes(index) ? "number" : "");
      th.scope = "col";
    });
    const tbody = add(lines, "tbody");
    row.lines.forEach(([number, shape, date, cents]) => {
      const hit = number === row.line;
      const partner = row.partnerLines.includes(number);
      const line = add(tbody, "tr", undefined, hit ? "hit" : partner ? "partner" : "");
      const [procedure, modifiers, region, units, place] = data.shapes[shape].split("\t");
      add(line, "td", hit ? "\u2716 this line" : partner ? "with it" : "");
      add(line, "td", number, "number");
      [procedure, modifiers, region].forEach((text) => add(line, "td", text));
      add(line, "td", units, "number");
      add(line, "td", place);
      add(line, "td", data.dates[date]);
      add(line, "td", money(cents), "number");
    });
    if (row.hidden) add(cell, "p", counts.format(row.hidden) + " more lines without a finding", "quiet");
    return tr;
  };

  const draw = (row) => {
    const tr = add(body, "tr");
    add(tr, "td", money(row.charge), "number");
    const button = add(add(tr, "td"), "button", row.claim || "(no claim number)");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.title = "Show the lines of the claim";
    add(tr, "td", row.line || "claim", "number");
    const waived = row.outcome === "waived";
    const word = waived ? "waived" : row.outcome === "undetermined" ? row.severity + ", undetermined" : row.severity;
    add(add(tr, "td"), "span", word, "severity " + (waived ? "waived" : row.severity));
    [row.rule, row.message, row.payer, row.owner].forEach((text) => add(tr, "td", text));
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!open));
      tr.classList.toggle("open", !open);
      if (open) tr.nextElementSibling.remove();
      else tr.after(detail(row));
    });
  };

  const tell = () => {
    const end = Math.min(shown, matching.length);
    const sum = matching.length === rows.length ? "" : " (" + counts.format(rows.length) + " in the table)";
    document.getElementById("shown").textContent = matching.length
      ? "Showing " + counts.format(end) + " of " + counts.format(matching.length) + " findings" + sum + "."
      : "No finding matches" + sum + ".";
    more.hidden = end >= matching.length;
  };

  const refresh = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    matching = rows.filter((row) =>
      words.every((word) => row.text.includes(word)) &&
      filters.every(([key, select]) => !select.value || (row[key] || "(none)") === select.value));
    matching.sort(compare);
    shown = step;
    body.replaceChildren();
    matching.slice(0, shown).forEach(draw);
    tell();
  };

  more.addEventListener("click", () => {
    const start = shown;
    shown += step;
    matching.slice(start, shown).forEach(draw);
    tell();
    const first = body.querySelectorAll("button[aria-expanded]")[start];
    if (first) first.focus();
  });
  table.tHead.addEventListener("click", (event) => {
    const key = event.target.dataset.sort;
    if (!key) return;
    sort = { key, up: sort.key === key ? !sort.up : !["charge", "severity"].includes(key) };
    table.tHead.querySelectorAll("th[aria-sort]").forEach((th) => {
      const mine = th.firstElementChild.dataset.sort === key;
      th.setAttribute("aria-sort", mine ? (sort.up ? "ascending" : "descending") : "none");
    });
    refresh();
  });
  let timer;
  search.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(refresh, 120); });
  filters.forEach(([, select]) => select.addEventListener("change", refresh));
  const form = document.querySelector(".controls");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(refresh));
  refresh();
})();
