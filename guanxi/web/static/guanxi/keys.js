// The palette and the keys. Single keys never act while somebody types, and data-shortcuts="off" silences them.
(() => {
  "use strict";
  const { $, $$, acts } = window.crm;

  // --- palette ------------------------------------------------------------------------------------------------------

  const palette = $("#palette");
  acts.palette = (_link, event) => {
    if (!palette || !window.htmx) return;
    event?.preventDefault();
    if (!palette.open) palette.showModal();
    $("#palette-q").select();
  };
  palette?.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const options = $$("[data-option]", palette);
    const at = options.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      (options[at + step] || $("#palette-q")).focus();
    } else if (event.key === "Enter" && at < 0 && options[0]) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) open(options[0].href, "_blank", "noopener");
      else options[0].click();
    } else if (at >= 0 && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      $("#palette-q").focus();
    }
  });

  // --- keys -----------------------------------------------------------------------------------------------------------

  const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]");
  const row = (step) => {
    const links = $$("#list tbody .nm");
    const here = document.activeElement.closest?.("tr");
    const at = links.findIndex((link) => link.closest("tr") === here);
    (links[at + step] || links[step > 0 && at < 0 ? 0 : at])?.focus();
  };
  const SINGLE = {
    "/": () => $("[data-search]")?.select(),
    "?": () => $("#keys")?.showModal(),
    j: () => row(1),
    k: () => row(-1),
    x: () => document.activeElement.closest?.("tr")?.querySelector(".ck")?.click(),
    c: () => $("[data-key=c]")?.click(),
    e: () => $("[data-key=e]")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    const mod = event.ctrlKey || event.metaKey;
    if (mod && event.key.toLowerCase() === "k" && palette) return acts.palette(null, event);
    if (mod && event.key === "Enter") {
      const form = event.target.closest?.("form");
      if (form && !palette?.contains(form)) form.requestSubmit($(".drw-f .btn-p, .form-f .btn-p", form) || undefined);
    } else if (event.key === "Escape") {
      const open = event.target.closest?.("details.pop[open]") || $("details.pop[open]");
      if (open) {
        event.preventDefault();
        open.open = false;
        $("summary", open).focus();
      } else if (location.hash === "#side") location.hash = "#main";
    } else if (!mod && !event.altKey && !typing(event.target) && !$("dialog[open]") && document.body.dataset.shortcuts !== "off" && SINGLE[event.key]) {
      event.preventDefault();
      SINGLE[event.key]();
    }
  });

  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    for (const key of $$("[data-mod]")) key.textContent = key.textContent.replace("Ctrl", "⌘");
  }
})();
