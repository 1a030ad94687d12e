// The rights of a role: how many boxes differ from what is saved, and departments only where they are chosen.
(() => {
  "use strict";
  const { $, $$, onReady } = window.crm;

  function show(form) {
    const scope = $("[name=scope]", form);
    $("[data-departments]", form).hidden = scope.value !== "custom";
    const boxes = $$("input[type=checkbox][name]", form).filter((box) => box.checked !== box.defaultChecked).length;
    const chosen = $("option[selected]", scope) ?? scope.options[0];
    const count = boxes + (scope.value === chosen.value ? 0 : 1);
    const place = $("[data-changes]", form);
    if (place) place.textContent = count ? place.dataset.text.replace("{n}", count) : "";
  }
  document.addEventListener("change", ({ target }) => {
    const form = target.closest?.("form[data-role]");
    if (form) queueMicrotask(() => show(form));
  });

  onReady((place) => $$("form[data-role]", place).forEach(show));
})();
