// Runs the server audits of the graphql-http package (GraphQL over HTTP) against a running server.
// Usage: node audit.mjs http://127.0.0.1:8080/graphql
// Ends with 1 on any error, and unless the other findings are exactly EARLIER_DRAFT.
import { serverAudits } from "graphql-http";

// Audits of an earlier draft, which recommended 400; the draft of August 2026 recommends 422 for a missing
// `query` and variables that do not fit. 74FF, about a document that does not validate, is no finding: its
// document has a name that begins with a digit, which is a syntax error (400 in both drafts).
const EARLIER_DRAFT = ["423L", "86EE"];

const url = process.argv[2];
if (!url) {
  console.error("usage: node audit.mjs <address of the GraphQL endpoint>");
  process.exit(2);
}

const counts = { ok: 0, notice: 0, warn: 0, error: 0 };
const findings = [];
for (const audit of serverAudits({ url })) {
  let result;
  try {
    result = await audit.fn();
  } catch (fault) {
    // An audit throws only when the server cannot be reached at all.
    result = { id: audit.id, name: audit.name, status: "error", reason: String(fault.cause ?? fault) };
  }
  counts[result.status] += 1;
  if (result.status !== "ok") {
    findings.push(result.id);
    console.log(`${result.status}: ${result.id} ${result.name}: ${result.reason}`);
  }
}

console.log(`${counts.ok} ok, ${counts.notice} notice, ${counts.warn} warn, ${counts.error} error`);
process.exitCode = counts.error > 0 || findings.sort().join() !== EARLIER_DRAFT.join() ? 1 : 0;
