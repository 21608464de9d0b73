
"use strict";
(() => {
  const table = document.getElementById("table");
  if (!table) return;
  const data = JSON.parse(document.getElementById("data").textContent);
  const body = table.tBodies[0];
  const form = document.querySelector(".controls");
  const search = document.getElementById("search");
  const more = document.getElementById("more");
  const STEP = 100;
  const RANK = { error: 3, warning: 2, info: 1 };
  const amounts = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
  const counts = new Intl.NumberFormat("en-US");
  const texts = new Intl.Collator("en", { numeric: true });
  const money = (cents) => amounts.format(cents / 100);

  // The texts of a finding are put together when they are asked for.
  class Row {
    constructor(f, order) {
      const [id, file, payer, npi, hidden] = data.claims[f[0]];
      const [severity, outcome, disposition, remit, element] = data.kinds[f[3]].split("\t");
      const about = data.rules[f[2]];
      Object.assign(this, {
        f, order, about, severity, outcome, disposition, remit, element, hidden, claim: id,
        line: f[1], charge: f[4], date: data.dates[f[5]], rule: about.id, owner: about.owner,
        payer: data.payers[payer], npi: data.npis[npi], file: data.files[file],
      });
    }
    get words() {
      const values = this.f[7].split(" ");
      const text = data.patterns[this.f[6]].replace(/\u0001(\d+)\u0001/g, (_, n) => values[n]);
      return text.split("\u0002");
    }
    get lines() {
      const [numbers, dates, pairs] = data.claims[this.f[0]].slice(5);
      const lines = [];
      for (let i = 0; i < pairs.length / 2; i += 1) {
        const [procedure, modifiers, region, units, place, diagnoses] = data.shapes[pairs[2 * i]].split("\t");
        const number = numbers.length ? numbers[i] : i + 1;
        const date = data.dates[dates.length > 1 ? dates[i] : dates[0]];
        lines.push({ number, procedure, modifiers, region, units, place, diagnoses, date, cents: pairs[2 * i + 1] });
      }
      return lines;
    }
    get text() {
      const codes = this.lines.map((line) => line.procedure);
      const text = [this.claim, this.rule, this.words[0], this.payer, this.npi, this.owner, this.remit, this.file, this.date, ...codes].join("\n").toLowerCase();
      Object.defineProperty(this, "text", { value: text });
      return text;
    }
  }
  const rows = data.findings.map((f, order) => new Row(f, order));

  const add = (parent, tag, text, name) => {
    const element = parent.appendChild(document.createElement(tag));
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  const valueOf = (row, key) => row[key] || "(none)";
  const filters = ["rule", "payer", "npi", "owner", "severity", "disposition", "outcome"].map((key) => {
    const select = document.getElementById(key);
    const found = new Map();
    for (const row of rows) found.set(valueOf(row, key), (found.get(valueOf(row, key)) || 0) + 1);
    const order = key === "severity" ? (a, b) => RANK[b] - RANK[a] : texts.compare;
    for (const value of [...found.keys()].sort(order)) {
      add(select, "option", value + " (" + counts.format(found.get(value)) + ")").value = value;
    }
    return [key, select];
  });

  let sort = { key: "charge", up: false };
  let shown = STEP;
  let matching = rows;

  const compare = (a, b) => {
    let [x, y] = [a[sort.key], b[sort.key]];
    if (sort.key === "severity") [x, y] = [RANK[x], RANK[y]];
    const result = typeof x === "number" ? x - y : texts.compare(x, y);
    return (sort.up ? result : -result) || a.order - b.order;
  };

  const COLUMNS = [
    ["Line", "number", true], ["Procedure", "procedure"], ["Modifiers", "modifiers"], ["Region", "region"],
    ["Units", "units", true], ["POS", "place"], ["Diagnoses", "diagnoses"], ["Service date", "date"], ["Charge", "cents", true],
  ];
  const linesOf = (row, parent) => {
    const lines = row.lines;
    if (!lines.length) return;
    const columns = COLUMNS.filter(([, key]) => lines.some((line) => line[key] !== ""));
    const scroll = add(parent, "div", undefined, "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "group");
    scroll.setAttribute("aria-label", "Lines of claim " + row.claim);
    const table = add(scroll, "table", undefined, "lines");
    add(table, "caption", "Lines of claim " + row.claim);
    const head = add(add(table, "thead"), "tr");
    add(head, "td");
    for (const [name, , right] of columns) add(head, "th", name, right ? "number" : "").scope = "col";
    const tbody = add(table, "tbody");
    const partners = row.f[8];
    for (const line of lines) {
      const hit = line.number === row.line;
      const partner = partners.includes(line.number);
      const tr = add(tbody, "tr", undefined, hit ? "hit" : partner ? "partner" : "");
      add(tr, "td", hit ? "\u2716 this line" : partner ? "\u2194 with it" : "", "mark");
      for (const [, key, right] of columns) add(tr, "td", key === "cents" ? money(line.cents) : line[key], right ? "number" : "");
    }
    if (row.hidden) add(parent, "p", counts.format(row.hidden) + " more lines without a finding", "quiet");
  };

  // What `cleanbill explain` needs; texts that a shell could take for more than a word are left alone.
  const command = (row) => {
    const words = [row.file, row.rule, row.claim];
    if (!words.every((word) => /^[\w./][\w./@-]*$/.test(word))) return "";
    return "cleanbill explain " + row.file + " --rule " + row.rule + " --claim " + row.claim + (row.line ? " --line " + row.line : "");
  };

  const detail = (row, id) => {
    const tr = document.createElement("tr");
    tr.className = "detail";
    tr.id = id;
    const cell = add(tr, "td");
    cell.colSpan = 9;
    const inside = add(cell, "div", undefined, "inside");
    const main = add(inside, "dl", undefined, "facts");
    const [, why, fix, read] = row.words;
    const fact = (parent, name, text, name2) => {
      if (!text) return;
      add(parent, "dt", name);
      add(parent, "dd", text, name2);
    };
    fact(main, "Why", why);
    fact(main, "What to do", fix, "fix");
    linesOf(row, inside);
    const facts = add(inside, "dl", undefined, "facts");
    fact(facts, "Disposition", row.disposition + (row.outcome === "fires" ? "" : " (" + row.outcome + ")"));
    fact(facts, "Remit codes", row.remit);
    fact(facts, "With line", row.f[9] || row.f[8].join(" "));
    fact(facts, "Values read", read);
    for (const source of row.about.sources) fact(facts, "Source", source);
    fact(facts, "Rule", row.about.title + " (" + row.rule + ", " + row.about.pack + ")");
    fact(facts, "Also found by", row.about.also);
    fact(facts, "Payer", row.payer);
    fact(facts, "Billing NPI", row.npi);
    fact(facts, "Owner", row.owner);
    const [line, segment, offset] = row.f.slice(10);
    fact(facts, "Place", row.file + ", line " + line + (segment ? ", segment " + segment : "") + ", byte " + offset + ", " + row.element);
    fact(facts, "Explain", command(row), "code");
    return tr;
  };

  const draw = (row) => {
    const tr = add(body, "tr", undefined, "finding");
    add(tr, "td", row.charge < 0 ? "" : money(row.charge), "number");
    const th = add(tr, "th");
    th.scope = "row";
    const button = add(th, "button", row.claim || "(no claim number)");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    add(tr, "td", row.line || "claim", "number");
    add(tr, "td", row.date, "day");
    const waived = row.outcome === "waived";
    const word = waived ? "waived" : row.outcome === "undetermined" ? row.severity + ", undetermined" : row.severity;
    add(add(tr, "td"), "span", word, "severity " + (waived ? "waived" : row.severity));
    add(tr, "td", row.rule, "rule");
    add(tr, "td", row.words[0]);
    add(tr, "td", row.payer, "minor");
    add(tr, "td", row.owner, "minor");
    tr.row = row;
  };

  const toggle = (tr) => {
    const button = tr.querySelector("button");
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    tr.classList.toggle("open", !open);
    if (open) {
      button.removeAttribute("aria-controls");
      tr.nextElementSibling.remove();
    } else {
      const id = "finding-" + tr.row.order;
      tr.after(detail(tr.row, id));
      button.setAttribute("aria-controls", id);
    }
  };
  body.addEventListener("click", (event) => {
    const tr = event.target.closest("tr.finding");
    if (tr && (event.target.closest("button") || getSelection().isCollapsed)) toggle(tr);
  });

  // A line counts once however many findings hit it, and a claim once where one is on all of it.
  const atRisk = (rows) => {
    const claims = new Map();
    for (const { f } of rows) {
      if (f[4] < 0) continue;
      if (!claims.has(f[0])) claims.set(f[0], new Map());
      claims.get(f[0]).set(f[1], f[4]);
    }
    let sum = 0;
    for (const lines of claims.values()) {
      if (lines.has(0)) sum += lines.get(0);
      else for (const cents of lines.values()) sum += cents;
    }
    return sum;
  };

  const tell = () => {
    const end = Math.min(shown, matching.length);
    const all = matching.length === rows.length ? "" : " (" + counts.format(rows.length) + " in the table)";
    document.getElementById("shown").textContent = matching.length
      ? "Showing " + counts.format(end) + " of " + counts.format(matching.length) + " findings" + all + ", " + money(atRisk(matching)) + " at risk."
      : "No finding matches" + all + ".";
    more.hidden = end >= matching.length;
    more.textContent = "Show " + counts.format(Math.min(STEP, matching.length - end)) + " more";
  };

  const refresh = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const set = filters.filter(([, select]) => select.value);
    matching = rows.filter((row) =>
      set.every(([key, select]) => valueOf(row, key) === select.value) &&
      words.every((word) => row.text.includes(word)));
    matching.sort(compare);
    shown = STEP;
    body.replaceChildren();
    matching.slice(0, shown).forEach(draw);
    tell();
  };

  more.addEventListener("click", () => {
    const start = shown;
    shown += STEP;
    matching.slice(start, shown).forEach(draw);
    tell();
    const first = body.querySelectorAll("tr.finding button")[start];
    if (first) first.focus();
  });

  const headings = table.tHead.querySelectorAll("th[data-sort]");
  const mark = () => headings.forEach((th) => {
    const mine = th.dataset.sort === sort.key;
    th.setAttribute("aria-sort", mine ? (sort.up ? "ascending" : "descending") : "none");
  });
  headings.forEach((th) => {
    const name = th.dataset.name = th.textContent;
    th.replaceChildren();
    add(th, "button", name).type = "button";
    th.firstChild.addEventListener("click", () => {
      const key = th.dataset.sort;
      sort = { key, up: sort.key === key ? !sort.up : !["charge", "severity"].includes(key) };
      mark();
      refresh();
    });
  });
  mark();
  table.caption.textContent = "Findings; the headings sort";

  let timer;
  search.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(refresh, 120); });
  for (const [, select] of filters) select.addEventListener("change", refresh);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(refresh));
  // A name in a chart narrows the table to it.
  document.querySelectorAll("a[data-filter]").forEach((link) => link.addEventListener("click", () => {
    form.reset();
    document.getElementById(link.dataset.filter).value = link.dataset.value;
    refresh();
  }));
  form.hidden = false;
  refresh();
})();
