// Charts: each draws the JSON beside it in the colours of the stylesheet; a click on a mark follows its link.
(() => {
  "use strict";
  const { $, $$, acts, onReady } = window.crm;
  const root = document.documentElement;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const drawn = new Map(); // the place of each chart → its ECharts
  let fetched = null;

  /** ECharts itself, fetched when the first chart of a page is there. */
  function library(url) {
    if (window.echarts) return Promise.resolve(window.echarts);
    fetched = fetched || new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = () => done(window.echarts);
      script.onerror = failed;
      document.head.append(script);
    });
    return fetched;
  }

  // --- colours and numbers ------------------------------------------------------------------------------------------

  function tokens() {
    const style = getComputedStyle(root);
    const token = (name) => style.getPropertyValue(`--${name}`).trim();
    return {
      colours: [1, 2, 3, 4, 5, 6].map((number) => token(`c${number}`)), font: getComputedStyle(document.body).fontFamily,
      text: token("tx"), quiet: token("tx2"), line: token("line"), axis: token("line-2"), surface: token("surface"), hover: token("hover"),
    };
  }

  const STEPS = {
    en: [[1e9, "B"], [1e6, "M"], [1e3, "K"]],
    zh: [[1e8, "亿"], [1e4, "万"]],
  };
  /** A number on an axis: short. */
  function short(value, unit) {
    if (unit === "percent") return `${value}%`;
    const steps = STEPS[root.lang.startsWith("en") ? "en" : "zh"];
    const [size, word] = steps.find(([size]) => Math.abs(value) >= size) || [1, ""];
    return `${(value / size).toLocaleString("en", { maximumFractionDigits: 1 })}${word}`;
  }

  // --- drawings -----------------------------------------------------------------------------------------------------

  const shorten = (name, most) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);

  function frame(drawing, look) {
    return {
      color: look.colours,
      animation: !still.matches,
      animationDuration: 250,
      textStyle: { fontFamily: look.font, color: look.quiet },
      tooltip: {
        renderMode: "richText", confine: true, backgroundColor: look.surface, borderColor: look.axis, borderWidth: 1,
        textStyle: { color: look.text, fontFamily: look.font, fontSize: 13 },
      },
      legend: {
        show: drawing.series.length > 1, top: 0, left: 0, itemWidth: 14, itemHeight: 8, icon: "roundRect", textStyle: { color: look.quiet },
        inactiveColor: look.axis,
      },
    };
  }

  function axes(drawing, look, narrow) {
    const roomy = !narrow && (drawing.across || drawing.categories.length <= 6);
    const names = {
      type: "category", data: drawing.categories, inverse: drawing.across, axisTick: { show: false },
      axisLine: { lineStyle: { color: look.axis } },
      axisLabel: { color: look.quiet, hideOverlap: true, formatter: (name) => shorten(name, roomy ? 14 : 8) },
    };
    const units = [...new Set(drawing.series.map((one) => one.unit))];
    const values = units.map((unit, place) => ({
      type: "value", minInterval: unit === "count" ? 1 : 0, max: drawing.kind === "pareto" && unit === "percent" ? 100 : null,
      splitLine: { show: place === 0, lineStyle: { color: look.line } },
      axisLabel: { color: look.quiet, hideOverlap: true, formatter: (value) => short(value, unit) },
    }));
    return {
      grid: { left: 4, right: 12, top: drawing.series.length > 1 ? 36 : 12, bottom: 4, containLabel: true },
      [drawing.across ? "yAxis" : "xAxis"]: names,
      [drawing.across ? "xAxis" : "yAxis"]: values,
    };
  }

  const colour = (one, place, look) => look.colours[((one.tone || place + 1) - 1) % look.colours.length];
  const cursor = (one, place) => (one.links[place] ? "pointer" : "default");

  function runs(drawing, look) {
    const units = [...new Set(drawing.series.map((one) => one.unit))];
    return drawing.series.map((one, place) => {
      const line = drawing.kind === "line" || (drawing.kind === "pareto" && place === drawing.series.length - 1);
      const axis = { [drawing.across ? "xAxisIndex" : "yAxisIndex"]: units.indexOf(one.unit) };
      const data = one.values.map((value, mark) => ({ value, cursor: cursor(one, mark) }));
      const own = { name: one.name, data, color: colour(one, place, look), ...axis };
      if (line) return { ...own, type: "line", symbolSize: 7, lineStyle: { width: 2 }, z: 3 };
      const corners = drawing.across ? [0, 3, 3, 0] : [3, 3, 0, 0];
      return { ...own, type: "bar", barMaxWidth: 28, barGap: "10%", itemStyle: { borderRadius: corners } };
    });
  }

  /** Everything that stands at one category, a line each. */
  function told(drawing, mark) {
    const lines = drawing.series.map((one) => (drawing.series.length > 1 ? `${one.name}  ${one.shown[mark]}` : one.shown[mark]));
    return [drawing.categories[mark], ...lines].join("\n");
  }

  function graph(drawing, look, narrow) {
    const option = { ...frame(drawing, look), ...axes(drawing, look, narrow), series: runs(drawing, look) };
    Object.assign(option.tooltip, {
      trigger: "axis", axisPointer: { type: drawing.kind === "line" ? "line" : "shadow", shadowStyle: { color: look.quiet, opacity: 0.08 } },
      formatter: (marks) => told(drawing, marks[0].dataIndex),
    });
    return option;
  }

  function pie(drawing, look, narrow) {
    const [one] = drawing.series;
    const data = one.values.map((value, mark) => ({ value, name: drawing.categories[mark], cursor: cursor(one, mark) }));
    const whole = one.values.reduce((sum, value) => sum + value, 0);
    // As the table rounds them: the library's own shares are bent until they add up to 100.
    const share = (mark) => `${whole ? ((100 * mark.value) / whole).toFixed(1) : "0.0"}%`;
    const option = frame(drawing, look);
    Object.assign(option.legend, { show: true, type: "scroll", orient: narrow ? "horizontal" : "vertical", formatter: (name) => shorten(name, 14), pageTextStyle: { color: look.quiet }, pageIconColor: look.quiet, pageIconInactiveColor: look.axis });
    option.tooltip.formatter = (mark) => `${mark.name}\n${one.shown[mark.dataIndex]}  ${share(mark)}`;
    option.series = [{
      type: "pie", radius: ["45%", "72%"], center: narrow ? ["50%", "58%"] : ["60%", "50%"], data,
      itemStyle: { borderColor: look.surface, borderWidth: 2 }, label: { show: !narrow, color: look.quiet, formatter: share }, labelLine: { lineStyle: { color: look.axis } },
    }];
    return option;
  }

  /** Stages as centred bars, each as wide as its value. */
  function funnel(drawing, look) {
    const [one] = drawing.series;
    const most = Math.max(...one.values, 1);
    const option = frame(drawing, look);
    const bar = { type: "bar", stack: "stage", barWidth: "72%" };
    option.grid = { left: 4, right: 12, top: 4, bottom: 4, containLabel: true };
    option.xAxis = { type: "value", show: false, max: most };
    option.yAxis = {
      type: "category", inverse: true, data: drawing.categories, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: look.quiet, formatter: (name) => shorten(name, 10) },
    };
    option.legend.show = false;
    option.tooltip.formatter = (mark) => told(drawing, mark.dataIndex);
    option.series = [
      { ...bar, silent: true, itemStyle: { color: "transparent" }, data: one.values.map((value) => (most - value) / 2) },
      {
        ...bar, itemStyle: { borderRadius: 3 }, label: { show: true, position: "insideLeft", distance: 8, color: look.surface, fontWeight: 600, formatter: (mark) => (mark.value / most > 0.12 ? one.shown[mark.dataIndex] : "") },
        data: one.values.map((value, mark) => ({ value, cursor: cursor(one, mark), itemStyle: { color: look.colours[mark % look.colours.length] } })),
      },
    ];
    return option;
  }

  const KINDS = { pie, funnel };

  // --- life ---------------------------------------------------------------------------------------------------------

  const reading = (figure) => JSON.parse($("[data-drawing]", figure).textContent);

  function draw(place) {
    const drawing = reading(place.closest("[data-chart]"));
    const option = (KINDS[drawing.kind] || graph)(drawing, tokens(), place.clientWidth < 480);
    drawn.get(place).setOption(option, true);
    place.dataset.drawn = root.dataset.theme || "light";
  }

  async function begin(figure) {
    const place = $("[data-echarts]", figure);
    if (!place || place.dataset.begun) return;
    place.dataset.begun = "1";
    const echarts = await library(place.dataset.echarts).catch(() => null);
    if (!echarts) return show(figure, "table"); // the table says the same
    if (!place.isConnected) return;
    const drawing = reading(figure);
    if (drawing.across) place.style.height = `${Math.max(160, 44 + drawing.categories.length * (drawing.series.length > 1 ? 40 : 30))}px`;
    const chart = echarts.init(place, null, { renderer: "canvas" });
    drawn.set(place, chart);
    chart.on("click", (mark) => {
      const series = drawing.kind === "funnel" ? drawing.series[0] : drawing.series[mark.seriesIndex];
      const url = series?.links[mark.dataIndex];
      if (url) location.assign(url);
    });
    draw(place);
    sizes.observe(place);
  }

  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (!target.isConnected) {
        sizes.unobserve(target);
        drawn.get(target)?.dispose();
        drawn.delete(target);
      } else if (target.clientWidth) drawn.get(target)?.resize();
    }
  });
  new MutationObserver(() => drawn.forEach((_chart, place) => draw(place))).observe(root, { attributeFilter: ["data-theme"] });

  function show(figure, as) {
    figure.classList.toggle("as-table", as === "table");
    for (const button of $$("[data-act=chart-show]", figure)) button.setAttribute("aria-pressed", String(button.dataset.as === as));
  }
  acts["chart-show"] = (button) => show(button.closest("[data-chart]"), button.dataset.as);
  acts["chart-save"] = (button) => {
    const figure = button.closest("[data-chart]");
    const chart = drawn.get($("[data-echarts]", figure));
    if (!chart) return;
    const link = document.createElement("a");
    link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: tokens().surface });
    link.download = `${reading(figure).title}.png`;
    link.click();
  };

  onReady((place) => {
    const charts = $$("[data-chart]", place);
    if (place.matches?.("[data-chart]")) charts.push(place);
    charts.forEach(begin);
  });
})();
