import { join } from 'node:path';
import { type Cookie, expect } from '@playwright/test';
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
  // The page shows a search as soon as the user starts one, before the session's cookie arrives.
  await expect.poll(() => cookieOf(person)).toBeDefined();
  const cookie = await cookieOf(person);
  const main = join(ROOT, 'apps/server/test/support/measure-main.ts');
  const program = startProgram(process.execPath, [main, node.dataDir, cookie?.value ?? '', by]);
  await program.printed(/^measured: /m);
}

async function cookieOf(person: Person): Promise<Cookie | undefined> {
  const [cookie] = await person.context.cookies();
  return cookie;
}
