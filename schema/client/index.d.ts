import type { Change, ChangeFilter, ChangeGap, ChangeHeartbeat } from "./types.js";

/** A message of the document `FOLLOW_CHANGES`. */
export type FeedMessage =
  | ({ __typename: "Change" } & Pick<
      Change,
      | "cursor"
      | "position"
      | "at"
      | "operation"
      | "movement"
      | "entryType"
      | "code"
      | "entryId"
      | "version"
      | "changedFields"
    >)
  | ({ __typename: "ChangeHeartbeat" } & Pick<ChangeHeartbeat, "cursor" | "at">)
  | ({ __typename: "ChangeGap" } & Pick<ChangeGap, "cursor" | "reason">);

/** The part of a client of graphql-sse or graphql-ws that is used. Create it with `retryAttempts: 0`. */
export interface SubscriptionClient {
  iterate(request: { query: string; variables?: Record<string, unknown> }): AsyncIterable<{
    data?: unknown;
    errors?: unknown;
  }>;
}

export interface FollowOptions {
  /** The cursor after which to begin; by default now. Store the cursor of each message that is processed. */
  after?: string;
  filter?: ChangeFilter;
  /** Another subscription with `changes(after: $after, filter: $filter) { … on all types { cursor } }`. */
  document?: string;
  /** Ends the iteration. */
  signal?: AbortSignal;
  /** The delay before the next attempt, by the number of failures in a row. */
  delayMs?: (failures: number) => number;
}

export declare const FOLLOW_CHANGES: string;

/** The errors of a response without data, such as BAD_INPUT for an unknown word in the filter. */
export declare class FeedError extends Error {
  readonly errors: ReadonlyArray<{ message: string; extensions?: Record<string, unknown> }>;
}

/**
 * Yields the messages of the feed. After a lost connection it continues after the last cursor. Throws if the
 * request is refused, since a repetition would be refused too.
 */
export declare function followChanges<Message extends { cursor: string } = FeedMessage>(
  client: SubscriptionClient,
  options?: FollowOptions,
): AsyncGenerator<Message, void, void>;
