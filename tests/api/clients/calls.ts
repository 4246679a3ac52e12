// Twelve calls by openapi-fetch, with the types that openapi-typescript makes: `node calls.ts URL`.

import createClient from "openapi-fetch";
import type { paths } from "./api.js";

const client = createClient<paths>({
  baseUrl: process.argv[2] ?? "",
  headers: { Authorization: "Bearer x" },
});
const number = 1;
const days = { from: "2025-11-22", to: "2025-11-22" };

const added = await client.POST("/api/v3/customers", { body: { codename: "beta", friendlyname: "Beta" } });
const missing = await client.GET("/api/v3/maildomains/{number}", { params: { path: { number: 99_999 } } });
const overview = await client.GET("/api/v3/overview", { params: { query: { limit: 1 } } });
const domains = await client.GET("/api/v3/maildomains");
const domain = await client.GET("/api/v3/maildomains/{number}", { params: { path: { number } } });
const tests = await client.GET("/api/v3/maildomains/{number}/mailtests", { params: { path: { number } } });
const stats = await client.GET("/api/v3/maildomains/{number}/stats", { params: { path: { number }, query: days } });
const fleet = await client.GET("/api/v3/stats", { params: { query: days } });
const incidents = await client.GET("/api/v3/incidents");
const config = await client.GET("/api/v3/config");
const health = await client.GET("/health");
const changed = await client.PATCH("/api/v3/customers/{codename}", {
  params: { path: { codename: "beta" } },
  body: { friendlyname: "Beta Ltd" },
});
const mailbox = await client.POST("/api/v3/maildomains", { body: { testuser: "user", domainname: "new.example" } });

console.log(
  JSON.stringify({
    overview: overview.data?.counts.total,
    domains: domains.data?.items.map((it) => it.domainname),
    domain: domain.data?.address,
    tests: tests.data?.items.map((it) => it.verdict),
    days: stats.data?.days[0]?.day,
    fleet: fleet.data?.total.ontime_num,
    incidents: incidents.data?.items[0]?.id,
    config: config.data?.maxreturntime,
    health: health.data?.status,
    customer: [added.data?.codename, changed.data?.version],
    mailbox: mailbox.data?.address,
    missing: missing.error && "detail" in missing.error ? ["Problem", missing.error.status] : [],
  }),
);
