// Compiles documents with relay-compiler and imports the result.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const modules = join(dirname(fileURLToPath(import.meta.url)), 'node_modules');

// Returns the compiled operations by name. The documents are those of the module `caunoi`, so the
// names of their operations begin with `caunoi` and end with `Query`.
export const compile = async (schemaFile, documents) => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-'));
  try {
    mkdirSync(join(folder, 'made'));
    symlinkSync(modules, join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    const tags = documents.map((document) => `graphql\`${document}\`;`).join('\n');
    writeFileSync(join(folder, 'caunoi.js'), `import { graphql } from 'relay-runtime';\n${tags}\n`);
    const schema = join(folder, 'schema.graphql');
    writeFileSync(schema, readFileSync(resolve(schemaFile), 'utf8'));
    const settings = { src: '.', schema: 'schema.graphql', language: 'javascript', artifactDirectory: 'made', eagerEsModules: true };
    writeFileSync(join(folder, 'relay.config.json'), JSON.stringify(settings));
    execFileSync(process.execPath, [join(modules, 'relay-compiler', 'cli.js')], { cwd: folder, stdio: 'pipe' });
    const operations = {};
    for (const [, name] of documents.join('\n').matchAll(/query\s+(\w+)/g)) {
      operations[name] = (await import(pathToFileURL(join(folder, 'made', `${name}.graphql.js`)))).default;
    }
    return operations;
  } catch (fault) {
    throw new Error(`relay-compiler: ${fault.message}\n${fault.stdout ?? ''}${fault.stderr ?? ''}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
