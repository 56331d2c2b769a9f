// Gives the schema to the generators and checkers that app developers use: relay-compiler, the Relay
// rules of graphql-eslint, graphql-codegen for TypeScript and Kotlin.
// Usage: node generators.mjs schema.graphql
// Ends with 1 if one of them rejects it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import * as kotlin from '@graphql-codegen/kotlin';
import * as typescript from '@graphql-codegen/typescript';
import graphqlPlugin from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';
import { buildSchema, isEnumType, isInputObjectType, isObjectType, parse } from 'graphql';
import { compile } from './relay.mjs';

const schemaFile = process.argv[2];
const text = readFileSync(schemaFile, 'utf8');
const types = Object.values(buildSchema(text).getTypeMap()).filter((type) => !type.name.startsWith('__'));

// Pages in both directions, of the register and below a province, as Relay reads them.
await compile(schemaFile, [
  `query caunoiListQuery($first: Int, $after: String) {
    ...caunoi_relations @arguments(first: $first, after: $after)
    province(slug: "DONG_NAI") { ...caunoi_province }
  }`,
  `fragment caunoi_relations on Query
      @argumentDefinitions(first: {type: "Int"}, after: {type: "String"}, last: {type: "Int"}, before: {type: "String"})
      @refetchable(queryName: "caunoiRelationsQuery") {
    relations(first: $first, after: $after, last: $last, before: $before) @connection(key: "caunoi_relations") {
      edges { node { id code } }
    }
  }`,
  `fragment caunoi_province on Province
      @argumentDefinitions(last: {type: "Int", defaultValue: 5}, before: {type: "String"})
      @refetchable(queryName: "caunoiProvinceQuery") {
    agreements(last: $last, before: $before) @connection(key: "caunoi_agreements") { edges { node { id title } } }
  }`,
]);

const rule = (options) => ['error', ...(options ? [options] : [])];
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    {
      files: ['**/*.graphql'],
      languageOptions: { parser: graphqlPlugin.parser, parserOptions: { graphQLConfig: { schema: text } } },
      plugins: { '@graphql-eslint': graphqlPlugin },
      rules: {
        '@graphql-eslint/relay-arguments': rule({ includeBoth: true }),
        '@graphql-eslint/relay-connection-types': rule(),
        // Groups have no id, and the hits of a search are a union.
        '@graphql-eslint/relay-edge-types': rule({ withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }),
        '@graphql-eslint/relay-page-info': rule(),
      },
    },
  ],
});
const [linted] = await eslint.lintText(text, { filePath: 'schema.graphql' });
assert.deepEqual(linted.messages.map(({ ruleId, line, message }) => `${line} ${ruleId}: ${message}`), []);

const generate = (plugin, name, filename) =>
  codegen({ schema: parse(text), documents: [], filename, config: {}, plugins: [{ [name]: {} }], pluginMap: { [name]: plugin } });
const made = {
  typescript: [await generate(typescript, 'typescript', 'types.ts'), types.filter((type) => isObjectType(type) || isInputObjectType(type) || isEnumType(type))],
  kotlin: [await generate(kotlin, 'kotlin', 'org/caunoi/Types.kt'), types.filter((type) => isInputObjectType(type) || isEnumType(type))],
};
for (const [language, [code, expected]] of Object.entries(made)) {
  const absent = expected.filter((type) => !new RegExp(`\\b${type.name}(Input)?\\b`).test(code)).map((type) => type.name);
  assert.deepEqual(absent, [], `${language} lacks types`);
}
console.log(`${types.length} types`);
