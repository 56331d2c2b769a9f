// Holds the corpus of merged selections against the rule of graphql-js: a document after a line that
// begins with `#+` merges, one after `#-` does not.

import { readFileSync } from 'node:fs';
import { OverlappingFieldsCanBeMergedRule, buildSchema, parse, validate } from 'graphql';

const [schemaFile, corpusFile] = process.argv.slice(2);
const schema = buildSchema(readFileSync(schemaFile, 'utf8'));
let expected = '';
let documents = 0;
let differences = 0;
for (const line of readFileSync(corpusFile, 'utf8').split('\n')) {
  if (/^#[+-]/.test(line)) {
    expected = line;
  } else if (line !== '' && !line.startsWith('#')) {
    documents += 1;
    const errors = validate(schema, parse(line), [OverlappingFieldsCanBeMergedRule]);
    if ((errors.length === 0) !== expected.startsWith('#+')) {
      differences += 1;
      console.log(`${expected}\n${line}\n${errors.map((error) => error.message).join('\n')}`);
    }
  }
}
console.log(`${documents} documents, ${differences} differences`);
process.exit(documents > 0 && differences === 0 ? 0 : 1);
