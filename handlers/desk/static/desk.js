// Counts down the time left of the session that the page names. It is the server's: how late it is here is never asked,
// only how much time went by, by the longer of two measures, for one stands still while the machine sleeps.
const left = document.querySelector("[data-seconds-left]");
const warning = document.querySelector("[data-warning]");
const WARN_MINUTES = 5;

if (left && warning) {
  const minutes = left.querySelector("[data-minutes]");
  const given = Number(left.dataset.secondsLeft) * 1000;
  let since = { clock: Date.now(), steady: performance.now() };

  const show = () => {
    const gone = Math.max(Date.now() - since.clock, performance.now() - since.steady);
    const now = Math.max(0, Math.ceil((given - gone) / 60000));
    minutes.textContent = String(now);
    if (now > WARN_MINUTES) return;
    const words = now === 0 ? warning.dataset.over : warning.dataset.soon;
    warning.hidden = false;
    if (warning.textContent !== words) warning.textContent = words;
  };

  setInterval(show, 5000);
  document.addEventListener("visibilitychange", show);
  document.addEventListener("desk:used", () => {
    since = { clock: Date.now(), steady: performance.now() };
    warning.hidden = true;
    show();
  });
}
