// Sends chosen files, says how far they have come, and leaves them chosen when the network fails.  Works without it too.
(() => {
  "use strict";
  const chosen = (form) => [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const megabytes = (size) => `${(size / 1e6).toFixed(1).replace(".0", "")} MB`;

  function say(form, words, isSending) {
    const told = form.querySelector("[data-told]");
    told.hidden = false;
    told.querySelector("p").textContent = words;
    told.querySelector("progress").hidden = !isSending;
    form.toggleAttribute("data-busy", isSending);
  }

  // The answer is the next page, or this page with what is wrong.
  function show(request) {
    if (new URL(request.responseURL).pathname !== location.pathname) return location.assign(request.responseURL);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    document.title = page.title;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    scrollTo(0, 0);
    document.querySelector("main [autofocus]")?.focus();
  }

  function send(form, data) {
    const bar = form.querySelector("progress");
    const request = new XMLHttpRequest();
    const failed = () => say(form, form.dataset.failed, false);
    say(form, form.dataset.sending, true);
    request.upload.onprogress = (event) => Object.assign(bar, { max: event.total, value: event.loaded });
    request.onerror = failed;
    request.onload = () => {
      if (request.status === 401) form.submit(); // the browser itself brings the sender to the sign-in
      else if (request.status >= 500) failed();
      else show(request);
    };
    request.open("POST", form.action);
    request.send(data);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-upload]") || !chosen(form).length) return;
    event.preventDefault();
    if (form.hasAttribute("data-busy")) return;
    const large = chosen(form).find((file) => file.size > Number(form.dataset.largest));
    if (!large) return send(form, new FormData(form, event.submitter));
    const words = form.dataset.tooLarge.replace("{name}", large.name).replace("{size}", megabytes(large.size));
    say(form, words, false);
  });
})();
