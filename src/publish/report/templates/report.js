"use strict";
// Draws what is too much to write out for every dealer: tables page by page, and the page of one dealer. Everything comes
// from the block "data"; text is set as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const t = data.texts;
  const dealerById = new Map(data.dealers.map((dealer, index) => [dealer.id, index]));
  const main = document.getElementById("report");
  const page = document.getElementById("dealer");
  const classes = data.class_order;

  function make(tag, attributes, ...children) {
    const drawn = ["svg", "rect"].includes(tag);
    const element = drawn ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const given = (value) => value !== null && value !== undefined;
  const group = (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const whole = (value) => (value < 0 && Math.round(-value) > 0 ? "-" : "") + group(String(Math.round(Math.abs(value))));
  const money = (cents) => (given(cents) ? whole(cents / 100) : "–");
  const precise = (cents) => (given(cents) ? (cents < 0 ? "-" : "") + group(String(Math.trunc(Math.abs(cents) / 100))) + "." + String(Math.abs(cents) % 100).padStart(2, "0") : "–");
  const signed = (cents) => (given(cents) ? (cents > 0 ? "+" : "") + money(cents) : "–");
  const count = (value) => (given(value) ? whole(value) : "–");
  const decimal = (value) => (given(value) ? value.toFixed(2) : "–");
  const percent = (value) => (given(value) ? (value * 100).toFixed(1) + " %" : "–");
  const change = (value) => (given(value) ? (value > 0 ? "+" : "") + percent(value) : "–");
  const mood = (value) => (value > 0 ? "up" : value < 0 ? "down" : null);
  const name = (text) => make("bdi", null, text);
  const pill = (key) => make("span", { class: "pill c-" + key }, data.classes[key] || key);
  const link = (index) => make("a", { href: "#dealer-" + encodeURIComponent(data.dealers[index].id) }, name(data.dealers[index].name));

  // Tables: a column says how a cell is shown and by what it is sorted.
  const shows = {
    text: (value) => name(value === null ? "–" : value), money, signed, count, percent, change,
    class: pill, dealer: link, place: (value) => name(data.regions[value]), channel: (value) => name(data.channels[value]),
    label: (value) => t[value] || value,
  };
  const numeric = new Set(["money", "signed", "count", "percent", "change"]);
  const order = (kind, value) => {
    if (!given(value)) return null;
    if (kind === "dealer") return data.dealers[value].name;
    if (kind === "place") return data.regions[value];
    if (kind === "channel") return data.channels[value];
    return kind === "class" ? classes.indexOf(value) : kind === "label" ? t[value] || value : value;
  };
  const compare = (one, other) => (typeof one === "number" ? one - other : String(one).localeCompare(String(other), data.lang));

  function sortable(host, spec) {
    const state = { sort: spec.sort, down: true, page: 0, text: "", region: "", class: "" };
    const size = spec.size || 25;
    const search = make("input", { type: "search", "aria-label": t.search, placeholder: t.search });
    const choice = (label, options, key) => {
      const select = make("select", { "aria-label": label, name: key }, make("option", { value: "" }, label + ": " + t.all),
        options.map(([value, text]) => make("option", { value }, text)));
      select.addEventListener("change", () => { state[key] = select.value; state.page = 0; draw(); });
      return select;
    };
    const back = make("button", { type: "button" }, t.previous);
    const next = make("button", { type: "button" }, t.next);
    const shown = make("span", { class: "small count", "aria-live": "polite" });
    const tools = make("div", { class: "tools" }, search,
      data.regions.length > 1 ? choice(t.region, data.regions.map((region, index) => [String(index), region]), "region") : null,
      choice(t.class, classes.map((key) => [key, data.classes[key]]), "class"), shown, back, next);
    const head = make("tr", null);
    const body = make("tbody", null);
    const titles = spec.columns.map((column) => {
      const button = make("button", { type: "button" }, column.label);
      const title = make("th", { scope: "col", class: cell(column) }, button);
      button.addEventListener("click", () => {
        state.down = state.sort === column ? !state.down : numeric.has(column.kind);
        state.sort = column;
        state.page = 0;
        draw();
      });
      head.append(title);
      return title;
    });
    function cell(column) {
      return [numeric.has(column.kind) ? "num" : "", column.less ? "less" : ""].join(" ").trim() || null;
    }
    const words = (row) => {
      const dealer = data.dealers[spec.dealer(row)];
      return [dealer.name, dealer.id, ...(spec.words ? spec.words(row) : [])].join(" ").toLowerCase();
    };
    const chosen = () => spec.rows.filter((row) => {
      const dealer = data.dealers[spec.dealer(row)];
      return (state.region === "" || dealer.region === Number(state.region)) && (state.class === "" || dealer.class === state.class)
        && (state.text === "" || words(row).includes(state.text));
    });
    function draw() {
      const rows = chosen();
      const { kind, value } = state.sort;
      rows.sort((one, other) => {
        const [left, right] = [order(kind, value(one)), order(kind, value(other))];
        if (left === null || right === null) return (left === null) - (right === null);
        return state.down ? compare(right, left) : compare(left, right);
      });
      const pages = Math.max(1, Math.ceil(rows.length / size));
      state.page = Math.min(state.page, pages - 1);
      const first = state.page * size;
      const part = rows.slice(first, first + size);
      body.replaceChildren(...part.flatMap((row) => {
        const cells = spec.columns.map((column, index) => {
          const found = column.value(row);
          const content = given(found) ? shows[column.kind](found) : "–";
          const colour = column.kind === "signed" || column.kind === "change" ? mood(found) : null;
          return make(index ? "td" : "th", { scope: index ? null : "row", class: [cell(column), colour].filter(Boolean).join(" ") || null }, content);
        });
        const why = spec.why && spec.why(row);
        return [make("tr", null, cells), why ? make("tr", { class: "why" }, make("td", { colspan: spec.columns.length }, name(why))) : null].filter(Boolean);
      }));
      if (!part.length) body.append(make("tr", null, make("td", { colspan: spec.columns.length }, t.none)));
      titles.forEach((title, index) => {
        const sorted = spec.columns[index] === state.sort;
        if (sorted) title.setAttribute("aria-sort", state.down ? "descending" : "ascending"); else title.removeAttribute("aria-sort");
      });
      shown.textContent = fill(t.rows_shown, { first: part.length ? first + 1 : 0, last: first + part.length, all: group(String(rows.length)) });
      back.disabled = state.page === 0;
      next.disabled = state.page >= pages - 1;
    }
    search.addEventListener("input", () => { state.text = search.value.trim().toLowerCase(); state.page = 0; draw(); });
    back.addEventListener("click", () => { state.page -= 1; draw(); });
    next.addEventListener("click", () => { state.page += 1; draw(); });
    const table = make("table", { class: "grid" }, make("caption", { class: "quiet" }, spec.title), make("thead", null, head), body);
    host.replaceChildren(tools, make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": spec.title }, table));
    draw();
  }

  const column = (label, kind, value, less) => ({ label, kind, value, less });
  const field = (label, kind, key, less) => column(label, kind, (row) => row[key], less);
  const specs = {
    dealers: () => {
      const at = (key) => (index) => data.dealers[index][key];
      const columns = [
        column(t.dealer, "dealer", (index) => index), column(t.region, "place", at("region"), true), column(t.class, "class", at("class")),
        column(t.sales_12w, "money", at("sales")), column(t.growth, "change", at("growth")), column(t.change, "signed", at("change"), true),
        column(t.attainment, "percent", at("attainment"), true), column(t.distribution, "percent", at("distribution"), true),
        column(t.covered, "count", at("covered"), true), column(t.active, "count", at("active"), true),
      ];
      return {
        title: t.dealers, rows: data.dealers.map((_, index) => index), dealer: (index) => index, columns, sort: columns[3],
        words: (index) => [data.dealers[index].territory, data.dealers[index].manager].filter(given),
      };
    },
    vertical: () => {
      const columns = [
        field(t.outlet, "text", 2), field(t.dealer, "dealer", 0), field(t.channel, "channel", 3, true), field(t.lever, "label", 4),
        field(t.sales_12w, "money", 5, true), field(t.expected, "money", 6), field(t.low, "money", 7, true), field(t.high, "money", 8, true),
      ];
      return { title: t.vertical, rows: data.vertical, dealer: (row) => row[0], columns, sort: columns[5], size: 10, why: (row) => row[9], words: (row) => [row[1], row[2], data.channels[row[3]], t[row[4]]] };
    },
    horizontal: () => {
      const columns = [
        field(t.territory, "text", 1), field(t.channel, "channel", 2), field(t.dealer, "dealer", 0), field(t.kind, "label", 3, true),
        field(t.new_outlets_expected, "text", 4, true), field(t.expected, "money", 5), field(t.low, "money", 6, true), field(t.high, "money", 7, true),
      ];
      return { title: t.horizontal, rows: data.horizontal, dealer: (row) => row[0], columns, sort: columns[5], size: 10, why: (row) => row[8], words: (row) => [row[1], data.channels[row[2]]] };
    },
    range: () => {
      const columns = [
        field(t.outlet, "text", 2), field(t.dealer, "dealer", 0), field(t.category, "text", 3), field(t.probability, "percent", 4, true), field(t.expected, "money", 5),
      ];
      return { title: t.range, rows: data.range, dealer: (row) => row[0], columns, sort: columns[4], size: 10, why: (row) => row[6], words: (row) => [row[1], row[2], row[3]] };
    },
    plan: () => {
      const columns = [
        field(t.dealer, "dealer", 0), field(t.reachability, "label", 1), field(t.sales_12w, "money", 2, true), field(t.goal, "money", 3), field(t.gap, "money", 4, true),
        field(t.vertical_short, "money", 5, true), field(t.horizontal_short, "money", 6, true), field(t.remaining, "money", 7),
      ];
      return { title: t.plan, rows: data.plan, dealer: (row) => row[0], columns, sort: columns[7], size: 10, why: (row) => row[8] };
    },
  };

  // The page of one dealer.
  function bar(start, width, kind) {
    return make("svg", { class: "bar", viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true" },
      make("rect", { class: kind, x: start.toFixed(1), y: 0, width: Math.max(width, 1.5).toFixed(1), height: 10 }));
  }
  // Levels as whole amounts, so that what is shown adds up: a step is the difference of two shown levels.
  const level = (cents) => Math.sign(cents) * Math.round(Math.abs(cents) / 100);
  function fall(title, base, steps, now) {
    let sum = base;
    const parts = steps.map(([label, value]) => { const from = sum; sum += value; return { label, from, to: sum }; });
    const levels = [base, now, ...parts.map((part) => part.to)];
    const [low, high] = [Math.min(...levels), Math.max(...levels)];
    const start = low > 0 && high - low < high / 2 ? Math.max(0, low - (high - low) / 2) : Math.min(0, low);
    const end = Math.max(high, 0);
    const scale = (value) => (end > start ? ((Math.max(value, start) - start) / (end - start)) * 1000 : 0);
    const row = (label, from, to, kind, shown) => make("tr", { class: kind }, make("th", { scope: "row" }, label),
      make("td", { class: "room" }, bar(Math.min(scale(from), scale(to)), Math.abs(scale(to) - scale(from)), kind)), make("td", { class: "num" }, shown));
    const rows = [row(t.base, 0, base, "past", money(base)),
      ...parts.map((part) => row(part.label, part.from, part.to, part.to < part.from ? "loss" : part.to > part.from ? "gain" : "rest", signed((level(part.to) - level(part.from)) * 100))),
      row(t.now, 0, now, "total", money(now))];
    return [make("table", { class: "fall" }, make("caption", { class: "quiet" }, title), make("tbody", null, rows)),
      start > 0 ? make("p", { class: "small" }, fill(t.axis_from, { amount: money(start) })) : null];
  }
  function grid(title, columns, rows, quiet) {
    const head = columns.map(([label, kind, less]) => make("th", { scope: "col", class: [numeric.has(kind) ? "num" : "", less ? "less" : ""].join(" ").trim() || null }, label));
    const body = rows.flatMap(({ cells, why }) => [
      make("tr", null, cells.map((value, index) => make("td", { class: [numeric.has(columns[index][1]) ? "num" : "", columns[index][2] ? "less" : ""].join(" ").trim() || null },
        given(value) && value !== "" ? (shows[columns[index][1]] || name)(value) : "–"))),
      why ? make("tr", { class: "why" }, make("td", { colspan: columns.length }, name(why))) : null,
    ].filter(Boolean));
    return make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": title },
      make("table", { class: "grid" }, make("caption", { class: quiet ? "quiet" : null }, title), make("thead", null, make("tr", null, head)), make("tbody", null, body)));
  }
  function figures(dealer) {
    const rows = [
      [t.sales, money(dealer.sales), money(dealer.base), change(dealer.growth)],
      [t.target, money(dealer.target), "", percent(dealer.attainment)],
      [t.covered, count(dealer.covered), count(dealer.covered_base), ""],
      [t.active, count(dealer.active), count(dealer.active_base), ""],
      [t.orders_each, decimal(dealer.orders_each), decimal(dealer.orders_each_base), ""],
      [t.order_value, precise(dealer.ticket), precise(dealer.ticket_base), ""],
      [t.returns, money(dealer.returns), money(dealer.returns_base), ""],
      [t.distribution, percent(dealer.distribution), "", given(dealer.universe) ? fill(t.of_universe, { outlets: count(dealer.universe) }) : ""],
      [t.sales_52w, money(dealer.year), "", ""],
    ];
    const head = make("tr", null, ["", t.last_12w, t.base, ""].map((label, index) => make(index ? "th" : "td", { class: index ? "num" : null, scope: index ? "col" : null }, label)));
    const body = rows.map(([label, ...cells]) => make("tr", null, make("th", { scope: "row" }, label), cells.map((text) => make("td", { class: "num" }, text))));
    const notes = [dealer.growth_note, dealer.attainment_note, dealer.distribution_note].filter(given);
    return make("div", { class: "card" }, make("h3", null, t.figures),
      make("table", { class: "grid plain" }, make("caption", { class: "quiet" }, t.figures), make("thead", null, head), make("tbody", null, body)),
      notes.map((note) => make("p", { class: "small" }, note)));
  }
  function trend(dealer) {
    if (!dealer.months || !dealer.months.some((value) => value !== 0)) return null;
    const high = Math.max(...dealer.months, 0), low = Math.min(...dealer.months, 0), scale = 40 / (high - low || 1), step = 240 / dealer.months.length;
    const bars = dealer.months.map((value, index) => {
      const last = index === dealer.months.length - 1 && data.partial;
      return make("rect", { class: value < 0 ? "minus" : last ? "part" : index >= dealer.months.length - 12 ? "year" : null, x: (index * step + 0.5).toFixed(2), width: Math.max(step - 1, 0.5).toFixed(2),
        y: ((high - Math.max(value, 0)) * scale).toFixed(2), height: (Math.abs(value) * scale).toFixed(2) });
    });
    return make("div", { class: "card" }, make("h3", null, t.trend),
      make("svg", { class: "trend", viewBox: "0 0 240 40", preserveAspectRatio: "none", role: "img", "aria-label": t.trend + ", " + data.months[0] + " – " + data.months.at(-1) }, bars),
      make("p", { class: "small spread" }, make("span", null, data.months[0]), make("span", null, data.months.at(-1))));
  }
  function history(dealer) {
    if (!dealer.history) return null;
    const steps = dealer.history.map(([day, key]) => make("span", { class: "c-" + key, title: data.days[day] + ": " + data.classes[key] })).reverse();
    const causes = dealer.history.filter((step) => step[2]).map(([day, key, cause]) => make("li", null, data.days[day] + ": " + (data.classes[key] || key) + " – " + cause));
    const shown = dealer.history.map(([day]) => data.days[day]);
    return make("div", { class: "card" }, make("h3", null, t.history),
      make("div", { class: "history", role: "img", "aria-label": dealer.history.map(([day, key]) => data.days[day] + " " + data.classes[key]).reverse().join(", ") }, steps),
      make("p", { class: "small ends" }, make("span", null, shown.at(-1)), make("span", null, shown[0])),
      causes.length ? make("ul", { class: "lines" }, causes) : make("p", { class: "small" }, t.no_class_change));
  }
  function drivers(dealer) {
    if (!dealer.bridge || !given(dealer.base)) return make("div", { class: "card" }, make("h3", null, t.waterfall), make("p", { class: "small" }, dealer.growth_note || t.no_base));
    const rows = dealer.channels.map((row) => ({ cells: row }));
    return make("div", { class: "card" }, make("h3", null, t.waterfall), fall(t.waterfall, dealer.base, data.drivers.map((label, index) => [label, dealer.bridge[index]]), dealer.sales),
      rows.length > 1 ? [make("h3", null, t.by_channel), grid(t.by_channel, [[t.channel, "channel"], [t.change, "signed"]], rows, true)] : null);
  }
  function draw(dealer) {
    const place = [data.regions[dealer.region], dealer.territory, dealer.tier, dealer.status, dealer.manager, dealer.id].filter(given);
    const facts = place.flatMap((part, index) => [index ? " · " : "", name(part)]);
    const money3 = (row, at) => [row[at], row[at + 1], row[at + 2]];
    const calls = (dealer.calls || []).map((row) => ({ cells: [row[1], data.channels[row[2]], t[row[3]] || row[3], row[4], ...money3(row, 5)], why: row[8] }));
    const cells = (dealer.cells || []).map((row) => ({ cells: [row[0], data.channels[row[1]], t[row[2]] || row[2], row[3], ...money3(row, 4)], why: row[7] }));
    const gaps = (dealer.gaps || []).map((row) => ({ cells: [row[1], row[2], row[3], row[4]], why: row[5] }));
    const plan = data.plan.find((row) => data.dealers[row[0]] === dealer);
    const section = (title, content) => [make("h2", null, title), content];
    page.replaceChildren(
      make("p", null, make("a", { href: "#dealers" }, "← " + t.back)),
      make("h1", null, name(dealer.name), " ", pill(dealer.class)), make("p", { class: "facts" }, facts),
      dealer.until ? make("p", { class: "note" }, fill(t.dealer_not_reported, { day: dealer.until })) : "",
      make("ul", { class: "lines" }, dealer.reason.split("; ").map((part) => make("li", null, name(part)))),
      make("div", { class: "pair even" }, figures(dealer), drivers(dealer)),
      make("div", { class: "pair even" }, [history(dealer), trend(dealer)].filter(Boolean)),
      ...section(t.calls, data.has.vertical ? (calls.length ? grid(t.calls, [[t.outlet, "text"], [t.channel, "text", true], [t.lever, "text"], [t.sales_12w, "money", true], [t.expected, "money"], [t.low, "money", true], [t.high, "money", true]], calls, true) : make("p", { class: "small" }, t.none)) : make("p", { class: "note" }, t.no_table)),
      ...section(t.horizontal, data.has.horizontal ? (cells.length ? grid(t.horizontal, [[t.territory, "text"], [t.channel, "text"], [t.kind, "text", true], [t.new_outlets_expected, "text", true], [t.expected, "money"], [t.low, "money", true], [t.high, "money", true]], cells, true) : make("p", { class: "small" }, t.none)) : make("p", { class: "note" }, t.no_table)),
      ...section(t.range, data.has.range ? (gaps.length ? grid(t.range, [[t.outlet, "text"], [t.category, "text"], [t.probability, "percent", true], [t.expected, "money"]], gaps, true) : make("p", { class: "small" }, t.none)) : make("p", { class: "note" }, t.no_table)),
      ...(plan ? section(t.plan, grid(t.plan, [[t.reachability, "label"], [t.sales_12w, "money"], [t.goal, "money"], [t.vertical_short, "money"], [t.horizontal_short, "money"], [t.remaining, "money"]], [{ cells: [plan[1], plan[2], plan[3], plan[5], plan[6], plan[7]], why: plan[8] }], true)) : []),
      dealer.is_shortened ? make("p", { class: "small" }, t.shortened) : "",
    );
  }
  function route() {
    let id = null;
    try { id = location.hash.startsWith("#dealer-") ? decodeURIComponent(location.hash.slice(8)) : null; } catch { id = null; }
    const index = id === null ? undefined : dealerById.get(id);
    const open = index !== undefined;
    const was = !page.hidden;
    page.hidden = !open;
    main.hidden = open;
    if (open) {
      draw(data.dealers[index]);
      document.title = data.dealers[index].name + " – " + data.title;
      window.scrollTo(0, 0);
      page.focus({ preventScroll: true });
    } else {
      document.title = data.title;
      page.replaceChildren();
      const target = was && location.hash ? document.getElementById(location.hash.slice(1)) : null;
      if (target) target.scrollIntoView();
    }
  }

  document.documentElement.classList.add("live");
  for (const host of document.querySelectorAll("[data-table]")) sortable(host, specs[host.dataset.table]());
  document.addEventListener("click", (event) => {
    const mark = event.target.closest && event.target.closest(".mark");
    if (mark) location.hash = "#dealer-" + encodeURIComponent(mark.dataset.dealer);
  });
  window.addEventListener("hashchange", route);
  route();
})();
