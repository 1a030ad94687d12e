// Reports: a choice asks at once, boxes of a filter ask when it closes; what is empty stays out of the address.
(() => {
  "use strict";
  const { $, acts } = window.crm;
  let ticked = null; // the filter whose boxes were changed while it is open

  const ask = (form) => form.requestSubmit();

  document.addEventListener("change", ({ target }) => {
    const form = target.form;
    if (!form?.matches("[data-ask]")) return;
    const filter = target.closest("details.pop");
    if (filter) ticked = filter;
    else if (target.matches("select, [type=checkbox]")) {
      if (target.name === "band" && target.value !== "own") for (const name of ["low", "high"]) if (form.elements[name]) form.elements[name].value = "";
      ask(form);
    }
  });
  document.addEventListener("toggle", ({ target }) => {
    if (target !== ticked || target.open) return;
    ticked = null;
    ask(target.closest("form"));
  }, true);
  document.addEventListener("formdata", ({ target, formData }) => {
    if (!target.matches("[data-ask]")) return;
    for (const name of new Set(formData.keys())) {
      const values = formData.getAll(name).filter((value) => value !== "");
      formData.delete(name);
      for (const value of values) formData.append(name, value);
    }
  });
  addEventListener("beforeprint", () => $(".defs")?.setAttribute("open", ""));
  acts.print = () => print();
})();
