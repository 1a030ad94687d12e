// Trees with boxes of three states: a node stands for what hangs below it.
(() => {
  "use strict";
  const { $, $$, acts } = window.crm;

  acts.twist = (button) => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    for (const part of $$(":scope > ul, :scope > .leafs", button.closest("li"))) part.hidden = !open;
  };

  const below = (item) => $$(":scope > ul .ck, :scope > .leafs .ck", item);

  function settle(tree) {
    for (const item of $$("li", tree).reverse()) {
      const head = $(":scope > .tn .ck", item);
      const parts = below(item).filter((box) => !box.indeterminate || box.closest(".leafs"));
      if (!head || !parts.length) continue;
      const on = parts.filter((box) => box.checked).length;
      head.indeterminate = (on > 0 || $$(":indeterminate", item).some((box) => box !== head)) && on < below(item).length;
      head.checked = on === below(item).length;
    }
  }
  document.addEventListener("change", ({ target }) => {
    const tree = target.closest?.("[data-tree]");
    if (!tree) return;
    if (target.closest(".tn")) for (const box of below(target.closest("li"))) Object.assign(box, { checked: target.checked, indeterminate: false });
    settle(tree);
  });

  window.crm.onReady((place) => $$("[data-tree]", place).forEach(settle));
})();
