import { startFarandole } from './farandole.ts';

/**
 * Runs before all stories. What Node has compiled it keeps only when it ends by itself, and the
 * nodes of stories are killed: without this each of them compiles anew whatever has changed since
 * a server last stopped in peace.
 */
export default async function compileNode(): Promise<void> {
  const node = await startFarandole();
  await node.kill('SIGTERM');
  await node.stop();
}
