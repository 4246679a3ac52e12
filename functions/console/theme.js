// Before anything is drawn, so that nobody who chose dark is blinded first.
"use strict";
try {
  const chosen = localStorage.getItem("mxtrax.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is switched off: the system's choice holds.
}
