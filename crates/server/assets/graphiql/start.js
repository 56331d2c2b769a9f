"use strict";

// Opens GraphiQL on this server, with the saved examples as tabs. Tabs that a reader has changed
// are kept by the browser and win over the examples.
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
      // Subscriptions go over a socket; the headers of the tab are the payload of its first message.
      fetcher: GraphiQL.createFetcher({
        url: "/graphql",
        subscriptionUrl: `${location.origin.replace(/^http/, "ws")}/graphql`,
      }),
      defaultTabs: defaultTabs.length > 0 ? defaultTabs : undefined,
      defaultEditorToolsVisibility: "variables",
      // A header may hold a token: it is not written to the disk.
      shouldPersistHeaders: false,
    }),
  );
})();
