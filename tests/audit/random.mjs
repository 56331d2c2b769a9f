// Prints random documents with random variables, and what graphql-js says of them, a line of JSON for each:
// `document`; `variables`, a JSON text; `valid`; `coerced`, the values of the variables, or null if they are refused.
//
//   node random.mjs SCHEMA SEED COUNT

import {
  GraphQLList, GraphQLNonNull, getNamedType, getNullableType, isEnumType, isInputObjectType, isInputType,
  isInterfaceType, isLeafType, isListType, isNonNullType, isObjectType, isRequiredArgument, isRequiredInputField,
  isUnionType, parse, validate, isAbstractType,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { readSchema, rules } from './schema.mjs';

const [schemaFile, seed, count] = process.argv.slice(2);
const schema = readSchema(schemaFile);
const inputTypes = Object.values(schema.getTypeMap()).filter(isInputType);
const composites = Object.values(schema.getTypeMap()).filter(
  (type) => (isObjectType(type) || isInterfaceType(type) || isUnionType(type)) && !type.name.startsWith('__'),
);

let state = Number(seed) >>> 0;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}
const chance = (probability) => random() < probability;
const pick = (items) => items[Math.floor(random() * items.length)];

// The probability of a fault at each place; 0 in half of the documents.
let fault = 0;
const isFaulty = () => fault > 0 && chance(fault);

const strings = ['"a"', '"Huế"', '"2025"', '"\\u{1EBF}"', '"\\uD83E\\uDD1D"', '"""a \\""" b"""', '""', '"\\\\ \\""'];

// A literal of a type. `variables` collects the variables of the operation; without it the literal is constant.
function literal(type, variables, depth) {
  if (isFaulty()) return pick(['1', '1.5', '"x"', 'true', 'null', 'NO_SUCH_WORD', '[]', '{}', '[null]', '{a: 1}', '2147483648', '-1']);
  if (variables && chance(0.3)) return variable(type, variables);
  if (isNonNullType(type)) return literalOfNullable(type.ofType, variables, depth);
  return chance(0.08) ? 'null' : literalOfNullable(type, variables, depth);
}

function literalOfNullable(type, variables, depth) {
  if (isListType(type)) {
    if (chance(0.3)) return literal(type.ofType, undefined, depth + 1);
    const items = Array.from({ length: Math.floor(random() * 3) }, () => literal(type.ofType, variables, depth + 1));
    return `[${items.join(', ')}]`;
  }
  if (isInputObjectType(type)) return `{${fieldsOf(type, depth).map((field) => `${field.name}: ${literal(field.type, variables, depth + 1)}`).join(', ')}${extraField()}}`;
  if (isEnumType(type)) return pick(type.getValues()).name;
  switch (type.name) {
    case 'Int': return pick(['0', '1', '-3', '20', '2147483647', '-2147483648']);
    case 'Float': return pick(['0', '1.5', '-2e3']);
    case 'Boolean': return pick(['true', 'false']);
    case 'ID': return pick(['1', '"x"', '"RXZlbnQ6NzoxMg"']);
    default: return pick(strings);
  }
}

const extraField = () => (isFaulty() ? pick([', noSuchField: 1', ', a: 1, a: 2']) : '');

function fieldsOf(type, depth) {
  const fields = Object.values(type.getFields());
  if (type.isOneOf) return isFaulty() ? [pick(fields), pick(fields)] : [pick(fields)];
  return fields.filter((field) => (isRequiredInputField(field) ? !isFaulty() : depth < 3 && chance(0.25)));
}

