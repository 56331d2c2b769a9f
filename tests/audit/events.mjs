// Listens to a running server by events with the public client (npm package graphql-sse).
// Usage: node events.mjs http://127.0.0.1:8080/graphql
// Ends with 1 where anything is not as it should be.
import assert from "node:assert/strict";
import { createClient } from "graphql-sse";

const url = process.argv[2];
if (!url) {
  console.error("usage: node events.mjs <address of the GraphQL endpoint>");
  process.exit(2);
}

const client = createClient({ url, retryAttempts: 0 });

// All answers of one operation.
const ask = async (payload) => {
  const answers = [];
  for await (const answer of client.iterate(payload)) {
    answers.push(answer);
  }
  return answers;
};

const [typename, province] = await Promise.all([
  ask({ query: "{ __typename }" }),
  ask({
    query: "query P($slug: String!) { province(slug: $slug) { slug } } query Q { __typename }",
    operationName: "P",
    variables: { slug: "DONG_NAI" },
  }),
]);
assert.deepEqual(typename, [{ data: { __typename: "Query" } }]);
assert.deepEqual(province, [{ data: { province: { slug: "DONG_NAI" } } }]);

// A document that cannot be executed is told as an answer, and the operation is complete.
for (const query of ["{", "{ nothing }", "subscription { nothing }", "subscription { changes { __typename } statistics { asOf } }"]) {
  const [answer, ...more] = await ask({ query });
  assert.equal(answer.errors[0].extensions.code, "BAD_INPUT");
  assert.deepEqual(more, []);
}

// The feed begins with a sign of life, whose cursor is a place to go on from.
const listening = client.iterate({ query: "subscription { changes { __typename ... on ChangeHeartbeat { cursor } } }" });
const { value: beat } = await listening.next();
assert.equal(beat.data.changes.__typename, "ChangeHeartbeat");
assert.ok(beat.data.changes.cursor);
await listening.return();

// A value is told at once.
const numbers = client.iterate({ query: "subscription { statistics { relations { count } } }" });
const { value: first } = await numbers.next();
assert.ok(first.data.statistics.relations.count > 0);
await numbers.return();
client.dispose();
