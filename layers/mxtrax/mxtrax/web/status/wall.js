// Looks again by itself, and keeps what is there where no answer comes: a screen has nobody who would press Reload.

const EVERY = 20_000;

async function look() {
  const lost = document.querySelector(".lost");
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("main")?.replaceWith(page.querySelector("main") ?? "");
    document.title = page.title;
    lost?.setAttribute("hidden", "");
  } catch {
    lost?.removeAttribute("hidden");
  }
}

setInterval(look, EVERY);
