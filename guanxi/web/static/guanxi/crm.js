// The shell's manners: toasts, dialogs, drawer, forms, refusals, sign-in. Words come from <body data-t-…>.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;
  const words = (name, values = {}) => {
    const text = document.body.getAttribute(`data-t-${name}`) || "";
    return Object.entries(values).reduce((all, [key, value]) => all.replace(`{${key}}`, value), text);
  };
  const icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${document.body.dataset.sprite}#${name}`);
    svg.setAttribute("class", "i");
    svg.setAttribute("aria-hidden", "true");
    svg.append(use);
    return svg;
  };
  const keep = (name, value) => {
    const secure = root.dataset.cookies || location.protocol === "https:" ? ";secure" : "";
    document.cookie = `${root.dataset.cookies}guanxi_${name}=${value};path=/;max-age=31536000;samesite=lax${secure}`;
  };
  const acts = {};
  const ready = [];
  const enhance = (place) => ready.forEach((one) => one(place));
  /** `one(place)` now, and again after every swap. */
  const onReady = (one) => {
    ready.push(one);
    one(document);
  };
  /** What the other scripts use. */
  const crm = (window.crm = { $, $$, words, icon, acts, enhance, onReady });

  // A strip of tabs that is wider than the screen shows the open one; where people scroll it to, it stays.
  onReady((place) => {
    for (const strip of $$(".views", place)) {
      const open = $("[aria-current]", strip);
      if (open && open !== strip.shown) strip.scrollLeft = open.offsetLeft - strip.offsetLeft - (strip.clientWidth - open.offsetWidth) / 2;
      strip.shown = open;
    }
  });

  // --- toasts ---------------------------------------------------------------------------------------------------

  const TONE_ICONS = { bad: "alert-circle", warn: "alert-triangle", info: "info-circle" };

  function toast({ text, value, tone = "ok", undo }) {
    const box = $("#toasts");
    if (!box) return;
    const note = document.createElement("div");
    note.className = `toast ${tone}`;
    note.setAttribute("role", tone === "bad" ? "alert" : "status");
    const said = document.createElement("span");
    said.className = "grow";
    said.textContent = text || value;
    const close = act("untoast", words("toast-close"));
    close.append(icon("x"));
    note.append(icon(TONE_ICONS[tone] || "circle-check"), said);
    if (undo) {
      const button = act("undo", "");
      button.textContent = undo.label || words("undo");
      button.dataset.url = undo.url;
      note.append(button);
    }
    note.append(close);
    box.append(note);
    while (box.children.length > 3) box.firstElementChild.remove();
    stage(note);
  }

  function act(name, label) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.act = name;
    if (label) button.setAttribute("aria-label", label);
    return button;
  }

  /** Above an open dialog; gone after 5 s (8 with undo) unless it is an error or somebody looks at it. */
  function stage(note) {
    const open = $$("dialog[open]").pop();
    (open || document.body).append($("#toasts"));
    if (note.classList.contains("bad")) return;
    const wait = $("[data-act=undo], form", note) ? 8000 : 5000;
    const leave = () => (note.matches(":hover, :focus-within") ? setTimeout(leave, 1500) : note.remove());
    setTimeout(leave, wait);
  }

  acts.untoast = (button) => button.closest(".toast").remove();
  acts.undo = (button) => {
    button.closest(".toast").remove();
    htmx.ajax("POST", button.dataset.url, { source: document.body, swap: "none" });
  };
  document.addEventListener("toast", (event) => toast(event.detail));
  crm.toast = toast;

  // --- dialogs --------------------------------------------------------------------------------------------------

  /** The own confirm dialog; resolves to whether the answer was yes. */
  function ask({ text, label, danger }) {
    const dialog = $("#confirm");
    const yes = $("#confirm-yes");
    const opener = document.activeElement;
    $("#confirm-text").textContent = text;
    yes.textContent = label || words("confirm-ok");
    yes.className = `btn ${danger ? "btn-danger" : "btn-p"}`;
    dialog.returnValue = "no";
    dialog.showModal();
    $(danger ? "#confirm-no" : "#confirm-yes").focus();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        opener?.focus();
        resolve(dialog.returnValue === "yes");
      }, { once: true });
    });
  }
  crm.ask = ask;

  const question = (element, text) => ({
    text: text || element.dataset.confirm.replace("{n}", element.form?.dataset.n || ""),
    label: element.dataset.confirmLabel || element.textContent.trim().slice(0, 40),
    danger: "danger" in element.dataset || element.matches(".btn-d, .btn-danger"),
  });

  document.addEventListener("htmx:confirm", (event) => {
    event.preventDefault();
    const { ctx, issueRequest, dropRequest } = event.detail;
    ask(question(ctx.sourceElement, ctx.confirm)).then((yes) => (yes ? issueRequest() : dropRequest()));
  });

  let agreed = null;
  document.addEventListener("submit", (event) => {
    const asking = [event.submitter, event.target].find((one) => one?.dataset.confirm);
    if (!asking || agreed === event.target) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    ask(question(asking)).then((yes) => {
      if (!yes) return;
      agreed = target;
      target.requestSubmit(submitter);
      agreed = null;
    });
  }, true);

  acts.close = (button) => button.closest("dialog").close();
  acts.keys = () => $("#keys").showModal();
  document.addEventListener("click", (event) => {
    if (event.target.matches?.("dialog.cmdk, #keys")) event.target.close();
  });

  // --- drawer ---------------------------------------------------------------------------------------------------

  const drawer = $("#drawer");
  let opener = "";

  /** Load an address into the drawer. The page's own address then says so behind a #: one can send it, and go back. */
  function openDrawer(url, source) {
    opener = source?.id || "";
    drawer.from = source;
    $("#drawer-page").href = url;
    const { pathname, search } = new URL(url, location.href);
    const hash = `#panel=${pathname}${search.replace(/[?&]next=[^&]*/, "")}`;
    drawer.panel = hash;
    if (location.hash !== hash) history.pushState({ panel: true }, "", hash);
    return htmx
      .ajax("GET", url, { source: source?.tagName === "A" ? source : document.body, target: "#drawer-body", swap: "innerHTML" })
      .then(() => drawer.open || leavePanel());
  }
  crm.openDrawer = openDrawer;

  function leavePanel() {
    if (history.state?.panel) history.back();
    else if (panel()) history.replaceState(history.state, "", location.pathname + location.search);
  }

  const PANEL = /^#panel=(\/(?!\/).*)$/;
  const panel = () => decodeURI(location.hash).match(PANEL)?.[1];

  /** Cold load, back and forward: the drawer follows the address. */
  async function followPanel() {
    const url = panel();
    if (url) {
      if (drawer.open && drawer.panel === location.hash) return;
      const here = encodeURIComponent(location.pathname + location.search);
      openDrawer(`${url}${url.includes("?") ? "&" : "?"}next=${here}`);
    } else if (drawer.open && !(await closeDrawer())) history.forward();
  }

  function showDrawer() {
    const heading = $("h1, h2", drawer);
    if (heading) drawer.setAttribute("aria-label", heading.textContent.trim());
    drawer.classList.toggle("wide", Boolean($("[data-wide]", drawer)));
    if (!drawer.open) drawer.showModal();
    focusForm(drawer);
  }

  function focusForm(place) {
    const fields = "input:not([type=hidden]):not(.vh), select, textarea";
    const shown = (field) => field.offsetParent && !field.disabled;
    const first = $$("[aria-invalid=true]", place).find(shown)
      || $$("[autofocus]", place).find(shown)
      || $$(fields, $("form .drw-b", place) || place).find(shown);
    (first || $("button, a", place))?.focus();
  }
  crm.focusForm = focusForm;

  /** Close it; a form with unsaved typing asks once. */
  async function closeDrawer(force) {
    if (!drawer?.open) return true;
    const dirty = $("form[data-dirty]", drawer);
    if (dirty && !force && !(await ask({ text: words("leave"), label: words("leave-ok"), danger: true }))) return false;
    drawer.close();
    leavePanel();
    return true;
  }

  if (drawer) {
    addEventListener("popstate", followPanel);
    drawer.addEventListener("cancel", (event) => {
      if (event.target !== drawer) return;
      event.preventDefault();
      closeDrawer();
    });
    drawer.addEventListener("click", (event) => event.target === drawer && closeDrawer());
    drawer.addEventListener("close", (event) => {
      if (event.target !== drawer) return;
      document.body.append($("#toasts"));
      $("#drawer-body").replaceChildren();
      ((opener && document.getElementById(opener)) || (drawer.from?.isConnected ? drawer.from : null))?.focus();
    });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-drawer]");
    if (!link || !window.htmx || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.closest("details")?.removeAttribute("open");
    openDrawer(link.href, link);
  });
  document.addEventListener("click", (event) => {
    const tab = event.target.closest?.("a[data-tab]");
    if (!tab || !window.htmx || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // The tabs are replaced as well, so the request belongs to what stays: a second click is not lost with them.
    const place = $("#tab").parentElement;
    place.setAttribute("hx-sync", "this:replace");
    htmx.ajax("GET", tab.href, { source: place, target: "#tab", swap: "outerHTML", push: "true" });
  });
  acts["close-drawer"] = (link, event) => {
    if (!link.closest("#drawer")) return;
    event.preventDefault();
    closeDrawer();
  };

  // --- forms ----------------------------------------------------------------------------------------------------

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-form], form[data-guard]");
    if (form) form.dataset.dirty = "";
  });
  const leaving = (event) => $(".page form[data-dirty]") && event.preventDefault();
  addEventListener("beforeunload", leaving);

  /** Forms marked data-form are sent by htmx: a refusal is drawn in place, nothing typed is lost. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-form]") || !window.htmx) {
      delete form.dataset.dirty;
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    const url = button?.getAttribute("formaction") || form.getAttribute("action");
    if (!form.hasAttribute("hx-disable")) form.setAttribute("hx-disable", "findAll button:not([type=button])");
    form.setAttribute("hx-sync", "this:drop");
    form.querySelector(".drw-f .btn-p, .drw-f .btn-danger")?.classList.add("busy");
    htmx.ajax("POST", url, { source: form, event, target: form.parentElement, swap: "innerHTML" });
  });

  /** Plain forms: a second click does nothing while the first is under way. */
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post" || event.target.hasAttribute("data-download")) return;
    if (event.target.dataset.sent) return event.preventDefault();
    event.target.dataset.sent = "1";
    event.submitter?.classList.add("busy");
  });
  addEventListener("pageshow", () => $$("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    $$(".busy", form).forEach((button) => button.classList.remove("busy"));
  }));
  acts["show-password"] = (button) => {
    const box = button.parentElement.querySelector("input");
    box.type = box.type === "password" ? "text" : "password";
    button.setAttribute("aria-pressed", String(box.type === "text"));
  };
  document.addEventListener("keyup", (event) => {
    if (!event.target.matches?.("[data-caps]")) return;
    const hint = $(".hint", event.target.closest(".fld"));
    if (hint) hint.hidden = !event.getModifierState?.("CapsLock");
  });

  const HALF_WIDTH = /[！-～]/g;
  const UNITS = { 千: 1e3, 万: 1e4, 亿: 1e8 };
  /** `12万`, `1,200`, `¥１２` as a number; NaN if it is none. */
  crm.readAmount = (text) => {
    const plain = String(text).replace(HALF_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 65248)).replace(/^(CN|RMB)|[,\s¥￥元]/gi, "");
    const unit = UNITS[plain.at(-1)];
    return plain && plain !== "-" ? Number((Number(unit ? plain.slice(0, -1) : plain) * (unit || 1)).toPrecision(15)) : NaN;
  };
  /** What was typed as an amount shows how it is read. */
  document.addEventListener("change", ({ target }) => {
    if (!target.matches?.("input[inputmode=decimal]") || !/[^\d.,-]/.test(target.value)) return;
    const amount = crm.readAmount(target.value);
    if (!Number.isNaN(amount)) target.value = amount.toLocaleString("en", { maximumFractionDigits: 6 });
  });

  // --- requests: progress, refusals, sign-in again ---------------------------------------------------------------

  let running = 0;
  let again = null;
  const progress = () => {
    const bar = $("#progress");
    if (bar) bar.hidden = running === 0;
  };
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    ctx.counted = true;
    running += 1;
    setTimeout(progress, 150);
    if (ctx.sourceElement.matches?.("form[data-dirty]")) ctx.dirty = ctx.sourceElement;
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (!ctx.counted) return;
    running = Math.max(0, running - 1);
    progress();
    if (!ctx.keepIndicators) $$(".busy", ctx.sourceElement).forEach((button) => button.classList.remove("busy"));
    if (ctx.sendAgain) setTimeout(() => repeat(ctx));
  });

  const WORDS_OF = { 403: "forbidden", 404: "gone", 409: "conflict", 410: "gone", 413: "refused", 429: "busy" };

  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    const { status } = ctx.response;
    if (status < 300 || ctx.hx.redirect) {
      if (ctx.dirty) delete ctx.dirty.dataset.dirty;
      // A saved drawer does not come back with the back button.
      if (ctx.hx.redirect && panel()) history.replaceState({ htmx: true }, "", location.pathname + location.search);
      $("#redbar").hidden = true;
    }
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    const status = ctx.response?.status || 200;
    if (status < 400) return;
    if (ctx.sourceElement.matches("[data-card]")) {
      event.preventDefault();
      return cardState(ctx.sourceElement, false);
    }
    const whole = /^\s*(<!doctype|<html|<body)/i.test(ctx.text);
    if (status === 401) {
      event.preventDefault();
      if (ctx.sourceElement.matches("[data-quiet]")) return; // asked by the page itself: nobody waits for it
      signIn(ctx, whole ? "" : ctx.text);
    } else if (status === 403 && ctx.response.headers.get("X-CSRFToken")) {
      event.preventDefault();
      renewed(ctx);
    } else if (status >= 500) {
      event.preventDefault();
      fail(ctx, "failed");
    } else if (whole || !ctx.text.trim()) {
      event.preventDefault();
      if (!ctx.hx.trigger) toast({ text: words(WORDS_OF[status] || "refused"), tone: "bad" });
    } else if (ctx.dirty && ctx.target instanceof Element) {
      ctx.stillDirty = ctx.target;
    }
  });
  document.addEventListener("htmx:error", ({ detail }) => detail.ctx && fail(detail.ctx, "offline"));

  /** A card of the start page that did not come says so itself, in its own place. */
  function cardState(card, waits) {
    $("[data-wait]", card).hidden = !waits;
    $("[data-fail]", card).hidden = waits;
  }
  acts["card-again"] = (button) => {
    const card = button.closest("[data-card]");
    cardState(card, true);
    htmx.trigger(card, "again");
  };

  function fail(ctx, what) {
    if (ctx.sourceElement.matches?.("[data-card]")) return cardState(ctx.sourceElement, false);
    again = ctx;
    $("#redbar-text").textContent = words(what);
    $("#redbar").hidden = false;
    ($$("dialog[open]").pop() || document.body).append($("#redbar"));
  }

  /** Send a request once more, as what stands in the form now. */
  function repeat(ctx) {
    const { sourceElement: source, request } = ctx;
    if (source instanceof HTMLFormElement && source.isConnected) return source.requestSubmit(request.submitter);
    return htmx.ajax(request.method, request.action, { source: source.isConnected ? source : document.body, target: ctx.target, swap: ctx.swap });
  }
  acts.retry = () => {
    $("#redbar").hidden = true;
    if (again) repeat(again);
  };
  acts.unbar = () => ($("#redbar").hidden = true);

  /** The session ended, or a grave step wants a proof: ask here, so that a half-written form is not lost. */
  function signIn(ctx, html) {
    if (!html) return location.reload();
    again = ctx;
    showSignIn(html, document.body.dataset.name);
  }
  function showSignIn(html, name) {
    const box = $("#signin-body");
    box.innerHTML = html;
    const who = $("[name=username]", box);
    if (who && !who.value) who.value = name || "";
    $("#signin").setAttribute("aria-label", $("h2", box)?.textContent || "");
    if (!$("#signin").open) $("#signin").showModal();
    (who?.value === "" ? who : $("[type=password], [name=code]", box))?.focus();
  }
  $("#signin")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target;
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    event.submitter?.classList.add("busy");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true" } });
      if (answer.ok) signedIn(answer.headers);
      else if (answer.headers.get("X-CSRFToken")) renew(answer.headers.get("X-CSRFToken"));
      else showSignIn(await answer.text());
    } catch {
      fail(again, "offline");
    }
    delete form.dataset.sent;
    event.submitter?.classList.remove("busy");
  }, true);

  /** Send again what waited, unless it is somebody else who signed in: then nothing of it is theirs. */
  function signedIn(headers) {
    $("#signin").close();
    $("#signin-body").replaceChildren();
    if (headers.get("X-Signed-In") !== document.body.dataset.me) return toast({ text: words("other"), tone: "bad" });
    renew(headers.get("X-CSRFToken"));
    return repeat(again);
  }

  /** The page's token was old, as after a sign-in in another tab: once more with the new one, for the same person. */
  function renewed(ctx) {
    const { headers } = ctx.response;
    const who = headers.get("X-Signed-In");
    if (who && who !== document.body.dataset.me) return toast({ text: words("other"), tone: "bad" });
    if (renewed.last === ctx.request.action) return toast({ text: words("forbidden"), tone: "bad" });
    renewed.last = ctx.request.action;
    setTimeout(() => (renewed.last = ""), 5000); // a token that is new and refused all the same is not tried for ever
    renew(headers.get("X-CSRFToken"));
    ctx.sendAgain = true;
  }

  /** Whoever looks at the page hears of new notices within a minute. */
  setInterval(() => document.hidden || $("#bell")?.dispatchEvent(new Event("look")), 60000);

  function renew(token) {
    if (!token) return;
    document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));
    for (const box of $$("input[name=csrfmiddlewaretoken]")) box.value = token;
  }

  // --- after a swap, and back and forward --------------------------------------------------------------------------

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!drawer) return;
    if (ctx.stillDirty) $("form", ctx.stillDirty)?.setAttribute("data-dirty", "");
    const target = ctx.target instanceof Element ? ctx.target : $(String(ctx.target || "body"));
    if (target?.id === "drawer-body" && target.childElementCount) showDrawer();
    else if (ctx.response?.status >= 400 && target) focusForm(target);
    if (ctx.request?.headers?.["HX-History-Restore-Request"]) focusHeading();
    enhance(document);
  });
  document.addEventListener("htmx:before:history:restore", () => drawer?.open && drawer.close());

  function focusHeading() {
    const heading = $("#main h1") || $("#main");
    heading.tabIndex = -1;
    heading.focus();
  }

  // --- small acts ---------------------------------------------------------------------------------------------------

  acts.theme = (button) => {
    keep("theme", button.dataset.value);
    root.dataset.wish = button.dataset.value;
    dispatchEvent(new Event("guanxi:theme"));
    press();
  };
  acts.density = (button) => {
    keep("density", button.dataset.value);
    root.dataset.density = button.dataset.value;
    press();
  };
  acts.side = () => {
    const narrow = $("#side").offsetWidth < 100;
    root.dataset.side = narrow ? "wide" : "narrow";
    keep("side", root.dataset.side);
  };
  function press() {
    for (const button of $$("[data-act=theme]")) button.setAttribute("aria-pressed", button.dataset.value === root.dataset.wish);
    for (const button of $$("[data-act=density]")) button.setAttribute("aria-pressed", button.dataset.value === (root.dataset.density || "normal"));
  }

  document.addEventListener("click", (event) => {
    for (const open of $$("details.pop[open]")) if (!open.contains(event.target)) open.open = false;
    const button = event.target.closest("[data-act]");
    if (button && button.type !== "checkbox" && button.tagName !== "SELECT") acts[button.dataset.act]?.(button, event);
  });
  document.addEventListener("focusin", (event) => {
    for (const open of $$("details.pop[open]")) if (!open.contains(event.target) && event.target !== document.body) open.open = false;
  });
  document.addEventListener("toggle", ({ target }) => {
    if (target.matches?.("details.pop[open]")) $("input:not([type=hidden]), select", target)?.focus({ preventScroll: true });
  }, true);

  // --- start ----------------------------------------------------------------------------------------------------------

  for (const note of $$("[data-toast]")) stage(note);
  press();
  if (drawer && panel()) addEventListener("load", followPanel);
})();