function variable(type, variables) {
  const known = variables.filter((one) => String(one.type) === String(type));
  if (known.length > 0 && chance(0.5)) return `$${pick(known).name}`;
  if (isFaulty()) return pick(['$undefined', ...variables.map((one) => `$${one.name}`)]);
  let declared = type;
  if (chance(0.2)) declared = getNullableType(type);
  else if (chance(0.2) && !isNonNullType(type)) declared = new GraphQLNonNull(type);
  if (isFaulty()) declared = pick([new GraphQLList(type), getNamedType(type), pick(inputTypes), pick(composites)]);
  const name = `v${variables.length}`;
  const usesDefault = chance(isNonNullType(declared) ? 0.2 : 0.35);
  const value = usesDefault && isInputType(declared) ? literal(declared, undefined, 1) : undefined;
  variables.push({ name, type: declared, value });
  return `$${name}`;
}

function directives(context, place) {
  if (isFaulty()) return pick([' @unknown', ' @include', ' @skip(if: 1)', ' @include(if: true) @include(if: true)', ' @deprecated', ' @idempotent(key: "k")', ' @skip(unless: true)']);
  if (!chance(0.08) || place === 'root') return '';
  const value = chance(0.5) ? pick(['true', 'false']) : variable(new GraphQLNonNull(schema.getType('Boolean')), context.variables);
  return ` @${pick(['include', 'skip'])}(if: ${value})`;
}

function argumentsOf(field, context) {
  const given = [];
  for (const argument of field.args) {
    if (isRequiredArgument(argument) ? !isFaulty() : chance(0.3)) {
      given.push(`${argument.name}: ${literal(argument.type, context.variables, 0)}`);
    }
  }
  if (isFaulty()) given.push(pick(['noSuchArgument: 1', ...given]));
  return given.length > 0 ? `(${given.join(', ')})` : '';
}

function selections(type, context, depth, place) {
  const items = [];
  const length = place === 'root' && context.kind === 'subscription' && !isFaulty() ? 1 : 1 + Math.floor(random() * 3);
  for (let index = 0; index < length; index += 1) items.push(selection(type, context, depth, place));
  return `{ ${items.join(' ')} }`;
}

function selection(type, context, depth, place) {
  if (chance(isAbstractType(type) ? 0.4 : 0.1)) return fragment(type, context, depth, place);
  if (isFaulty()) return pick(['noSuchField', 'id', 'name', '__typename', 'nodes', 'code { x }']);
  const fields = isUnionType(type) ? [] : Object.values(type.getFields());
  let usable = fields.filter((field) => depth < 4 || isLeafType(getNamedType(field.type)));
  if (usable.length === 0 || (place !== 'root' && chance(0.05))) return `${alias()}__typename`;
  const field = pick(usable);
  const inner = getNamedType(field.type);
  const head = `${alias()}${field.name}${argumentsOf(field, context)}${directives(context, place)}`;
  if (isLeafType(inner)) return isFaulty() ? `${head} { x }` : head;
  return isFaulty() ? head : `${head} ${selections(inner, context, depth + 1)}`;
}

const alias = () => (chance(0.12) ? `${pick(['a', 'b', 'x', 'id'])}: ` : '');

function fragment(type, context, depth, place) {
  let on = isAbstractType(type) ? pick([type, ...schema.getPossibleTypes(type)]) : type;
  if (isObjectType(type) && chance(0.4) && type.getInterfaces().length > 0) on = pick(type.getInterfaces());
  if (isFaulty()) on = pick([...composites, { name: 'NoSuchType' }, schema.getType('Int')]);
  const isComposite = composites.includes(on);
  const inner = () => (isComposite ? selections(on, context, depth + 1, place) : '{ id }');
  if (chance(0.6)) {
    const condition = on === type && chance(0.3) ? '' : ` on ${on.name}`;
    return `...${condition}${directives(context, place)} ${inner()}`;
  }
  if (isFaulty()) return pick(['...NoSuchFragment', ...context.fragments.map((one) => `...${one.name}`)]);
  const known = context.fragments.filter((one) => one.on === on.name && one.text);
  if (known.length > 0 && chance(0.4)) return `...${pick(known).name}`;
  const name = `F${context.fragments.length}`;
  const own = { name, on: on.name, text: '' };
  context.fragments.push(own);
  own.text = `fragment ${name} on ${on.name} ${inner()}`;
  return `...${name}${directives(context, place)}`;
}

