/** Tests each restriction of .oxlintrc.json on which a guarantee depends. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findTool, root } from '../setup.mjs';
import { ROOMS } from '../tidy/rooms.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NODE = 'apps/server/src/a.ts';
const PAGE = 'apps/web/src/a.tsx';

const PLANTED: readonly (readonly [path: string, text: string, rule: string])[] = [
  ...ROOMS.filter(({ pure }) => pure).flatMap(({ folder }) =>
    [
      ['Date.now()', 'no-restricted-globals'],
      ['globalThis', 'no-restricted-globals'],
      ['Math.random()', 'no-restricted-properties'],
      ['new Intl.DateTimeFormat()', 'no-restricted-properties'],
    ].map(([text = '', rule = '']) => [`${folder}/src/a.ts`, text, rule] as const),
  ),
  [NODE, 'eval(a)', 'no-eval'],
  [NODE, 'new Function(a)', 'no-new-func'],
  [NODE, 'await fetch(a)', 'no-restricted-globals'],
  [NODE, 'new WebSocket(a)', 'no-restricted-globals'],
  [NODE, 'Math.random()', 'no-restricted-properties'],
  [NODE, 'Buffer.allocUnsafe(8)', 'no-restricted-properties'],
  [NODE, `import { spawn } from 'node:child_process'`, 'no-restricted-imports'],
  [NODE, `import vm from 'vm'`, 'no-restricted-imports'],
  [NODE, `import { request } from 'node:https'`, 'no-restricted-imports'],
  [NODE, `import { createServer, get } from 'node:http'`, 'no-restricted-imports'],
  [NODE, `import { connect } from 'node:net'`, 'no-restricted-imports'],
  [NODE, `import { SignJWT } from 'jose'`, 'no-restricted-imports'],
  [NODE, `import { verify } from '@simplewebauthn/server/helpers'`, 'no-restricted-imports'],
  ['packages/storage/src/a.ts', `import pg from 'pg'`, 'no-restricted-imports'],
  ['packages/storage/src/a.ts', `import 'node:sqlite'`, 'no-restricted-imports'],
  [PAGE, 'a.innerHTML = b', 'no-restricted-properties'],
  [PAGE, 'document.write(a)', 'no-restricted-properties'],
  [PAGE, 'document.cookie = a', 'no-document-cookie'],
  [PAGE, 'new DOMParser()', 'no-restricted-globals'],
  [PAGE, 'const b = a as any', 'no-explicit-any'],
  [PAGE, '// @ts-expect-error because', 'ban-ts-comment'],
  [PAGE, '/* oxlint-disable no-console */', 'no-warning-comments'],
  [PAGE, '/** TODO later. */', 'no-warning-comments'],
  [PAGE, 'a;\n'.repeat(401), 'max-lines'],
  ['apps/web/src/CallMachine.ts', 'export const a = 1', 'filename-case'],
];

test('the linter reports each planted fault and accepts clean files', (t) => {
  const folder = temporaryFolder(t);
  const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8');
  writeFileSync(join(folder, '.oxlintrc.json'), config.replace('"typeAware": true,', ''));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write(
    NODE.replace('a.ts', 'clean.ts'),
    `import { createServer } from 'node:http';\ncreateServer(app.fetch);`,
  );
  write(PAGE.replace('a.tsx', 'clean.tsx'), 'await fetch(a); b.textContent = Math.random();');
  const planted = PLANTED.map(([path, text, rule], index) => {
    const place = path.replace(/\/a\.(\w+)$/, `/a-${index}.$1`);
    write(place, text);
    return { place, text, rule };
  });
  const { stdout } = spawnSync(
    process.execPath,
    [findTool('oxlint', 'oxlint'), '--format=unix', '.'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 24 },
  );
  const lines = stdout.split('\n');
  for (const { place, text, rule } of planted) {
    assert.ok(
      lines.some((line) => line.startsWith(`${place}:`) && line.includes(`(${rule})`)),
      `${rule} in ${place}: ${text.trim()}`,
    );
  }
  assert.ok(!stdout.includes('/clean.ts'), stdout);
});
