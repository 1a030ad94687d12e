// Order lines: rows from a template, sums as one types. The server's sums are what counts.
(() => {
  "use strict";
  const { $, $$, acts, enhance } = window.crm;

  const number = (text) => window.crm.readAmount(text) || 0;
  const money = (value) => new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);

  function sums(lines) {
    let total = 0;
    for (const row of $$("[data-line]", lines)) {
      if (row.hidden) continue;
      const read = (part) => number($(`[data-part=${part}]`, row)?.value);
      const amount = Math.round((read("quantity") * read("price") - read("discount")) * 100 + 1e-6) / 100;
      const shown = $("[data-amount]", row);
      const takesTooMuch = amount < 0; // saving says so beside the discount; until then the line counts for nothing
      if (shown) shown.textContent = takesTooMuch ? "—" : money(amount);
      total += takesTooMuch ? 0 : Math.round(amount * 100);
    }
    for (const shown of $$("[data-total]", lines)) shown.textContent = money(total / 100);
  }
  const forms = (lines) => $(`[name="${lines.dataset.lines}-TOTAL_FORMS"]`);
  acts["add-line"] = (button) => {
    const lines = button.closest("[data-lines]");
    const adder = $("[data-act=add-line]", lines);
    if (adder.disabled) return;
    const total = forms(lines);
    const place = $("[data-line-list]", lines);
    place.insertAdjacentHTML("beforeend", $("template", lines).innerHTML.replaceAll("__prefix__", total.value));
    total.value = Number(total.value) + 1;
    adder.disabled = Number(total.value) >= Number($(`[name="${lines.dataset.lines}-MAX_NUM_FORMS"]`)?.value ?? Infinity);
    enhance(place);
    $("input:not([type=hidden]), select", place.lastElementChild)?.focus();
    sums(lines);
  };
  acts["drop-line"] = (button) => {
    const lines = button.closest("[data-lines]");
    const row = button.closest("[data-line]");
    const mark = $("[name$='-DELETE']", row);
    if (mark) {
      mark.type === "checkbox" ? (mark.checked = true) : (mark.value = "on");
      row.hidden = true;
    } else row.remove();
    sums(lines);
    $("[data-act=add-line]", lines)?.focus();
  };
  document.addEventListener("input", ({ target }) => {
    const lines = target.closest?.("[data-lines]");
    if (lines) sums(lines);
  });
  /** Enter and the arrows go down and up a column; Enter on the last line adds one. */
  document.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("[data-line]");
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || !step || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (!event.target.matches("input.in")) return;
    event.preventDefault();
    const rows = $$("[data-line]", row.parentElement).filter((one) => !one.hidden);
    const next = rows[rows.indexOf(row) + step];
    if (next) $$("input.in", next)[$$("input.in", row).indexOf(event.target)]?.focus();
    else if (event.key === "Enter") acts["add-line"](event.target);
  });

  window.crm.onReady((place) => $$("[data-lines]", place).forEach(sums));
})();
