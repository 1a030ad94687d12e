// Lists: filters and pages swap the rows and keep the address; boxes select rows for the bulk bar.
(() => {
  "use strict";
  const { $, $$, acts, openDrawer, onReady } = window.crm;

  // --- lists: address, filters, tabs ---------------------------------------------------------------------------------

  /** Show another state of the same list: rows, filters and views change, the address with them. */
  async function visit(url, { replace = false, source } = {}) {
    const place = $("#list").parentElement;
    const column = source?.closest("#list th")?.cellIndex;
    place.setAttribute("hx-sync", "this:replace");
    $("#list").setAttribute("aria-busy", "true");
    await htmx.ajax("GET", url, {
      [replace ? "replace" : "push"]: "true", source: place, target: "#list", swap: "outerHTML", select: "#list",
      selectOOB: "#filters:outerMorph,#views:outerMorph,#columns-form:outerMorph,#export-form:outerMorph", headers: { "HX-Request": "false" },
    });
    $("#list")?.removeAttribute("aria-busy");
    if (column >= 0) $("#list table")?.tHead.rows[0].cells[column]?.querySelector("a")?.focus();
    else if (source?.closest(".pg")) $("#list .tw")?.focus();
  }

  function address(form) {
    const params = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value !== "" && name !== "column") params.append(name, value);
    return `${location.pathname}?${params}`.replace(/\?$/, "");
  }

  let wait = 0;
  function narrow(form, event) {
    if (event.isComposing || event.target.form !== form || event.target.getAttribute("role") === "combobox") return;
    const typed = event.target.matches("[type=search], [type=text], :not([type])") && event.target.tagName === "INPUT";
    if (event.type === "change" && typed) return;
    clearTimeout(wait);
    wait = setTimeout(() => {
      visit(address(form), { replace: typed });
    }, typed ? 250 : 0);
  }
  for (const kind of ["input", "change", "compositionend"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.closest?.("form[data-filters]");
      if (!form || !window.htmx || !$("#list")) return;
      if (kind === "input" && !event.target.matches("input:not([type=checkbox]):not([type=radio]):not([type=date])")) return;
      narrow(form, event);
    });
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-filters]") && event.submitter?.form === form && window.htmx && $("#list")) {
      event.preventDefault();
      $$("details[open]", form).forEach((open) => (open.open = false));
      visit(address(form));
    } else if (form.matches("[data-selection]") && event.submitter?.hasAttribute("data-drawer")) {
      event.preventDefault();
      const chosen = new URLSearchParams(new FormData(form));
      const url = event.submitter.getAttribute("formaction");
      openDrawer(`${url}${url.includes("?") ? "&" : "?"}${chosen}`, event.submitter);
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !window.htmx || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if ($("#list") && link.matches("#list .pg a, #list [data-swap=list], #views a, #filters > a")) {
      event.preventDefault();
      visit(link.href, { source: link });
    }
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches("select[data-act=go]")) visit(target.value, { source: target });
  });

  // --- selection --------------------------------------------------------------------------------------------------------

  const boxes = (form) => $$("tbody .ck[name=id]", form);

  function count(form) {
    const chosen = boxes(form).filter((box) => box.checked);
    const all = $("[data-act=select-matching]", form);
    for (const box of boxes(form)) box.closest("tr").classList.toggle("picked", box.checked);
    const head = $("[data-act=select-all]", form);
    if (head) {
      head.checked = chosen.length > 0 && chosen.length === boxes(form).length;
      head.indeterminate = chosen.length > 0 && !head.checked;
    }
    if (all && !chosen.length) all.checked = false;
    const bar = $("[data-bulk]", form);
    if (!bar) return;
    bar.hidden = !chosen.length;
    $("[data-count]", bar).textContent = all?.checked ? "…" : chosen.length;
    form.dataset.n = chosen.length;
  }

  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!box.matches?.("[data-selection] tbody .ck[name=id]")) return;
    const all = boxes(box.form);
    if (event.shiftKey && last?.isConnected) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const one of all.slice(from, to + 1)) one.checked = box.checked;
    }
    last = box;
  });
  document.addEventListener("change", ({ target }) => {
    const form = target.form;
    if (!form?.matches("[data-selection]")) return;
    if (target.dataset.act === "select-all") for (const box of boxes(form)) box.checked = target.checked;
    if (target.dataset.act === "select-matching" && target.checked) for (const box of boxes(form)) box.checked = true;
    count(form);
  });
  acts["select-none"] = (button) => {
    for (const box of boxes(button.form)) box.checked = false;
    count(button.form);
    $("#list .ck")?.focus();
  };

  onReady((place) => $$("form[data-selection]", place).forEach(count));
})();
