import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Loaded with `node --import`, this file makes a node behave like another build.
 * `CHAOS_MIGRATIONS` is the number of migrations that it adds; each adds a column that no version
 * uses. `CHAOS_CLUSTER_VERSION` is the version of its messages to other nodes.
 */
const { CHAOS_MIGRATIONS: migrations, CHAOS_CLUSTER_VERSION: version } = process.env;

interface Change {
  readonly file: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

const changes: Change[] = [];
if (migrations !== undefined) {
  const file = '/packages/storage/src/migrations/migrations.ts';
  const replacement = `\n${furtherMigrations(Number(migrations))}};\n`;
  changes.push({ file, pattern: /\n\};\s*$/, replacement });
}
if (version !== undefined) {
  const file = '/packages/cluster/src/limits.ts';
  const replacement = `CLUSTER_VERSION = '${version}'`;
  changes.push({ file, pattern: /CLUSTER_VERSION = '1'/, replacement });
}

registerHooks({
  load: (url, context, nextLoad) => {
    const change = changes.find(({ file }) => url.endsWith(file));
    if (change === undefined) return nextLoad(url, context);
    const { pattern, replacement } = change;
    const source = readFileSync(fileURLToPath(url), 'utf8');
    if (!pattern.test(source)) throw new Error(`nothing in ${url} is like ${pattern}`);
    const changed = source.replace(pattern, replacement);
    return { format: 'module-typescript', source: changed, shortCircuit: true };
  },
});

function furtherMigrations(count: number): string {
  return Array.from({ length: count }, (_, at) => {
    const name = `of_build_${at + 1}`;
    return `  '9${String(at).padStart(3, '0')}-${name}': {
    up: async (db) => db.schema.alterTable('settings').addColumn('${name}', 'text').execute(),
  },\n`;
  }).join('');
}
