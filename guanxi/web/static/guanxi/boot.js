// Runs before the first paint: theme, density and sidebar as this person left them in this browser.
(() => {
  const root = document.documentElement;
  const kept = (name) => (document.cookie.match(new RegExp(`(?:^|; )${root.dataset.cookies}guanxi_${name}=([a-z]+)`)) || [])[1];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const wish = kept("theme") || root.dataset.wish || "system";
    root.dataset.theme = wish === "system" ? (dark.matches ? "dark" : "light") : wish;
    root.dataset.wish = wish;
  };
  root.classList.add("js");
  for (const name of ["density", "side"]) if (kept(name)) root.dataset[name] = kept(name);
  paint();
  dark.addEventListener("change", paint);
  addEventListener("guanxi:theme", paint);
})();