function operation(kind, name, fragments) {
  const context = { kind, variables: [], fragments };
  const root = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() }[kind];
  const text = selections(root, context, 0, 'root');
  const defined = context.variables.filter(() => !isFaulty());
  if (isFaulty()) defined.push({ name: 'unused', type: schema.getType('Int') });
  if (isFaulty() && defined.length > 0) defined.push(pick(defined));
  const definitions = defined.map((one) => `$${one.name}: ${one.type}${one.value === undefined ? '' : ` = ${one.value}`}`);
  const description = chance(0.1) ? '"A description." ' : '';
  const head = definitions.length > 0 ? `(${definitions.join(', ')})` : '';
  return { text: `${description}${kind}${name ? ` ${name}` : ''}${head} ${text}`, variables: context.variables };
}

// A JSON text for a variable of a type.
function json(type, depth) {
  if (isFaulty()) return pick(['1', '1.5', '"x"', 'true', 'null', '[]', '{}', '[null]', '{"a": 1}', '2147483648', '1e300']);
  if (isNonNullType(type)) return jsonOfNullable(type.ofType, depth);
  return chance(0.1) ? 'null' : jsonOfNullable(type, depth);
}

function jsonOfNullable(type, depth) {
  if (isListType(type)) {
    if (chance(0.3)) return json(type.ofType, depth + 1);
    return `[${Array.from({ length: Math.floor(random() * 3) }, () => json(type.ofType, depth + 1)).join(', ')}]`;
  }
  if (isInputObjectType(type)) {
    const unknown = isFaulty() ? ['"noSuchField": 1'] : [];
    return `{${[...fieldsOf(type, depth).map((field) => `${JSON.stringify(field.name)}: ${json(field.type, depth + 1)}`), ...unknown].join(', ')}}`;
  }
  if (isEnumType(type)) return JSON.stringify(pick(type.getValues()).name);
  switch (type.name) {
    case 'Int': return pick(['0', '1', '-3', '2.0', '1e2', '2147483647', '-2147483648']);
    case 'Float': return pick(['0', '1.5', '-2e3']);
    case 'Boolean': return pick(['true', 'false']);
    case 'ID': return pick(['1', '7.0', '"x"']);
    default: return pick(['"a"', '"Hu\\u1ebf"', '"2025"', '""']);
  }
}

function sample() {
  fault = chance(0.5) ? 0 : pick([0.01, 0.03, 0.1]);
  const kind = pick(['query', 'query', 'query', 'query', 'mutation', 'subscription']);
  const fragments = [];
  const isNamed = chance(0.5);
  const main = operation(kind, isNamed ? 'A' : '', fragments);
  const parts = [main.text, ...fragments.map((one) => one.text)];
  if (isFaulty()) parts.push(pick([parts[0], parts[parts.length - 1], 'fragment Unused on Query { __typename }', 'type T { a: Int }', 'query B { provinces { slug } }', '{ provinces { slug } }']));
  const values = main.variables.filter((one) => isInputType(one.type) && chance(0.8));
  const variables = `{${values.map((one) => `${JSON.stringify(one.name)}: ${json(one.type, 0)}`).join(', ')}}`;
  return { document: parts.join(' '), variables };
}

for (let index = 0; index < Number(count); index += 1) {
  const { document, variables } = sample();
  let parsed;
  let valid = false;
  let coerced = null;
  try {
    parsed = parse(document);
    valid = validate(schema, parsed, [...rules.values()]).length === 0;
  } catch {
    valid = false;
  }
  if (valid) {
    const definition = parsed.definitions.find((one) => one.kind === 'OperationDefinition');
    const result = getVariableValues(schema, definition.variableDefinitions ?? [], JSON.parse(variables));
    if (!result.errors) coerced = result.coerced;
  }
  console.log(JSON.stringify({ document, variables, valid, coerced }));
}
