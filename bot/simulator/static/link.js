// The end of the account link, in LINE's browser: back to the chat closes the sheet instead of opening a second phone.

if (window.parent !== window) {
  document.getElementById("back-to-chat").addEventListener("click", (event) => {
    event.preventDefault();
    window.parent.postMessage("back-to-chat", location.origin);
  });
}
