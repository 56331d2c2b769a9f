// Writes the TypeScript types of a schema, the content of schema/client/types.d.ts.
// Usage: node types.mjs schema.graphql

import { readFileSync } from "node:fs";
import {
  buildSchema, getNamedType, isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isListType,
  isNonNullType, isObjectType, isScalarType, isSpecifiedScalarType, isUnionType,
} from "graphql";

const schema = buildSchema(readFileSync(process.argv[2], "utf8"));
const SCALARS = { Boolean: "boolean", Float: "number", ID: "string", Int: "number", String: "string" };

const written = (type) => {
  if (isNonNullType(type)) return present(type.ofType);
  return `${present(type)} | null`;
};
const present = (type) => {
  if (isListType(type)) return `Array<${written(type.ofType)}>`;
  return SCALARS[getNamedType(type).name] ?? getNamedType(type).name;
};
const comment = (text, indent = "") => {
  if (!text) return "";
  const lines = text.trim().replaceAll("*/", "*\\/").split("\n");
  return lines.length === 1
    ? `${indent}/** ${lines[0]} */\n`
    : `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
};
const members = (fields, isOptional) => Object.values(fields)
  .map((field) => `${comment(field.description, "  ")}  ${field.name}${isOptional(field) ? "?" : ""}: ${written(field.type)};\n`)
  .join("");

const definition = (type) => {
  if (isScalarType(type)) return `export type ${type.name} = string;\n`;
  if (isEnumType(type)) {
    return `export type ${type.name} =\n${type.getValues().map(({ name }) => `  | "${name}"`).join("\n")};\n`;
  }
  if (isUnionType(type)) return `export type ${type.name} = ${type.getTypes().map(({ name }) => name).join(" | ")};\n`;
  if (isInputObjectType(type)) {
    const isOptional = (field) => !isNonNullType(field.type) || field.defaultValue !== undefined;
    return `export interface ${type.name} {\n${members(type.getFields(), isOptional)}}\n`;
  }
  const name = isObjectType(type) ? `  __typename?: "${type.name}";\n` : "";
  return isObjectType(type) || isInterfaceType(type)
    ? `export interface ${type.name} {\n${name}${members(type.getFields(), () => false)}}\n`
    : "";
};

const types = Object.values(schema.getTypeMap())
  .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
  .sort((one, other) => (one.name < other.name ? -1 : 1));
process.stdout.write("// Generated from schema/schema.graphql; do not edit. All custom scalars are strings.\n");
for (const type of types) process.stdout.write(`\n${comment(type.description)}${definition(type)}`);
