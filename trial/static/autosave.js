// Tells when an answer could not be saved at once; htmx does the saving, and "Next" saves in any case.
"use strict";
document.addEventListener("htmx:beforeRequest", () => tell(""));
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, () => tell(document.getElementById("saved").dataset.failed));
}
function tell(words) {
  document.getElementById("saved").textContent = words;
}
