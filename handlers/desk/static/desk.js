// Counts down the time left of the session that the page names. It is the server's: how late it is here is never asked,
// only how much time went by, by the longer of two measures, for one stands still while the machine sleeps.
// 延長, and typing, are a use of the session that leaves the page as it is: what is typed in it stays.
const SETTLING = 800; // ms in which a page takes no decision: the second of two clicks was meant for the one before it
const shown = performance.now();
addEventListener("submit", (event) => {
  if (event.target.matches("[data-decides]") && performance.now() - shown < SETTLING) event.preventDefault();
});

const left = document.querySelector("[data-seconds-left]");
const warning = document.querySelector("[data-warning]");
const renewal = document.querySelector("[data-renewal]");
const WARN_MINUTES = 5;
const EVERY = 5000; // ms
const TYPED_FOR = 5 * 60000; // ms since the last use, after which typing is told as one

if (left && warning) {
  const minutes = left.querySelector("[data-minutes]");
  const given = Number(left.dataset.secondsLeft) * 1000;
  let since = { clock: Date.now(), steady: performance.now() };

  const gone = () => Math.max(Date.now() - since.clock, performance.now() - since.steady);
  const say = (words) => {
    warning.hidden = !words;
    if (words && warning.textContent !== words) warning.textContent = words;
  };
  const show = () => {
    const now = Math.max(0, Math.ceil((given - gone()) / 60000));
    minutes.textContent = String(now);
    say(now > WARN_MINUTES ? "" : now === 0 ? warning.dataset.over : warning.dataset.soon);
  };

  let ticking = setInterval(show, EVERY);
  document.addEventListener("visibilitychange", show);
  document.addEventListener("desk:used", () => {
    since = { clock: Date.now(), steady: performance.now() };
    show();
  });

  let is_asking = false;
  const renew = async () => {
    if (is_asking) return null;
    is_asking = true;
    const body = new FormData(renewal);
    body.set("stay", "1");
    const answer = await fetch(renewal.action, { method: "POST", body }).catch(() => null);
    is_asking = false;
    if (answer?.ok) document.dispatchEvent(new Event("desk:used"));
    if (answer?.status === 401) {
      since = { clock: Number.NEGATIVE_INFINITY, steady: 0 };
      show();
    }
    return answer;
  };

  renewal?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await renew();
    clearInterval(ticking); // what is said now stands for as long
    ticking = setInterval(show, EVERY);
    if (answer?.ok) say(warning.dataset.renewed);
    else if (answer?.status !== 401) say(warning.dataset.failed);
  });
  document.addEventListener("input", (event) => {
    if (renewal && event.target.form?.method === "post" && gone() > TYPED_FOR && gone() < given) renew();
  });
}
