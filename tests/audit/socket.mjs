// Asks a running server over a WebSocket with the public client (npm package graphql-ws).
// Usage: node socket.mjs ws://127.0.0.1:8080/graphql
// Ends with 1 where anything is not as it should be.
import assert from "node:assert/strict";
import { CloseCode, createClient } from "graphql-ws";
import WebSocket from "ws";

const url = process.argv[2];
if (!url) {
  console.error("usage: node socket.mjs <address of the GraphQL endpoint, with ws:>");
  process.exit(2);
}

const client = (options = {}) => createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options });

// All answers of one operation; rejects with what the client's sink is told as an error.
const ask = async (asked, payload) => {
  const answers = [];
  for await (const answer of asked.iterate(payload)) {
    answers.push(answer);
  }
  return answers;
};

// One socket, several operations at once.
const one = client({ lazy: false });
const [typename, province] = await Promise.all([
  ask(one, { query: "{ __typename }" }),
  ask(one, {
    query: "query P($slug: String!) { province(slug: $slug) { slug } } query Q { __typename }",
    operationName: "P",
    variables: { slug: "DONG_NAI" },
  }),
]);
assert.deepEqual(typename, [{ data: { __typename: "Query" } }]);
assert.deepEqual(province, [{ data: { province: { slug: "DONG_NAI" } } }]);

// A document that cannot be executed is an `error` message, which leaves the socket open.
for (const query of ["{", "{ nothing }", "subscription { nothing }"]) {
  await assert.rejects(ask(one, { query }), (errors) => {
    assert.equal(errors[0].extensions.code, "BAD_INPUT");
    return true;
  });
}
assert.deepEqual(await ask(one, { query: "{ __typename }" }), typename);

// The client's own pings are answered.
await new Promise((resolve) => {
  const pinging = client({ lazy: false, keepAlive: 10, on: { pong: (received) => received && resolve(pinging.dispose()) } });
});

// A token that is not even a text is refused.
await assert.rejects(ask(client({ connectionParams: { Authorization: 1 } }), { query: "{ __typename }" }), (close) => {
  assert.equal(close.code, CloseCode.Forbidden);
  return true;
});

await one.dispose();
