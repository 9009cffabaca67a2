// Counts down the time left of the session that the page names; without it the page still says until when.
const left = document.querySelector("[data-seconds-left]");
const warning = document.querySelector("[data-warning]");
const WARN_MINUTES = 5;

if (left && warning) {
  const minutes = left.querySelector("[data-minutes]");
  let end = Date.now() + Number(left.dataset.secondsLeft) * 1000;

  const show = () => {
    const now = Math.max(0, Math.ceil((end - Date.now()) / 60000));
    minutes.textContent = String(now);
    if (now > WARN_MINUTES) return;
    const words = now === 0 ? warning.dataset.over : warning.dataset.soon;
    warning.hidden = false;
    if (warning.textContent !== words) warning.textContent = words;
  };

  setInterval(show, 5000);
  document.addEventListener("visibilitychange", show);
  document.addEventListener("desk:used", () => {
    end = Date.now() + Number(left.dataset.secondsLeft) * 1000;
    const until = new Date(end).toLocaleTimeString("zh-TW", { timeZone: "Asia/Taipei", hour: "2-digit", minute: "2-digit", hour12: false });
    left.querySelector("time").textContent = until;
    warning.hidden = true;
    show();
  });
}
