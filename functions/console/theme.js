// Runs before anything is drawn, so that the page does not flash in light colours for people who chose dark.
"use strict";
try {
  const chosen = localStorage.getItem("mxtrax.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Without storage, the system's colours apply.
}
