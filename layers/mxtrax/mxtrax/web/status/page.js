// Times of the public page by the reader's clock; without a script they stand in UTC.

const clock = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
});

for (const time of document.querySelectorAll("time")) time.textContent = clock.format(new Date(time.dateTime));
