"use strict";

// Opens GraphiQL on this server, with the saved examples as tabs. Tabs that a user has changed
// are stored by the browser and override the examples.
(async () => {
  const root = document.getElementById("graphiql");
  let examples = [];
  try {
    const response = await fetch("/assets/examples.json");
    if (response.ok) {
      examples = await response.json();
    }
  } catch {
    // Without examples the page still works: it opens with one empty tab.
  }

  const pretty = (value) => (value ? JSON.stringify(value, null, 2) : null);
  const defaultTabs = examples.map(({ query, variables, headers }) => ({
    query,
    variables: pretty(variables),
    headers: pretty(headers),
  }));

  // Tokens by the name of their line in sample-tokens.txt, kept in this page only. The server never
  // sends tokens: whoever reaches the page would get them.
  const tokens = new Map();

  // Replaces the placeholder `Bearer <publisher:DONG_NAI>` by the token that the user pastes.
  function fillToken(headers = {}) {
    const name = /^Bearer <(.+)>$/.exec(headers.Authorization ?? "")?.[1];
    if (!name) {
      return { headers };
    }
    if (!tokens.has(name)) {
      const prompt = `Dòng / line "${name}" – caunoi-data/sample-tokens.txt:`;
      // The whole line may be pasted: a token contains no "=".
      const token = (window.prompt(prompt) ?? "").trim().replace(/^.*=/, "");
      if (!token) {
        return { headers };
      }
      tokens.set(name, token);
    }
    return { name, headers: { ...headers, Authorization: `Bearer ${tokens.get(name)}` } };
  }

  // Subscriptions use a WebSocket; the headers of the tab are the payload of `connection_init`.
  const fetcher = GraphiQL.createFetcher({
    url: "/graphql",
    subscriptionUrl: `${location.origin.replace(/^http/, "ws")}/graphql`,
  });

  async function fetchWithToken(params, options = {}) {
    const { name, headers } = fillToken(options.headers);
    const result = await fetcher(params, { ...options, headers });
    // A wrong or expired token is asked for again.
    if (result?.errors?.some((error) => error.extensions?.code === "UNAUTHENTICATED")) {
      tokens.delete(name);
    }
    return result;
  }

  ReactDOM.createRoot(root).render(
    React.createElement(GraphiQL, {
      fetcher: fetchWithToken,
      defaultTabs: defaultTabs.length > 0 ? defaultTabs : undefined,
      defaultEditorToolsVisibility: "variables",
      // A header may contain a token, so headers are not stored.
      shouldPersistHeaders: false,
    }),
  );

  // Wraps long lines, so that no line is cut at the edge of an editor.
  new MutationObserver(() => {
    for (const { CodeMirror: editor } of root.querySelectorAll(".CodeMirror")) {
      if (editor && !editor.getOption("lineWrapping")) {
        editor.setOption("lineWrapping", true);
      }
    }
  }).observe(root, { childList: true, subtree: true });
})();
