/* SPDX-License-Identifier: Apache-2.0 */
(function () {
  "use strict";
  var live = document.getElementById("live");
  var target = document.body.dataset.target;
  var EVERY = 60000;
  var waiting = null, tip = null;

  // What is open or has the focus stays so.
  function take(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("main");
    var main = document.querySelector("main");
    var focused = document.activeElement && document.activeElement.id;
    if (!fresh || fresh.innerHTML === main.innerHTML) return;
    main.querySelectorAll("details[open]").forEach(function (old) {
      var same = old.id && fresh.querySelector("#" + old.id);
      if (same) same.open = true;
    });
    hide();
    main.replaceWith(fresh);
    if (focused && document.getElementById(focused)) document.getElementById(focused).focus();
  }

  function refresh() {
    waiting = null;
    fetch(location.href, { cache: "no-cache" }).then(function (answer) {
      return answer.ok ? answer.text() : null;
    }).then(function (text) {
      if (text) take(text);
    }).catch(function () {});
  }

  // Many events at once are one refresh.
  function soon(ms) {
    if (!waiting) waiting = setTimeout(refresh, ms);
  }

  if (!new URLSearchParams(location.search).has("until")) {
    var stream = new EventSource("/v1/events");
    stream.onopen = function () { live.textContent = "live"; soon(0); };
    stream.onerror = function () { live.textContent = "not connected"; };
    stream.onmessage = function (message) {
      var event = JSON.parse(message.data);
      if (!target || event.target === target || event.vantage) soon(300);
    };
    setInterval(function () { if (!document.hidden) soon(0); }, EVERY);
  }

  function hide() {
    if (tip) tip.remove();
    tip = null;
  }

  // The title of a part, at once and beside the pointer; on a touch screen, too.
  document.addEventListener("pointerover", function (event) {
    var part = event.target.closest && event.target.closest(".picture g rect");
    var title = part && (part.querySelector("title") || { textContent: part.dataset.tip });
    hide();
    if (!title || !title.textContent) return;
    part.dataset.tip = title.textContent;
    if (title.remove) title.remove();
    tip = document.createElement("div");
    tip.className = "tip";
    tip.setAttribute("aria-hidden", "true");
    tip.textContent = part.dataset.tip;
    document.body.append(tip);
    tip.style.left = Math.max(8, Math.min(event.pageX + 12,
      document.documentElement.clientWidth - tip.offsetWidth - 8)) + "px";
    tip.style.top = event.pageY + 18 + "px";
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") hide();
  });
})();
