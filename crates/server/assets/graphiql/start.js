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

  const defaultTabs = examples.map(({ query, variables }) => ({
    query,
    variables: variables ? JSON.stringify(variables, null, 2) : null,
    headers: null,
  }));

  ReactDOM.createRoot(root).render(
    React.createElement(GraphiQL, {
      // Subscriptions use a WebSocket; the headers of the tab are the payload of `connection_init`.
      fetcher: GraphiQL.createFetcher({
        url: "/graphql",
        subscriptionUrl: `${location.origin.replace(/^http/, "ws")}/graphql`,
      }),
      defaultTabs: defaultTabs.length > 0 ? defaultTabs : undefined,
      defaultEditorToolsVisibility: "variables",
      // A header may contain a token, so headers are not stored.
      shouldPersistHeaders: false,
    }),
  );
})();
