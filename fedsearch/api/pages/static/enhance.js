// Small comforts that the pages do without: copying a strategy, and narrow-screen folds opened on a wide screen in older browsers.
"use strict";

function offerCopying(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = text.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = text.dataset.copied;
  });
  button.setAttribute("aria-live", "polite");
  text.after(button);
}

if (navigator.clipboard) {
  document.querySelectorAll("pre[data-copy]").forEach(offerCopying);
}
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 60rem)").matches) {
  document.querySelectorAll("details.facets, details.options").forEach((fold) => { fold.open = true; });
}
