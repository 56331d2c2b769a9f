// Follows the feed of changes over a client of graphql-sse or graphql-ws, and resumes after the last cursor.

/** The document of `followChanges`, the same as ../operations/follow-changes.graphql. */
export const FOLLOW_CHANGES = `subscription FollowChanges($after: Cursor, $filter: ChangeFilter) {
  changes(after: $after, filter: $filter) {
    __typename
    ... on Change { cursor position at operation movement entryType code entryId version changedFields }
    ... on ChangeHeartbeat { cursor at }
    ... on ChangeGap { cursor reason }
  }
}`;

/** Close codes of graphql-transport-ws after which the same request fails again. */
const FINAL_CLOSE_CODES = new Set([4004, 4005, 4400, 4401, 4403, 4406, 4409, 4429]);
const MAX_DELAY_MS = 30_000;

/** The errors of a response that has no data. */
export class FeedError extends Error {
  constructor(errors) {
    super(errors[0]?.message ?? "The subscription failed.");
    this.name = "FeedError";
    this.errors = errors;
  }
}

/**
 * Yields the messages of the feed after a cursor. After a lost connection it subscribes again after the last
 * cursor, so that no change is missed or repeated.
 */
export async function* followChanges(client, options = {}) {
  const { filter, document = FOLLOW_CHANGES, signal, delayMs = backoff } = options;
  let { after } = options;
  let failures = 0;
  while (!signal?.aborted) {
    const responses = client.iterate({ query: document, variables: { after, filter } });
    const stop = () => void responses.return?.();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      for await (const { data, errors } of responses) {
        if (!data?.changes) throw new FeedError(errors ?? []);
        failures = 0;
        after = data.changes.cursor;
        yield data.changes;
      }
    } catch (error) {
      if (isFinal(error)) throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
      stop();
    }
    failures += 1;
    await sleep(delayMs(failures), signal);
  }
}

/** Whether the same request would fail again. */
function isFinal(error) {
  const errors = error instanceof FeedError ? error.errors : error;
  if (Array.isArray(errors)) return !errors.some((one) => one?.extensions?.retryable === true);
  const status = error?.response?.status;
  if (status) return status >= 400 && status < 500 && status !== 408 && status !== 429;
  return FINAL_CLOSE_CODES.has(error?.code);
}

/** 1 s, 2 s, 4 s … 30 s, with jitter, so that clients of one server do not return at once. */
function backoff(failures) {
  const most = Math.min(1_000 * 2 ** (failures - 1), MAX_DELAY_MS);
  return most * (0.5 + Math.random() / 2);
}

function sleep(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener("abort", wake, { once: true });
  });
}
