// Boards: a card goes where a step leads, and the step's own form decides; dropped elsewhere it returns.
(() => {
  "use strict";
  const { $, $$, words, toast, openDrawer } = window.crm;

  function board(place) {
    if (!window.Sortable || place.dataset.ready) return;
    place.dataset.ready = "1";
    place.classList.add("can-drag");
    const moves = (card) => JSON.parse(card.dataset.moves || "{}");
    const lanes = (card) => $$(".lane", place).forEach((lane) => {
      lane.classList.toggle("no", Boolean(card) && !(lane.dataset.lane in moves(card)) && !lane.contains(card));
    });
    const label = (lane) => lane.closest("[data-lane]").dataset.label;
    const refuse = (card, from, to) => {
      const ways = Object.keys(moves(card)).map((lane) => label($(`[data-lane="${lane}"]`, place)));
      const values = { from: label(from), to: label(to), ways: ways.join(" / ") };
      toast({ text: words(ways.length ? "no-move" : "no-moves", values), tone: "warn" });
    };
    for (const list of $$("[data-cards]", place)) {
      window.Sortable.create(list, {
        group: "cards", sort: false, draggable: ".kcard", filter: "a, button, summary, details", preventOnFilter: false,
        ghostClass: "ghost", dragClass: "lift", delay: 150, delayOnTouchOnly: true, animation: 120,
        onStart: ({ item }) => lanes(item),
        onEnd: ({ item, from, to, oldIndex }) => {
          lanes(null);
          if (from === to) return;
          from.insertBefore(item, from.children[oldIndex] || null);
          const url = moves(item)[to.closest("[data-lane]").dataset.lane];
          if (url) openDrawer(`${url}?next=${encodeURIComponent(location.pathname + location.search)}`, $("a", item));
          else refuse(item, from, to);
        },
      });
    }
  }

  window.crm.onReady((place) => $$("[data-board]", place).forEach(board));
})();
