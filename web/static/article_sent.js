"use strict";
// What the server has taken needs no keeping in the browser. A page of signing in has taken nothing: it has no such script.

const sentKey = sessionStorage.getItem("article sent");
sessionStorage.removeItem("article sent");
if (sentKey && (document.querySelector(".said, .wrong") || !document.querySelector("form[data-article]"))) {
  localStorage.removeItem(sentKey);
}
