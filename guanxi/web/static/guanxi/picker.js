// Pickers: a select that asks the server as one types. It stays in the form and carries the value (so a page without
// script has a plain select); a box and a list stand in front of it. The server: {"options": [{"value", "label"}]}.
(() => {
  "use strict";
  const { $$, words, icon } = window.crm;

  let made = 0;

  class Picker {
    constructor(select) {
      this.select = select;
      this.many = select.multiple;
      this.options = [];
      this.at = -1;
      this.build();
      this.listen();
      this.show();
    }

    build() {
      const { select } = this;
      const name = select.id || `pick-${(made += 1)}`;
      this.wrap = element("div", { class: "combo" });
      this.list = element("ul", { class: "combo-l", role: "listbox", id: `${name}-list`, hidden: "" });
      this.box = element("input", {
        class: "in", type: "text", role: "combobox", autocomplete: "off", id: `${name}-box`,
        "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
      });
      for (const kept of ["aria-describedby", "aria-invalid", "aria-label"]) {
        if (select.hasAttribute(kept)) this.box.setAttribute(kept, select.getAttribute(kept));
      }
      const label = select.labels?.[0];
      if (label) label.htmlFor = this.box.id;
      this.list.setAttribute("aria-label", label?.textContent || select.getAttribute("aria-label") || "");
      this.box.disabled = select.disabled;
      this.box.required = false;
      this.box.placeholder = select.dataset.placeholder || "";
      select.replaceWith(this.wrap);
      select.removeAttribute("required");
      if (this.many) {
        this.chips = element("div", { class: "multi" });
        this.chips.append(this.box);
        this.wrap.append(select, this.chips, this.list);
      } else {
        this.clear = element("button", { class: "combo-x", type: "button", "aria-label": words("clear"), hidden: "" });
        this.clear.append(icon("x"));
        this.wrap.append(select, this.box, icon("chevron-down"), this.clear, this.list);
      }
    }

    listen() {
      const { box, list } = this;
      box.addEventListener("input", (event) => {
        if (event.isComposing) return;
        if (!this.many && !box.value) this.take("", "");
        this.later();
      });
      box.addEventListener("compositionend", () => this.later());
      box.addEventListener("click", () => this.find());
      box.addEventListener("keydown", (event) => this.key(event));
      box.addEventListener("blur", () => setTimeout(() => this.leave(), 120));
      list.addEventListener("pointerdown", (event) => event.preventDefault());
      list.addEventListener("click", (event) => {
        const item = event.target.closest("[role=option]");
        if (item?.dataset.n) this.choose(this.options[item.dataset.n]);
      });
      this.clear?.addEventListener("click", () => this.choose({ value: "", label: "" }));
      this.chips?.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button) this.drop(button.value);
      });
    }

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), 250);
    }

    async find() {
      this.abort?.abort();
      this.abort = new AbortController();
      const typed = this.box.value === this.shown ? "" : this.box.value.trim();
      this.draw(null);
      try {
        const url = new URL(this.select.dataset.url, location.href);
        url.searchParams.set("q", typed);
        const answer = await fetch(url, { signal: this.abort.signal, headers: { Accept: "application/json" } });
        if (!answer.ok) throw new Error(answer.status);
        this.options = (await answer.json()).options;
        this.draw(this.options);
      } catch (error) {
        if (error.name !== "AbortError") this.draw([]);
      }
    }

    /** null: still asking. */
    draw(options) {
      this.at = -1;
      this.box.removeAttribute("aria-activedescendant");
      const line = (text) => [element("li", { role: "option", "aria-disabled": "true" }, text)];
      this.list.replaceChildren(...(options === null ? line(words("loading")) : options.length ? options.map((option, n) =>
        element("li", { role: "option", id: `${this.list.id}-${n}`, "data-n": n, "aria-selected": "false" }, option.label)) : line(words("none"))));
      this.open(true);
      if (options?.length && this.box.value && this.box.value !== this.shown) this.mark(0);
    }

    open(yes) {
      this.list.hidden = !yes;
      this.box.setAttribute("aria-expanded", String(yes));
      if (yes) this.list.classList.toggle("up", innerHeight - this.box.getBoundingClientRect().bottom < 280 && this.box.getBoundingClientRect().top > 300);
    }

    mark(at) {
      const items = $$("[data-n]", this.list);
      if (!items.length) return;
      this.at = (at + items.length) % items.length;
      items.forEach((item, n) => item.setAttribute("aria-selected", String(n === this.at)));
      this.box.setAttribute("aria-activedescendant", items[this.at].id);
      items[this.at].scrollIntoView({ block: "nearest" });
    }

    key(event) {
      if (event.isComposing || event.keyCode === 229) return;
      const open = !this.list.hidden;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        if (open) this.mark(this.at + step);
        else this.find();
      } else if (event.key === "Enter" && open && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        if (this.options[this.at]) this.choose(this.options[this.at]);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        event.stopPropagation();
        this.open(false);
      } else if (event.key === "Backspace" && this.many && !this.box.value) {
        this.drop([...this.select.selectedOptions].pop()?.value);
      }
    }

    take(value, label) {
      const { select } = this;
      let option = [...select.options].find((one) => one.value === String(value));
      if (!option) select.append((option = new Option(label, value)));
      option.selected = true;
      this.changed();
    }

    choose({ value, label }) {
      this.take(value, label);
      this.open(false);
      this.box.focus();
    }

    drop(value) {
      for (const option of this.select.selectedOptions) if (option.value === value) option.selected = false;
      this.changed();
      this.box.focus();
    }

    changed() {
      this.show();
      this.select.dispatchEvent(new Event("input", { bubbles: true }));
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    /** Left with text that is no choice: back to what is chosen. */
    leave() {
      if (this.wrap.contains(document.activeElement)) return;
      this.abort?.abort();
      this.open(false);
      this.show();
    }

    show() {
      const chosen = [...this.select.selectedOptions].filter((option) => option.value);
      if (this.many) {
        this.box.value = this.shown = "";
        $$(".pick", this.chips).forEach((chip) => chip.remove());
        this.box.before(...chosen.map((option) => chip(option)));
        return;
      }
      this.shown = chosen[0]?.textContent.trim() || "";
      this.box.value = this.shown;
      this.clear.hidden = !this.shown || this.select.disabled;
    }
  }

  function chip(option) {
    const label = option.textContent.trim();
    const button = element("button", { type: "button", value: option.value, "aria-label": words("remove", { name: label }) });
    button.append(icon("x"));
    const made = element("span", { class: "pick" }, label);
    made.append(button);
    return made;
  }

  function element(name, attributes, text) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  window.crm.onReady((place) => {
    for (const select of $$("select[data-combobox][data-url]", place)) if (!select.closest(".combo")) new Picker(select);
  });
})();
