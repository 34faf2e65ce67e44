import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { Farandole } from './farandole.ts';
import type { Person } from './person.ts';
import { ROOT, startProgram } from './process.ts';

/**
 * Stores reports of several networks from two hours ago, so that software restricts or
 * temporarily suspends a user.
 */
export async function measure(
  node: Farandole,
  person: Person,
  by: 'restriction' | 'hold',
): Promise<void> {
  const [cookie] = await person.context.cookies();
  expect(cookie).toBeDefined();
  const main = join(ROOT, 'apps/server/test/support/measure-main.ts');
  const program = startProgram(process.execPath, [main, node.dataDir, cookie?.value ?? '', by]);
  await program.printed(/^measured: /m);
}
