// Asks a running server questions about two days with the normalising caches of Apollo Client,
// Relay and urql, and asserts that each cache then gives for each question and day the answer that
// the server gave.
// Usage: node caches.mjs http://127.0.0.1:8080/graphql schema.graphql
// Ends with 1 where an answer differs.

import assert from 'node:assert/strict';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { parse } from 'graphql';
import relay from 'relay-runtime';
import { compile } from './relay.mjs';

const [url, schemaFile] = process.argv.slice(2);

const days = [{ day: '2010-06-30' }, { day: '2025-06-30' }, { day: '2026-11-01' }];
const questions = {
  caunoiRelationsQuery: [
    `query caunoiRelationsQuery($day: LocalDate) {
      relations(filter: { unit: { in: ["BINH_DUONG"] } }, first: 3, asOf: $day) {
        totalCount { value }
        nodes {
          id code tier status then: status(asOf: $day)
          province { id name kind(asOf: $day) agreements(asOf: $day, first: 2) { totalCount { value } nodes { id status(asOf: $day) } } }
          originUnit { id name(asOf: $day) code(asOf: $day) validTo }
          partnerLocality { id name country { id name } }
          established { edtf }
        }
      }
      agreements(orderBy: [{ by: SIGNED_ON, direction: ASC }], first: 40, asOf: $day) {
        nodes { id code status then: status(asOf: $day) expires { edtf } }
      }
      units(asOf: $day) { id name(asOf: $day) kind(asOf: $day) current: name }
    }`,
    days,
  ],
  caunoiCountsQuery: [
    `query caunoiCountsQuery($day: LocalDate, $boundaries: Boundaries) {
      statistics(asOf: $day, boundaries: $boundaries) {
        asOf boundaries
        agreements {
          count inForce
          provinces: distinct(of: PROVINCE)
          groups(by: [{ key: PROVINCE }], first: 3) {
            nodes { keys { label node { __typename id ... on AdminUnit { name slug } ... on Province { name slug } } } aggregate { count inForce } }
          }
        }
        expiring(first: 3) { nodes { id code status(asOf: $day) expires(asOf: $day) { edtf } } }
      }
    }`,
    [
      { day: '2025-06-30', boundaries: 'AT_THE_TIME' },
      { day: '2025-06-30', boundaries: 'TODAY' },
      { day: '2010-06-30', boundaries: 'TODAY' },
    ],
  ],
  caunoiFiguresQuery: [
    `query caunoiFiguresQuery($day: LocalDate) {
      figures(filter: { unit: { in: ["DONG_NAI"] }, indicator: { in: ["total_agreements", "agreements_in_effect"] } }, asOf: $day) {
        nodes { id indicator { id name } quantity { value qualifier } asOf { edtf } quote computed { value } gap }
      }
    }`,
    days,
  ],
};

const ask = async (query, variables) => {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
};

// An answer without the fields that clients add.
const plain = (value) => {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).filter(([name]) => !name.startsWith('__'));
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]));
};

const apollo = () => {
  const client = new ApolloClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: url }) });
  const query = (text, variables, fetchPolicy) => client.query({ query: parse(text), variables, fetchPolicy });
  return {
    fetch: (_, text, variables) => query(text, variables, 'network-only'),
    read: async (_, text, variables) => (await query(text, variables, 'cache-only')).data,
  };
};

const urql = () => {
  const cache = cacheExchange({ logger: () => {} });
  const client = new Client({ url, exchanges: [cache, fetchExchange], preferGetMethod: false });
  const query = (text, variables, requestPolicy) => client.query(text, variables, { requestPolicy }).toPromise();
  return {
    fetch: (_, text, variables) => query(text, variables, 'network-only'),
    read: async (_, text, variables) => (await query(text, variables, 'cache-only')).data,
  };
};

const relayRuntime = async () => {
  const { Environment, Network, RecordSource, Store, createOperationDescriptor } = relay;
  const operations = await compile(schemaFile, Object.values(questions).map(([text]) => text));
  const network = Network.create(async () => assert.fail('the payload is committed'));
  const environment = new Environment({ network, store: new Store(new RecordSource(), { gcReleaseBufferSize: 100 }) });
  const descriptor = (name, variables) => createOperationDescriptor(operations[name], variables);
  return {
    fetch: async (name, _, variables) => {
      const operation = descriptor(name, variables);
      environment.retain(operation);
      environment.commitPayload(operation, await ask(operations[name].params.text, variables));
    },
    read: async (name, _, variables) => environment.lookup(descriptor(name, variables).fragment).data,
  };
};

const clients = { 'Apollo Client': apollo(), urql: urql(), Relay: await relayRuntime() };
let answers = 0;
for (const [client, { fetch: load, read }] of Object.entries(clients)) {
  const expected = [];
  for (const [name, [text, sets]] of Object.entries(questions)) {
    for (const variables of sets) {
      await load(name, text, variables);
      expected.push([name, text, variables, plain(await ask(text, variables))]);
    }
  }
  for (const [name, text, variables, answer] of expected) {
    const cached = await read(name, text, variables);
    assert.deepEqual(plain(cached), answer, `${client}: ${name} ${JSON.stringify(variables)}`);
    answers += 1;
  }
  // The answers differ between days, so a cache that mixed them would be seen.
  assert.ok(new Set(expected.map(([, , , answer]) => JSON.stringify(answer))).size > 6);
}
console.log(`${answers} answers of ${Object.keys(clients).length} caches`);
