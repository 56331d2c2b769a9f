// The served schema as graphql-js sees it. Its custom scalars take strings only, as ours do; the text itself is
// checked by resolvers.

import { readFileSync } from 'node:fs';
import { GraphQLError, Kind, buildSchema, isScalarType, specifiedScalarTypes } from 'graphql';

export function readSchema(file) {
  const schema = buildSchema(readFileSync(file, 'utf8'));
  const specified = new Set(specifiedScalarTypes.map((type) => type.name));
  for (const type of Object.values(schema.getTypeMap())) {
    if (isScalarType(type) && !specified.has(type.name)) {
      type.parseValue = (value) => {
        if (typeof value === 'string') return value;
        throw new GraphQLError(`${type.name} is text`);
      };
      type.parseLiteral = (node) => {
        if (node.kind === Kind.STRING) return node.value;
        throw new GraphQLError(`${type.name} is text`);
      };
    }
  }
  return schema;
}
