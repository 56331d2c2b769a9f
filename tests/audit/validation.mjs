// Prints the result of graphql-js for each document of a corpus, a line of JSON for each: `rule`, the heading above
// the document; `valid`; `broken`, the rules of the specification that it breaks. The first line has all rules.
//
//   node validation.mjs SCHEMA CORPUS

import { readFileSync } from 'node:fs';
import { parse, specifiedRules, validate } from 'graphql';
import { readSchema } from './schema.mjs';

const [schemaFile, corpusFile] = process.argv.slice(2);
const schema = readSchema(schemaFile);
const nameOf = (rule) => rule.name.replace(/Rule$/, '');
// The last ones only limit the depth of introspection; they are no rules of the specification.
const rules = specifiedRules.filter((rule) => !nameOf(rule).startsWith('MaxIntrospection'));
console.log(JSON.stringify(rules.map(nameOf)));

function breaks(document, rule) {
  try {
    return validate(schema, document, [rule]).length > 0;
  } catch {
    return true;
  }
}

let heading = '';
for (const line of readFileSync(corpusFile, 'utf8').split('\n')) {
  if (line.startsWith('# ')) {
    heading = line.slice(2);
  } else if (line !== '') {
    let broken;
    try {
      const document = parse(line);
      broken = rules.filter((rule) => breaks(document, rule)).map(nameOf);
    } catch (error) {
      broken = ['Syntax'];
    }
    console.log(JSON.stringify({ rule: heading, document: line, valid: broken.length === 0, broken }));
  }
}
