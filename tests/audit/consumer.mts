// Compiles against the types of schema/client: the clients fit, and messages are discriminated.
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import { type FeedMessage, followChanges } from "./caunoi-client/index.js";
import type { Agreement, ChangeFilter } from "./caunoi-client/types.js";

const filter: ChangeFilter = { country: { in: ["JP"] } };
const clients = [createSseClient({ url: "/graphql" }), createWsClient({ url: "/graphql" })];
for (const client of clients) {
  for await (const message of followChanges(client, { filter })) {
    const cursor: string = message.cursor;
    const code: string = message.__typename === "Change" ? message.code : cursor;
    console.log(code);
  }
}
// @ts-expect-error a heartbeat has no code
export const codeOf = (message: FeedMessage): string => message.code;
export const titleOf = (agreement: Agreement): string => agreement.title;
