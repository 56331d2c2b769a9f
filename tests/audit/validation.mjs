// Prints the result of graphql-js for each document of a corpus, a line of JSON for each: `rule`, the heading above
// the document; `valid`; `broken`, the rules of the specification that it breaks. The first line has all rules.
//
//   node validation.mjs SCHEMA CORPUS

import { readFileSync } from 'node:fs';
import { parse, validate } from 'graphql';
import { readSchema, rules } from './schema.mjs';

const [schemaFile, corpusFile] = process.argv.slice(2);
const schema = readSchema(schemaFile);
console.log(JSON.stringify([...rules.keys()]));

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
      broken = [...rules].filter(([, rule]) => breaks(document, rule)).map(([name]) => name);
    } catch {
      broken = ['Syntax'];
    }
    console.log(JSON.stringify({ rule: heading, document: line, valid: broken.length === 0, broken }));
  }
}
