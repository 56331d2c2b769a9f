// Follows the feed of a running server with the package schema/client and prints one JSON line per message.
// Usage: node client.mjs FOLDER_OF_THE_PACKAGE http://127.0.0.1:8080/graphql | ws://127.0.0.1:8080/graphql
import { pathToFileURL } from "node:url";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import WebSocket from "ws";

const [folder, url] = process.argv.slice(2);
const { FeedError, followChanges } = await import(pathToFileURL(`${folder}/index.js`));

const client = url.startsWith("ws")
  ? createWsClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 })
  : createSseClient({ url, retryAttempts: 0 });

// A refused request is not repeated.
const refusal = await followChanges(client, { filter: { province: { in: ["NOWHERE"] } } }).next().catch((error) => error);
const errors = refusal instanceof FeedError ? refusal.errors : refusal;
console.log(JSON.stringify({ refused: errors[0]?.extensions?.code }));

const filter = { province: { in: ["NGHE_AN"] } };
for await (const message of followChanges(client, { filter, delayMs: () => 10 })) {
  console.log(JSON.stringify(message));
}
