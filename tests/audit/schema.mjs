// The served schema and the rules of the specification as graphql-js has them. Custom scalars take strings only, as
// ours do; the text itself is checked by resolvers.

import { readFileSync } from 'node:fs';
import {
  GraphQLError, Kind, VariablesInAllowedPositionRule, buildSchema, getNamedType, isInputObjectType, isScalarType,
  specifiedRules, specifiedScalarTypes, visitInParallel,
} from 'graphql';

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

// The rule of graphql-js overlooks a nullable variable in a @oneOf object whose own type is non-null (`by: EntryBy!`)
// or in a list, which the specification refuses (5.8.5, "All Variable Usages Are Allowed").
function AllVariablesInAllowedPositionRule(context) {
  const definitions = new Map();
  return visitInParallel([
    VariablesInAllowedPositionRule(context),
    {
      VariableDefinition: (node) => void definitions.set(node.variable.name.value, node),
      OperationDefinition: {
        enter: () => definitions.clear(),
        leave(operation) {
          for (const { node, type, parentType } of context.getRecursiveVariableUsages(operation)) {
            // A variable in the place of the whole object has its type.
            const object = getNamedType(parentType) !== getNamedType(type) && getNamedType(parentType);
            const definition = definitions.get(node.name.value);
            const isNullable = definition && definition.type.kind !== Kind.NON_NULL_TYPE;
            if (isNullable && isInputObjectType(object) && object.isOneOf) {
              context.reportError(new GraphQLError(`$${node.name.value} is nullable in ${object.name}`));
            }
          }
        },
      },
    },
  ]);
}

// All rules by name, without those that only limit introspection.
export const rules = new Map(
  specifiedRules
    .map((rule) => [rule.name.replace(/Rule$/, ''), rule])
    .filter(([name]) => !name.startsWith('MaxIntrospection'))
    .map(([name, rule]) => [name, rule === VariablesInAllowedPositionRule ? AllVariablesInAllowedPositionRule : rule]),
);
